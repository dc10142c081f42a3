import { concatBytes } from '@status-stack/crypto'
import type { ClassicLevel } from 'classic-level'
import { cursorLength, fullKeyLength, type KeyRange, topicOfStored } from '../keys.ts'

export type Database = ClassicLevel<Uint8Array, Uint8Array>

/** Envelopes lie before this key, by time as in status-go's archives; what is ours behind it. */
export const envelopesEnd = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0)
/** Under this key lies the name of the manifest under which the index was whole. */
export const indexStateKey = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 1)

const indexPrefix = new Uint8Array(8).fill(0xff)
const topicAt = indexPrefix.length
const cursorAt = topicAt + 4
/** Bytes of an index key: prefix(8) ‖ topic(4) ‖ sent(4) ‖ hash(32). Its value is empty. */
const indexKeyLength = cursorAt + cursorLength

/** Where an envelope stands in the index. */
export function indexKey(topic: Uint8Array, key: Uint8Array): Uint8Array {
  const entry = new Uint8Array(indexKeyLength)
  // By hand: once for every envelope that is archived.
  for (let i = 0; i < topicAt; i++) entry[i] = 0xff
  for (let i = 0; i < 4; i++) entry[topicAt + i] = topic[i] ?? 0
  for (let i = 0; i < cursorLength; i++) entry[cursorAt + i] = key[i] ?? 0
  return entry
}

/** The index key of a stored envelope; `undefined` when its topic cannot be read. */
export function indexKeyOf(key: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  const topic = topicOfStored(key, bytes)
  return topic === undefined ? undefined : indexKey(topic, key)
}

/** The archive key of an entry of the index. */
export function archiveKeyOf(entry: Uint8Array): Uint8Array {
  return concatBytes(entry.subarray(cursorAt, indexKeyLength), entry.subarray(topicAt, cursorAt))
}

/** The topic of an entry of the index, as a number. */
export function topicOfEntry(entry: Uint8Array): number {
  let topic = 0
  for (let i = topicAt; i < cursorAt; i++) topic = topic * 256 + (entry[i] ?? 0)
  return topic
}

/** 4 bytes. */
export function topicBytes(topic: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, topic)
  return bytes
}

/** Where the entries of topics begin that are greater than this one; from the first one without it. */
export function entriesBehind(topic?: number): KeyRange {
  return topic === undefined
    ? { gte: indexPrefix }
    : { gt: concatBytes(indexPrefix, topicBytes(topic), new Uint8Array(cursorLength).fill(0xff)) }
}

/** The entries of one topic in a range of archive keys. */
export function entriesOf(topic: number, { gt, gte, lt }: KeyRange): KeyRange {
  const at = concatBytes(indexPrefix, topicBytes(topic))
  const end = lt === undefined || lt === envelopesEnd ? new Uint8Array(cursorLength + 1).fill(0xff) : lt
  const start = gt === undefined ? { gte: concatBytes(at, gte ?? new Uint8Array(0)) } : { gt: concatBytes(at, gt) }
  return { ...start, lt: concatBytes(at, end) }
}

/** Whether a key is that of an envelope, of today or of before May 2019. */
export function isEnvelopeKey(key: Uint8Array): boolean {
  return key.length === fullKeyLength || key.length === cursorLength
}

/** LevelDB's own arrays are Node Buffers, which slice and print in ways of their own. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
