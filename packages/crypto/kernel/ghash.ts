// GHASH by multiplication of integers with holes: of every four bits only one is used, so that no carry reaches the next used one. No
// table is indexed by data. SPEC: SP 800-38D, 6.4; the method is that of Pornin's BearSSL, `ghash_ctmul64`.
import { hashKey, parts, sum } from './gcm-layout'

const everyFourth: u64 = 0x1111111111111111

/** The 64 low bits of the product of `x` and the word whose four parts lie at `word`. */
function multiply(x: u64, word: usize): u64 {
  const x0 = x & everyFourth
  const x1 = x & (everyFourth << 1)
  const x2 = x & (everyFourth << 2)
  const x3 = x & (everyFourth << 3)
  const y0 = load<u64>(word)
  const y1 = load<u64>(word, 8)
  const y2 = load<u64>(word, 16)
  const y3 = load<u64>(word, 24)
  const z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1)
  const z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2)
  const z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3)
  const z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0)
  return (z0 & everyFourth) | (z1 & (everyFourth << 1)) | (z2 & (everyFourth << 2)) | (z3 & (everyFourth << 3))
}

/** The bits of every byte in the other order. */
function turnBits(bytes: v128): v128 {
  const low = v128.and(bytes, i8x16.splat(0x0f))
  const high = v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(0x0f))
  const turned = i8x16(0x0, 0x8, 0x4, 0xc, 0x2, 0xa, 0x6, 0xe, 0x1, 0x9, 0x5, 0xd, 0x3, 0xb, 0x7, 0xf)
  const shifted = i8x16(
    0x00,
    -0x80,
    0x40,
    -0x40,
    0x20,
    -0x60,
    0x60,
    -0x20,
    0x10,
    -0x70,
    0x50,
    -0x30,
    0x30,
    -0x50,
    0x70,
    -0x10
  )
  return v128.or(i8x16.swizzle(shifted, low), i8x16.swizzle(turned, high))
}

function pair(low: u64, high: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(low), 1, high)
}

/** All bytes in the other order: the low word then holds the last eight, big-endian. */
function turnBytes(bytes: v128): v128 {
  return i8x16.shuffle(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
}

/** The bytes of each word in the other order. */
function turnWords(bytes: v128): v128 {
  return i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8)
}

function cut(word: u64, to: usize): void {
  for (let part: usize = 0; part < 4; part++) store<u64>(to + 8 * part, word & (everyFourth << part))
}

/** Starts a sum under the GHASH key. */
export function beginHash(): void {
  const key = v128.load(hashKey)
  const words = turnBytes(key)
  const h0 = i64x2.extract_lane(words, 0)
  const h1 = i64x2.extract_lane(words, 1)
  const turned = turnBits(key)
  const h1r = i64x2.extract_lane(turned, 0)
  const h0r = i64x2.extract_lane(turned, 1)
  cut(h0, parts)
  cut(h1, parts + 32)
  cut(h0 ^ h1, parts + 64)
  cut(h0r, parts + 96)
  cut(h1r, parts + 128)
  cut(h0r ^ h1r, parts + 160)
  v128.store(sum, i8x16.splat(0))
}

/** Adds a block of 16 bytes and multiplies by the key. */
export function addHash(block: v128): void {
  const value = v128.xor(v128.load(sum), block)
  const words = turnBytes(value)
  const turned = turnBits(value)
  const y0 = i64x2.extract_lane(words, 0)
  const y1 = i64x2.extract_lane(words, 1)
  const y1r = i64x2.extract_lane(turned, 0)
  const y0r = i64x2.extract_lane(turned, 1)
  const low = multiply(y0, parts)
  const high = multiply(y1, parts + 32)
  const middle = multiply(y0 ^ y1, parts + 64) ^ low ^ high
  // What overflows a word is the product of the words with their bits in the other order.
  const over = turnWords(turnBits(pair(multiply(y0r, parts + 96), multiply(y1r, parts + 128))))
  const lowOver = i64x2.extract_lane(over, 0) as u64
  const highOver = i64x2.extract_lane(over, 1) as u64
  const both = turnWords(turnBits(i64x2.splat(multiply(y0r ^ y1r, parts + 160))))
  const middleOver = ((i64x2.extract_lane(both, 0) as u64) ^ lowOver ^ highOver) >> 1
  // 256 bits from the highest down: v3, v2, v1, v0; one place further up, because the bits of GCM stand in the other order.
  let v0 = low
  let v1 = (lowOver >> 1) ^ middle
  let v2 = high ^ middleOver
  let v3 = highOver >> 1
  v3 = (v3 << 1) | (v2 >> 63)
  v2 = (v2 << 1) | (v1 >> 63)
  v1 = (v1 << 1) | (v0 >> 63)
  v0 = v0 << 1
  // Modulo x^128 + x^7 + x^2 + x + 1.
  v2 ^= v0 ^ (v0 >> 1) ^ (v0 >> 2) ^ (v0 >> 7)
  v1 ^= (v0 << 63) ^ (v0 << 62) ^ (v0 << 57)
  v3 ^= v1 ^ (v1 >> 1) ^ (v1 >> 2) ^ (v1 >> 7)
  v2 ^= (v1 << 63) ^ (v1 << 62) ^ (v1 << 57)
  v128.store(sum, turnBytes(pair(v2, v3)))
}
