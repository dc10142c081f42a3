import { keccak256, utf8Bytes } from '@status-stack/crypto'

/** Bytes of a topic. */
export const topicLength = 4

/** First 4 bytes; shorter input is padded with zeros on the right. */
export function topicFromBytes(bytes: Uint8Array): Uint8Array {
  const topic = new Uint8Array(topicLength)
  topic.set(bytes.subarray(0, topicLength))
  return topic
}

/** First 4 bytes of Keccak-256 of the UTF-8 name. SPEC: 3/WHISPER-USAGE, "Topic". */
export function topicOfName(name: string): Uint8Array {
  return keccak256(utf8Bytes(name)).slice(0, topicLength)
}

/** The topic as an unsigned number: a cheap map key. */
export function topicNumber(topic: Uint8Array): number {
  return (((topic[0] ?? 0) << 24) | ((topic[1] ?? 0) << 16) | ((topic[2] ?? 0) << 8) | (topic[3] ?? 0)) >>> 0
}
