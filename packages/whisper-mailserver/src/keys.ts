import { concatBytes, equalBytes } from '@status-stack/crypto'
import { bloomBits, decodeEnvelope } from '@status-stack/whisper/wire'
import type { StoreQuery } from './ports.ts'

/** Bytes of a cursor: sent(4) ‖ hash(32), what every archive key begins with. */
export const cursorLength = 36
/** Bytes of an archive key with its topic; those of before May 2019 have none. */
export const fullKeyLength = 40

const topicOfNone = Uint8Array.of(0xff, 0xff, 0xff, 0xff)

/** The 32-byte envelope hash of an archive key, a view. */
export function hashOfKey(key: Uint8Array): Uint8Array {
  return key.subarray(4, cursorLength)
}

/** 4 bytes, big-endian: the smallest key of that second. */
export function keyOfSecond(seconds: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, seconds)
  return bytes
}

/** Where an oldest-first walk begins and ends; `gt` and `gte` exclude each other, no `lt` means to the end. */
export interface KeyRange {
  readonly gt?: Uint8Array
  readonly gte?: Uint8Array
  readonly lt?: Uint8Array
}

/** Behind every key that begins with this cursor, before every other later one. */
export function behindCursor(cursor: Uint8Array): Uint8Array {
  return concatBytes(cursor, topicOfNone)
}

/** The first key after that second; none after the last one. status-go's upper + 1 wraps to an empty range there. */
export function endOfSecond(seconds: number): Uint8Array | undefined {
  return seconds >= 0xffff_ffff ? undefined : keyOfSecond(seconds + 1)
}

/** The cursor of a query, unless its length is not a cursor's: ignored, as status-go's LevelDB does. */
export function usableCursor(cursor: Uint8Array | undefined): Uint8Array | undefined {
  return cursor !== undefined && cursor.length === cursorLength ? cursor : undefined
}

export function isSameEnvelope(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && equalBytes(a.subarray(0, cursorLength), b.subarray(0, cursorLength))
}

/** The topic of a stored envelope, 4 bytes: from its key, else from its RLP. `undefined` when neither can be read. */
export function topicOfStored(key: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  if (key.length === fullKeyLength) return key.subarray(cursorLength)
  try {
    return decodeEnvelope(bytes).topic
  } catch {
    return undefined
  }
}

/**
 * Whether the bloom of an envelope with this topic is contained in the query's: of two bits in one byte only the last
 * counts, as in every mailserver. The same as `bloomAdmits(bloom, envelopeBloom(topic))` without building 64 bytes a time.
 */
export function isTopicAdmitted(bloom: StoreQuery['bloom'], topic: Uint8Array): boolean {
  const [a, b, c] = bloomBits(topic)
  const has = (bit: number): boolean => ((bloom[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
  if (!has(c)) return false
  if (b >> 3 !== c >> 3 && !has(b)) return false
  return a >> 3 === b >> 3 || a >> 3 === c >> 3 || has(a)
}
