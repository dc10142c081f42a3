import { concatBytes } from '@status-stack/crypto'
import { check, maxUint32 } from '../checks.ts'

/** Bytes of an archive key: sent(4) ‖ hash(32) ‖ topic(4). Keys of before May 2019 end behind the hash. */
export const archiveKeyLength = 40

/** Bytes of a cursor: an archive key without its topic. */
export const cursorLength = 36

/**
 * Key of an archived envelope: orders by the second it was sent, unique by its hash. SPEC: status-go, mailserver.
 *
 * @example
 * ```ts
 * await database.put(archiveKey({ sentSeconds: 1_600_000_000, hash, topic }), bytes)
 * ```
 */
export function archiveKey(envelope: {
  /** Unix seconds, uint32. */
  readonly sentSeconds: number
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** 4 bytes. */
  readonly topic: Uint8Array
}): Uint8Array {
  check.object('envelope', envelope)
  check.integer('sentSeconds', envelope.sentSeconds, 0, maxUint32)
  check.bytes('hash', envelope.hash, 32)
  check.bytes('topic', envelope.topic, 4)
  const sent = new Uint8Array(4)
  new DataView(sent.buffer).setUint32(0, envelope.sentSeconds)
  return concatBytes(sent, envelope.hash, envelope.topic)
}

/**
 * The cursor that continues behind an archive key: its first 36 bytes.
 *
 * @example
 * ```ts
 * const cursor = cursorOfArchiveKey(lastKey) // 36 bytes
 * ```
 */
export function cursorOfArchiveKey(key: Uint8Array): Uint8Array {
  check.bytes('key', key, { min: cursorLength })
  return key.slice(0, cursorLength)
}
