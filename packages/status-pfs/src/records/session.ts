import { concatBytes } from '@status-stack/crypto'
import type { MessageKey } from '../ratchet/message-keys.ts'
import type { RatchetState } from '../ratchet/ratchet.ts'
import type { RecordReader, RecordWriter } from './bytes.ts'

/** Bytes of a payload, its last ones, that are remembered once it was opened. */
export const seenLength = 4
/** The same in records of version 1. */
const seenLengthV1 = 8

/** A ratchet with one device. Belongs to the transaction that loaded it. */
export interface Session {
  /** Prekey of the side that did not start it, 33 bytes. */
  readonly bundleId: Uint8Array
  readonly role: 'initiator' | 'responder'
  /** X3DH key of the side that started it, 33 bytes. */
  readonly ephemeral: Uint8Array
  /** We started it and have not heard back: the X3DH header is repeated. */
  headerPending: boolean
  /** Prekey version of the device when the session began. */
  readonly remoteVersion: number
  readonly createdMs: number
  usedMs: number
  ratchet: RatchetState
  /** Ends of the payloads that were opened, 4 bytes each, oldest first. */
  seen: Uint8Array
}

const initiatorBit = 1
const pendingBit = 2
const remoteBit = 4

function writeRatchet(writer: RecordWriter, ratchet: RatchetState): void {
  for (const key of [ratchet.rootKey, ratchet.sendChainKey, ratchet.recvChainKey]) writer.fixed(key)
  for (const count of [ratchet.sendN, ratchet.recvN, ratchet.pn, ratchet.keysCount]) writer.u32(count)
  writer.fixed(ratchet.self.privateKey)
  writer.fixed(ratchet.self.publicKey)
  if (ratchet.remote !== undefined) writer.fixed(ratchet.remote)
  writer.u16(ratchet.messageKeys.length)
  for (const key of ratchet.messageKeys) {
    writer.u8(key.opened ? 1 : 0)
    writer.fixed(key.ratchetKey)
    writer.u32(key.n)
    writer.u32(key.seq)
    writer.ms(key.atMs)
    writer.fixed(key.key)
  }
}

function readMessageKey(reader: RecordReader): MessageKey {
  const opened = reader.u8() === 1
  return {
    opened,
    ratchetKey: reader.fixed(33),
    n: reader.u32(),
    seq: reader.u32(),
    atMs: reader.ms(),
    key: reader.fixed(32)
  }
}

function readRatchet(reader: RecordReader, hasRemote: boolean): RatchetState {
  const keys = { rootKey: reader.fixed(32), sendChainKey: reader.fixed(32), recvChainKey: reader.fixed(32) }
  const counts = { sendN: reader.u32(), recvN: reader.u32(), pn: reader.u32(), keysCount: reader.u32() }
  const self = { privateKey: reader.fixed(32), publicKey: reader.fixed(33) }
  const remote = hasRemote ? { remote: reader.fixed(33) } : {}
  const messageKeys = Array.from({ length: reader.u16() }, () => readMessageKey(reader))
  return { ...keys, ...counts, self, ...remote, messageKeys }
}

export function writeSession(writer: RecordWriter, session: Session): void {
  const bits = session.role === 'initiator' ? initiatorBit : 0
  const remote = session.ratchet.remote === undefined ? 0 : remoteBit
  writer.u8(bits | remote | (session.headerPending ? pendingBit : 0))
  writer.fixed(session.bundleId)
  writer.fixed(session.ephemeral)
  writer.u32(session.remoteVersion)
  writer.ms(session.createdMs)
  writer.ms(session.usedMs)
  writeRatchet(writer, session.ratchet)
  writer.u16(session.seen.length / seenLength)
  writer.fixed(session.seen)
}

function readSeenV1(reader: RecordReader): Uint8Array {
  const ends = Array.from({ length: reader.u16() }, () => reader.fixed(seenLengthV1).subarray(-seenLength))
  return concatBytes(...ends)
}

export function readSession(reader: RecordReader): Session {
  const bits = reader.u8()
  return {
    role: (bits & initiatorBit) === 0 ? 'responder' : 'initiator',
    headerPending: (bits & pendingBit) !== 0,
    bundleId: reader.fixed(33),
    ephemeral: reader.fixed(33),
    remoteVersion: reader.u32(),
    createdMs: reader.ms(),
    usedMs: reader.ms(),
    ratchet: readRatchet(reader, (bits & remoteBit) !== 0),
    seen: reader.version === 1 ? readSeenV1(reader) : reader.fixed(seenLength * reader.u16())
  }
}
