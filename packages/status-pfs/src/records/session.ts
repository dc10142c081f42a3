import { concatBytes } from '@status-stack/crypto'
import type { RatchetState } from '../ratchet/ratchet.ts'
import type { RecordReader, RecordWriter } from './bytes.ts'
import { readRatchet, writeRatchet } from './ratchet.ts'

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
  /** Prekey version of the device when the session began; 0 while none was known. */
  readonly remoteVersion: number
  /** Prekey of the device when the session began, 33 bytes; absent while none was known. */
  readonly remotePrekey?: Uint8Array
  readonly createdMs: number
  usedMs: number
  ratchet: RatchetState
  /** Ends of the payloads that were opened, 4 bytes each, oldest first. */
  seen: Uint8Array
}

const initiatorBit = 1
const pendingBit = 2
const remoteBit = 4
const remotePrekeyBit = 8

export function writeSession(writer: RecordWriter, session: Session): void {
  const bits = session.role === 'initiator' ? initiatorBit : 0
  const remote = session.ratchet.remote === undefined ? 0 : remoteBit
  const remotePrekey = session.remotePrekey === undefined ? 0 : remotePrekeyBit
  writer.u8(bits | remote | remotePrekey | (session.headerPending ? pendingBit : 0))
  writer.fixed(session.bundleId)
  writer.fixed(session.ephemeral)
  writer.u32(session.remoteVersion)
  if (session.remotePrekey !== undefined) writer.fixed(session.remotePrekey)
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

/** `device` is what the record says of the device: older sessions remember the version of its prekey only. */
export function readSession(
  reader: RecordReader,
  device: { readonly prekey?: Uint8Array; readonly version: number }
): Session {
  const bits = reader.u8()
  const start = {
    role: (bits & initiatorBit) === 0 ? ('responder' as const) : ('initiator' as const),
    headerPending: (bits & pendingBit) !== 0,
    bundleId: reader.fixed(33),
    ephemeral: reader.fixed(33),
    remoteVersion: reader.u32()
  }
  return {
    ...start,
    ...remotePrekeyOf(reader, bits, start.remoteVersion, device),
    createdMs: reader.ms(),
    usedMs: reader.ms(),
    ratchet: readRatchet(reader, (bits & remoteBit) !== 0),
    seen: reader.version === 1 ? readSeenV1(reader) : reader.fixed(seenLength * reader.u16())
  }
}

function remotePrekeyOf(
  reader: RecordReader,
  bits: number,
  remoteVersion: number,
  device: { readonly prekey?: Uint8Array; readonly version: number }
): { readonly remotePrekey?: Uint8Array } {
  if ((bits & remotePrekeyBit) !== 0) return { remotePrekey: reader.fixed(33) }
  const isCurrent = reader.version < 3 && device.prekey !== undefined && device.version === remoteVersion
  return isCurrent && device.prekey !== undefined ? { remotePrekey: device.prekey.slice() } : {}
}
