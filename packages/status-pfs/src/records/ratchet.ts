import { check } from '../checks.ts'
import type { MessageKey } from '../ratchet/message-keys.ts'
import type { RatchetState } from '../ratchet/ratchet.ts'
import { createRecordReader, createRecordWriter, type RecordReader, type RecordWriter } from './bytes.ts'

const ratchetKind = 0x52
const ratchetVersion = 1

/** All but whether there is a remote key: the record around it says so. */
export function writeRatchet(writer: RecordWriter, ratchet: RatchetState): void {
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

export function readRatchet(reader: RecordReader, hasRemote: boolean): RatchetState {
  const keys = { rootKey: reader.fixed(32), sendChainKey: reader.fixed(32), recvChainKey: reader.fixed(32) }
  const counts = { sendN: reader.u32(), recvN: reader.u32(), pn: reader.u32(), keysCount: reader.u32() }
  const self = { privateKey: reader.fixed(32), publicKey: reader.fixed(33) }
  const remote = hasRemote ? { remote: reader.fixed(33) } : {}
  const messageKeys = Array.from({ length: reader.u16() }, () => readMessageKey(reader))
  return { ...keys, ...counts, self, ...remote, messageKeys }
}

/**
 * One side of a Double Ratchet as bytes of its own, for those who keep sessions themselves. It holds secrets.
 *
 * @example
 * ```ts
 * await writeFile('session', encodeRatchet(state)) // encrypted by whoever stores it
 * ```
 */
export function encodeRatchet(state: RatchetState): Uint8Array {
  const writer = createRecordWriter(ratchetKind, ratchetVersion)
  writer.u8(state.remote === undefined ? 0 : 1)
  writeRatchet(writer, state)
  return writer.finish()
}

/**
 * Reads the stored form of a ratchet state. @throws PfsError `invalid-argument`, `record-corrupt`, `record-version`
 *
 * @example
 * ```ts
 * const state = decodeRatchet(await readFile('session'))
 * ```
 */
export function decodeRatchet(bytes: Uint8Array): RatchetState {
  check.bytes('bytes', bytes)
  const reader = createRecordReader(bytes, ratchetKind, ratchetVersion)
  const state = readRatchet(reader, reader.u8() === 1)
  reader.end()
  return state
}
