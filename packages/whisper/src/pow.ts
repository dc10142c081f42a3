import { concatBytes, keccak256 } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { check, maxUint32 } from './checks.ts'
import { checkEnvelope, checkNonce, type Envelope, envelopeHeaderLength } from './envelope.ts'
import { createEnvelopeSpan, type EnvelopeSpan, readEnvelope } from './packets/envelope-reader.ts'

const nonceBytesLength = 8

/**
 * RLP([expiry, ttl, topic, data]): what the nonce is worked on, and the size PoW divides by.
 *
 * @example
 * ```ts
 * const nonce = await searcher.search(powPrefix(envelope), 16, { timeMs: 5000 })
 * ```
 */
export function powPrefix(envelope: Omit<Envelope, 'nonce'>): Uint8Array {
  checkEnvelope(envelope)
  return encodeRlp([envelope.expiry, envelope.ttl, envelope.topic, envelope.data])
}

/**
 * 8 bytes, big-endian.
 *
 * @example
 * ```ts
 * const digest = keccak256(concatBytes(keccak256(powPrefix(envelope)), nonceBytes(nonce)))
 * ```
 */
export function nonceBytes(nonce: bigint): Uint8Array {
  checkNonce(nonce)
  const bytes = new Uint8Array(nonceBytesLength)
  new DataView(bytes.buffer).setBigUint64(0, nonce)
  return bytes
}

/**
 * Leading zero bits of a 32-byte digest, 0 … 256.
 *
 * @example
 * ```ts
 * leadingZeroBits(new Uint8Array(32)) // 256
 * ```
 */
export function leadingZeroBits(digest: Uint8Array): number {
  check.bytes('digest', digest)
  let at = 0
  while (at < digest.length && digest[at] === 0) at += 1
  return at === digest.length ? at * 8 : at * 8 + Math.clz32(digest[at] ?? 0) - 24
}

/**
 * Leading zero bits that this envelope's nonce reaches.
 *
 * @example
 * ```ts
 * envelopePowBits(decodeEnvelope(bytes))
 * ```
 */
export function envelopePowBits(envelope: Envelope): number {
  return leadingZeroBits(keccak256(concatBytes(powPrefix(envelope), nonceBytes(envelope.nonce))))
}

/**
 * 2^bits / size / ttl, two divisions in this order: one division by the product differs in the last bit.
 * DEVIATION: `size` is the length of the RLP without the nonce; EIP-627 says the full envelope.
 *
 * @example
 * ```ts
 * powOf(20, 500, 50) // 41.94304
 * ```
 */
export function powOf(bits: number, size: number, ttlSeconds: number): number {
  return 2 ** bits / size / ttlSeconds
}

/**
 * The envelope's PoW, EIP-627 units; +Infinity for ttl 0. `futureSeconds` is what a receiver adds to the ttl of an
 * envelope that was sent later than now: sent − now + 1. The sum is taken modulo 2^32, as in the reference implementations.
 *
 * @example
 * ```ts
 * if (envelopePow(envelope) < minPow) refuse()
 * ```
 */
export function envelopePow(envelope: Envelope, futureSeconds = 0): number {
  const prefix = powPrefix(envelope)
  const bits = leadingZeroBits(keccak256(concatBytes(prefix, nonceBytes(envelope.nonce))))
  return powOf(bits, prefix.length, (envelope.ttl + futureSeconds) >>> 0)
}

/** Where the bytes that the PoW of a short envelope is made of are put together: for one call and never across calls. */
const scratch = new Uint8Array(4096)

/** Writes a list header; answers where it ends. */
function writeListHeader(out: Uint8Array, length: number): number {
  if (length <= 55) {
    out[0] = 0xc0 + length
    return 1
  }
  const size = length < 0x100 ? 1 : length < 0x1_0000 ? 2 : length < 0x100_0000 ? 3 : 4
  out[0] = 0xf7 + size
  for (let i = 0; i < size; i++) out[1 + i] = (length >>> (8 * (size - 1 - i))) & 0xff
  return 1 + size
}

/** Bytes of the longest list header that an envelope can have. */
const longestHeader = 5

/**
 * {@link envelopePow} of an envelope whose RLP lies in `packet` at `span`: what is hashed is cut out of it instead of encoded again.
 */
export function envelopePowOfSpan(packet: Uint8Array, span: EnvelopeSpan, futureSeconds = 0): number {
  const fields = span.nonceStart - span.contentStart
  const most = longestHeader + fields + nonceBytesLength
  const out = most <= scratch.length ? scratch : new Uint8Array(most)
  const header = writeListHeader(out, fields)
  out.set(packet.subarray(span.contentStart, span.nonceStart), header)
  // The nonce is hashed as 8 bytes, its item may have a header and leaves leading zeros out.
  const size = header + fields
  const nonce = span.nonceStart + ((packet[span.nonceStart] ?? 0) < 0x80 ? 0 : 1)
  const zeros = nonceBytesLength - (span.end - nonce)
  for (let i = 0; i < nonceBytesLength; i++) out[size + i] = i < zeros ? 0 : (packet[nonce + i - zeros] ?? 0)
  const digest = keccak256(out.subarray(0, size + nonceBytesLength))
  return powOf(leadingZeroBits(digest), size, (span.ttl + futureSeconds) >>> 0)
}

/**
 * {@link envelopePow} of an envelope whose RLP is at hand. @throws WhisperError `invalid-envelope`
 *
 * @example
 * ```ts
 * const pow = envelopePowOfBytes(bytes, decodeEnvelope(bytes))
 * ```
 */
export function envelopePowOfBytes(bytes: Uint8Array, { ttl }: Pick<Envelope, 'ttl'>, futureSeconds = 0): number {
  check.bytes('envelope', bytes)
  const span = createEnvelopeSpan()
  readEnvelope(bytes, 0, bytes.length, span)
  return envelopePowOfSpan(bytes, { ...span, ttl }, futureSeconds)
}

/**
 * Leading zero bits to search for. SPEC: ceil(log2(target · size · ttl)), at least 1, with size = 20 + data.
 * PoW itself divides by the RLP length, which is larger for data of 64 KiB and more or a huge ttl: the larger counts,
 * so that what we seal always reaches the target.
 *
 * @example
 * ```ts
 * powTargetBits(0.002, 480, 50) // 6
 * ```
 */
export function powTargetBits(target: number, dataLength: number, ttl: number, prefixLength = 0): number {
  check.number('target', target, 0, Number.MAX_VALUE)
  check.integer('dataLength', dataLength, -envelopeHeaderLength, Number.MAX_SAFE_INTEGER)
  check.integer('ttl', ttl, 0, maxUint32)
  const size = Math.max(envelopeHeaderLength + dataLength, prefixLength)
  return Math.max(1, Math.ceil(Math.log2(target * size * ttl)))
}

const bits64 = new DataView(new ArrayBuffer(8))

/**
 * The IEEE-754 bits of a PoW as an unsigned integer: how packets 0 and 2 carry it.
 *
 * @example
 * ```ts
 * powFromBits(powToBits(0.002)) // 0.002
 * ```
 */
export function powToBits(pow: number): bigint {
  check.number('PoW', pow, 0, Number.POSITIVE_INFINITY)
  bits64.setFloat64(0, pow)
  return bits64.getBigUint64(0)
}

/**
 * The PoW of its IEEE-754 bits; `undefined` for NaN, infinite and negative ones, which no peer may ask for.
 *
 * @example
 * ```ts
 * const minPow = powFromBits(bits) ?? 0
 * ```
 */
export function powFromBits(bits: bigint): number | undefined {
  bits64.setBigUint64(0, bits)
  const pow = bits64.getFloat64(0)
  // −0 is not negative here, as in go-ethereum.
  return Number.isFinite(pow) && pow >= 0 ? pow : undefined
}
