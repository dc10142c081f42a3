import { equalBytes } from '@status-stack/crypto'
import { createRecordReader, createRecordWriter } from './bytes.ts'

export const indexKind = 0x49
const indexVersion = 1

/** One known identity. */
export interface IndexEntry {
  /** 33 bytes. */
  readonly identity: Uint8Array
  /** Something was sealed for it while it was known: it is never forgotten to make room. */
  sealed: boolean
  /** Rendezvous secret to listen with, 32 bytes. */
  secret?: Uint8Array
}

/** Which peer records exist, oldest first: what `standing` lists and what bounds the store. */
export interface PeerIndex {
  entries: IndexEntry[]
}

export function encodeIndex(index: PeerIndex): Uint8Array {
  const writer = createRecordWriter(indexKind, indexVersion)
  writer.u32(index.entries.length)
  for (const entry of index.entries) {
    writer.fixed(entry.identity)
    writer.u8((entry.sealed ? 1 : 0) | (entry.secret === undefined ? 0 : 2))
    if (entry.secret !== undefined) writer.fixed(entry.secret)
  }
  return writer.finish()
}

/** @throws PfsError `record-corrupt`, `record-version` */
export function decodeIndex(bytes: Uint8Array): PeerIndex {
  const reader = createRecordReader(bytes, indexKind, indexVersion)
  const entries = Array.from({ length: reader.u32() }, () => {
    const identity = reader.fixed(33)
    const bits = reader.u8()
    return { identity, sealed: (bits & 1) !== 0, ...((bits & 2) === 0 ? {} : { secret: reader.fixed(32) }) }
  })
  reader.end()
  return { entries }
}

export function findEntry(index: PeerIndex, identity: Uint8Array): IndexEntry | undefined {
  return index.entries.find(entry => equalBytes(entry.identity, identity))
}
