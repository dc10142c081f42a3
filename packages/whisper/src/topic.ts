import { keccak256, utf8Bytes } from '@status-stack/crypto'
import { check } from './checks.ts'

/** Bytes of a topic. */
export const topicLength = 4

/**
 * First 4 bytes; shorter input is padded with zeros on the right. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * topicFromBytes(Uint8Array.of(1, 2)) // Uint8Array.of(1, 2, 0, 0)
 * ```
 */
export function topicFromBytes(bytes: Uint8Array): Uint8Array {
  check.bytes('topic', bytes)
  const topic = new Uint8Array(topicLength)
  topic.set(bytes.subarray(0, topicLength))
  return topic
}

/**
 * First 4 bytes of Keccak-256 of the UTF-8 name. SPEC: 3/WHISPER-USAGE, "Topic".
 *
 * @example
 * ```ts
 * topicOfName('status') // 4 bytes
 * ```
 */
export function topicOfName(name: string): Uint8Array {
  check.text('name', name)
  return keccak256(utf8Bytes(name)).slice(0, topicLength)
}

/**
 * The topic as a number of 32 bits: a cheap map key. Signed, because engines keep small integers without a box.
 *
 * @example
 * ```ts
 * const byTopic = new Map([[topicNumber(topicOfName('status')), 'status']])
 * ```
 */
export function topicNumber(topic: Uint8Array): number {
  return topicNumberAt(topic, 0)
}

/** {@link topicNumber} of the four bytes from `at` on. */
export function topicNumberAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}

/** The four bytes of a {@link topicNumber}. */
export function topicBytes(topic: number): Uint8Array {
  return Uint8Array.of(topic >>> 24, (topic >>> 16) & 0xff, (topic >>> 8) & 0xff, topic & 0xff)
}
