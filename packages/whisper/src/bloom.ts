import { check, checkTopic } from './checks.ts'

/** Bytes of a bloom filter: 512 bits; bit n is byte n / 8, bit n mod 8, counted from the least significant. */
export const bloomLength = 64

/**
 * The three bit numbers of a topic: its byte i, plus 256 when bit i of its last byte is set. SPEC: EIP-627, "Bloom filter".
 *
 * @example
 * ```ts
 * bloomBits(topicOfName('status')) // three numbers, 0 to 511
 * ```
 */
export function bloomBits(topic: Uint8Array): readonly [number, number, number] {
  checkTopic('topic', topic)
  const flags = topic[3] ?? 0
  const bit = (i: number): number => (topic[i] ?? 0) + ((flags >> i) & 1) * 256
  return [bit(0), bit(1), bit(2)]
}

/**
 * The bits that an envelope of this topic shows when it is matched.
 * DEVIATION: go-ethereum, status-go and the mailservers assign each byte instead of OR-ing into it, so of two bits in one
 * byte only the last survives (about 4 % of topics). With the fewest bits we match the filters of both families.
 *
 * @example
 * ```ts
 * bloomAdmits(filter, envelopeBloom(topic))
 * ```
 */
export function envelopeBloom(topic: Uint8Array): Uint8Array {
  const bloom = new Uint8Array(bloomLength)
  for (const bit of bloomBits(topic)) bloom[bit >> 3] = 1 << (bit & 7)
  return bloom
}

/**
 * The filter that admits all these topics, whichever variant the matching side uses: the OR of every bit.
 *
 * @example
 * ```ts
 * await whisper.setBloomFilter(filterBloom([topicOfName('status')]))
 * ```
 */
export function filterBloom(topics: Iterable<Uint8Array>): Uint8Array {
  const bloom = new Uint8Array(bloomLength)
  for (const topic of topics) {
    for (const bit of bloomBits(topic)) bloom[bit >> 3] = (bloom[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  return bloom
}

/**
 * OR of the envelope blooms of the topics: what go-ethereum and status-go advertise.
 *
 * @example
 * ```ts
 * const advertised = aggregateEnvelopeBlooms(topics)
 * ```
 */
export function aggregateEnvelopeBlooms(topics: Iterable<Uint8Array>): Uint8Array {
  let bloom: Uint8Array = new Uint8Array(bloomLength)
  for (const topic of topics) bloom = bloomUnion(bloom, envelopeBloom(topic))
  return bloom
}

/**
 * Every bit of either, as a fresh array.
 *
 * @example
 * ```ts
 * const wider = bloomUnion(bloom, filterBloom([topic]))
 * ```
 */
export function bloomUnion(a: Uint8Array, b: Uint8Array): Uint8Array {
  check.bytes('bloom', a, bloomLength)
  check.bytes('bloom', b, bloomLength)
  return a.map((byte, i) => byte | (b[i] ?? 0))
}

/**
 * Whether every bit of `sample` is set in `filter`; no filter admits everything.
 *
 * @example
 * ```ts
 * bloomAdmits(undefined, envelopeBloom(topic)) // true: no filter admits everything
 * ```
 */
export function bloomAdmits(filter: Uint8Array | undefined, sample: Uint8Array): boolean {
  check.bytes('sample', sample, bloomLength)
  if (filter === undefined) return true
  check.bytes('filter', filter, bloomLength)
  for (let i = 0; i < bloomLength; i++) {
    const bits = sample[i] ?? 0
    if (((filter[i] ?? 0) & bits) !== bits) return false
  }
  return true
}

/**
 * Whether a filter admits an envelope of this topic: {@link bloomAdmits} of {@link envelopeBloom}, without building the bloom.
 *
 * @param topic a number of `topicNumber`
 */
export function bloomAdmitsTopic(filter: Uint8Array | undefined, topic: number): boolean {
  if (filter === undefined) return true
  const flags = topic & 0xff
  const first = (topic >>> 24) + (flags & 1) * 256
  const second = ((topic >>> 16) & 0xff) + ((flags >> 1) & 1) * 256
  const third = ((topic >>> 8) & 0xff) + ((flags >> 2) & 1) * 256
  const has = (bit: number): boolean => ((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
  // Of two bits in one byte the later one overwrites the earlier.
  return (
    has(third) &&
    (second >> 3 === third >> 3 || has(second)) &&
    (first >> 3 === second >> 3 || first >> 3 === third >> 3 || has(first))
  )
}

/** Whether `next` admits something that `before` does not; no filter admits everything. */
export function bloomWidens(before: Uint8Array | undefined, next: Uint8Array | undefined): boolean {
  return before !== undefined && (next === undefined || !bloomAdmits(before, next))
}

/**
 * Whether a received filter means "everything": absent, empty or all ones. 64 zero bytes mean "nothing".
 *
 * @example
 * ```ts
 * isFullNodeBloom(new Uint8Array(64).fill(0xff)) // true
 * ```
 */
export function isFullNodeBloom(bloom: Uint8Array | undefined): boolean {
  if (bloom !== undefined) check.bytes('bloom', bloom)
  return bloom === undefined || bloom.length === 0 || bloom.every(byte => byte === 0xff)
}
