// GHASH by vector permutation: what a nibble makes of a byte of the key is looked up in a register. No table is indexed in memory by data.
// SPEC: SP 800-38D, 6.4. The highest bit of byte 0 is x⁰, so a byte further up is x⁸.
import { hashKey, hashTables, hashTablesLength, multiples } from './gcm-layout'

/** Blocks that are multiplied together, each with a power of the key of its own. */
const together: usize = 2
/** Bytes of a key times one byte. */
const productLength: usize = 17

/** Which of the numbers 0 to 15 have bit 0, 1, 2, 3. */
const withBit = memory.data<u64>([
  0xff00ff00ff00ff00, 0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffff0000ffff0000, 0xffffffff00000000,
  0xffffffff00000000, 0x0000000000000000, 0xffffffffffffffff
])

/** What a nibble times x¹²⁸ = 1 + x + x² + x⁷ gives: in its own byte, in the one further up. */
const foldLow = memory.data<u64>([0x0504060702030100, 0x0b0a08090c0d0f0e])
const foldLowNext = memory.data<u64>([0x4e8cca084684c200, 0x5e9cda185694d210])
const foldHigh = memory.data<u64>([0x54486c7024381c00, 0xb5a98d91c5d9fde1])
const foldHighNext = memory.data<u64>([0xe0c0a08060402000, 0xe0c0a08060402000])

function lower(bytes: v128): v128 {
  return v128.and(bytes, i8x16.splat(0x0f))
}

function upper(bytes: v128): v128 {
  return v128.and(i64x2.shr_u(bytes, 4), i8x16.splat(0x0f))
}

/** A byte further up; `from` gives its last byte. */
function further(from: v128, bytes: v128): v128 {
  return i8x16.shuffle(from, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
}

/** `upperHalf` times x¹²⁸, and `lowerHalf`, as one block. */
function fold(lowerHalf: v128, upperHalf: v128): v128 {
  const zero = i8x16.splat(0)
  const low = lower(upperHalf)
  const high = upper(upperHalf)
  const here = v128.xor(i8x16.swizzle(v128.load(foldLow), low), i8x16.swizzle(v128.load(foldHigh), high))
  const next = v128.xor(i8x16.swizzle(v128.load(foldLowNext), low), i8x16.swizzle(v128.load(foldHighNext), high))
  const block = v128.xor(v128.xor(lowerHalf, here), further(zero, next))
  // What went over the end comes back in front: a few bits, no more than two bytes of it.
  const over = i8x16.shuffle(next, zero, 15, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16)
  const overLow = lower(over)
  const overHigh = upper(over)
  const overHere = v128.xor(i8x16.swizzle(v128.load(foldLow), overLow), i8x16.swizzle(v128.load(foldHigh), overHigh))
  const overNext = v128.xor(
    i8x16.swizzle(v128.load(foldLowNext), overLow),
    i8x16.swizzle(v128.load(foldHighNext), overHigh)
  )
  return v128.xor(block, v128.xor(overHere, further(zero, overNext)))
}

/** Makes the tables of `key`: for each byte of a product what the lower nibbles give, and what the upper ones give. */
function tabulate(key: v128, tables: usize): void {
  const words = i8x16.shuffle(key, key, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8)
  const first = i64x2.extract_lane(words, 0) as u64
  const second = i64x2.extract_lane(words, 1) as u64
  // The key times x⁰ to x⁷.
  store<u64>(multiples, i64x2.extract_lane(key, 0))
  store<u64>(multiples, i64x2.extract_lane(key, 1), 8)
  store<u8>(multiples, 0, 16)
  for (let bits: u64 = 1; bits < 8; bits++) {
    const at = multiples + 32 * usize(bits)
    store<u64>(at, bswap<u64>(first >> bits))
    store<u64>(at, bswap<u64>((second >> bits) | (first << (64 - bits))), 8)
    store<u8>(at, u32((second << (8 - bits)) & 0xff), 16)
  }
  for (let byte: usize = 0; byte < productLength; byte++) {
    let low = i8x16.splat(0)
    let high = i8x16.splat(0)
    for (let bit: usize = 0; bit < 4; bit++) {
      const mask = v128.load(withBit + 16 * bit)
      const multiple = multiples + 32 * (3 - bit) + byte
      high = v128.xor(high, v128.and(mask, v128.load8_splat(multiple)))
      low = v128.xor(low, v128.and(mask, v128.load8_splat(multiple + 128)))
    }
    v128.store(tables + 32 * byte, low)
    v128.store(tables + 32 * byte, high, 16)
  }
}

/** What a block adds to one byte of the products of all its bytes. */
function product(tables: usize, low: v128, high: v128): v128 {
  return v128.xor(i8x16.swizzle(v128.load(tables), low), i8x16.swizzle(v128.load(tables, 16), high))
}

/** A block times the key of the tables. */
function multiply(block: v128, tables: usize): v128 {
  const low = lower(block)
  const high = upper(block)
  const zero = i8x16.splat(0)
  let first = zero
  let second = zero
  for (let at = tables + 32 * (productLength - 1); at >= tables; at -= 32) {
    second = further(first, second)
    first = v128.xor(further(zero, first), product(at, low, high))
  }
  return fold(first, second)
}

/** Makes the tables of the first powers of the key. */
export function tabulatePowers(): void {
  let power = v128.load(hashKey)
  tabulate(power, hashTables)
  for (let at = hashTables + hashTablesLength; at < hashTables + together * hashTablesLength; at += hashTablesLength) {
    power = multiply(power, hashTables)
    tabulate(power, at)
  }
}

/** GHASH of whole blocks, with the key of these tables. */
export function hashBlocks(powers: usize, from: usize, to: usize): v128 {
  const zero = i8x16.splat(0)
  let sum = zero
  let at = from
  for (; at + 16 * together <= to; at += 16 * together) {
    const block0 = v128.xor(sum, v128.load(at))
    const block1 = v128.load(at, 16)
    const low0 = lower(block0)
    const low1 = lower(block1)
    const high0 = upper(block0)
    const high1 = upper(block1)
    let first = zero
    let second = zero
    for (let tables = powers + 32 * (productLength - 1); tables >= powers; tables -= 32) {
      second = further(first, second)
      first = v128.xor(further(zero, first), product(tables + hashTablesLength, low0, high0))
      first = v128.xor(first, product(tables, low1, high1))
    }
    sum = fold(first, second)
  }
  for (; at < to; at += 16) sum = multiply(v128.xor(sum, v128.load(at)), powers)
  return sum
}
