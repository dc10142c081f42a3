// AES-CTR and AES-GCM without associated data, nonces of 12 bytes. SPEC: SP 800-38A, 6.5; SP 800-38D, 7.
import { encryptBlocks, encryptFour, expandKey } from './aes'
import {
  counter,
  hashKey,
  hashTables,
  hashTablesLength,
  input,
  list,
  rawKey,
  schedule,
  secretsEnd,
  stream
} from './gcm-layout'
import { hashBlocks, tabulatePowers } from './ghash'

/** Expands the key, 16 or 32 bytes, and wipes it; answers the number of rounds. The GHASH key is made too. */
export function expand(length: i32): i32 {
  const rounds = expandKey(rawKey, length, schedule)
  v128.store(hashKey, i8x16.splat(0))
  encryptBlocks(schedule, rounds, hashKey, hashKey + 16)
  return rounds
}

/** Makes what GCM needs beside the round keys. */
export function prepare(): void {
  tabulatePowers()
}

/** Adds the key stream that begins with counter `number` to the input from `at` on, `length` bytes in all. */
function crypt(rounds: i32, block: v128, number: u32, from: usize, length: usize): void {
  const end = input + length
  for (let at = from; at < end; at += 64) {
    for (let i: usize = 0; i < 64; i += 16) {
      v128.store(stream + i, i32x4.replace_lane(block, 3, bswap<u32>(number) as i32))
      number++
    }
    encryptBlocks(schedule, rounds, stream, stream + 64)
    for (let i: usize = 0; i < 64; i += 16) {
      v128.store(at + i, v128.xor(v128.load(at + i), v128.load(stream + i)))
    }
  }
  // Behind the end zeros became key stream.
  memory.fill(end, 0, 64)
}

/** Makes the block of key stream that masks the tag, and with it the four that follow: alone it takes as long as four. */
function startStream(rounds: i32): void {
  const block = v128.load(counter)
  for (let i = 0; i < 5; i++) {
    v128.store(stream + 16 * usize(i), i32x4.replace_lane(block, 3, bswap<u32>(i + 1) as i32))
  }
  encryptBlocks(schedule, rounds, stream, stream + 80)
}

/** Adds the key stream that was started to `length` bytes of input. */
function cryptStarted(rounds: i32, length: usize): void {
  for (let i: usize = 0; i < 64; i += 16) {
    v128.store(input + i, v128.xor(v128.load(input + i), v128.load(stream + 16 + i)))
  }
  crypt(rounds, v128.load(counter), 6, input + 64, length)
}

/** What becomes the tag of `length` bytes of ciphertext with the mask; what follows them is zero. */
function sumOf(length: usize): v128 {
  const end = input + ((length + 15) & ~15)
  v128.store(end, i64x2.replace_lane(i64x2.splat(0), 1, bswap<u64>(u64(length) << 3)))
  const sum = hashBlocks(hashTables, input, end + 16)
  v128.store(end, i8x16.splat(0))
  return sum
}

/** Encrypts the `length` bytes of input in place; their tag lies behind them. */
export function seal(rounds: i32, length: usize): void {
  startStream(rounds)
  const mask = v128.load(stream)
  cryptStarted(rounds, length)
  v128.store(input + length, v128.xor(sumOf(length), mask))
}

/** Decrypts the `length` bytes of input in place if the 16 bytes behind them are their tag; whether they are. */
export function open(rounds: i32, length: usize): bool {
  const given = v128.load(input + length)
  v128.store(input + length, i8x16.splat(0))
  startStream(rounds)
  const fits = !v128.any_true(v128.xor(v128.xor(given, v128.load(stream)), sumOf(length)))
  if (fits) cryptStarted(rounds, length)
  return fits
}

/**
 * Tries `count` keys of AES-256, prepared for GCM at the addresses of the list, on the `length` bytes of input and the tag behind them. The
 * place in the list of the first that fits, or −1. What follows the list up to a multiple of four is address 0. The input is left as it was.
 */
export function firstFitting(count: i32, length: usize): i32 {
  const tag = input + length
  const end = input + ((length + 15) & ~15)
  const given = v128.load(tag)
  v128.store(tag, i8x16.splat(0))
  v128.store(end, i64x2.replace_lane(i64x2.splat(0), 1, bswap<u64>(u64(length) << 3)))
  const block = i32x4.replace_lane(v128.load(counter), 3, bswap<u32>(1) as i32)
  let found = -1
  for (let i = 0; i < count && found < 0; i++) {
    const at = list + 4 * usize(i)
    if ((i & 3) === 0) {
      for (let mask = stream; mask < stream + 64; mask += 16) v128.store(mask, block)
      encryptFour(at, stream)
    }
    const sum = hashBlocks(usize(load<u32>(at)) + hashTables, input, end + 16)
    const mask = v128.load(stream + 16 * usize(i & 3))
    if (!v128.any_true(v128.xor(v128.xor(sum, mask), given))) found = i
  }
  v128.store(end, i8x16.splat(0))
  v128.store(tag, given)
  return found
}

/** Puts a key where the other functions look for it, from another address. */
export function take(key: usize): void {
  memory.copy(schedule, key, hashTables + 2 * hashTablesLength)
}

/** Keeps the key that was prepared at another address. */
export function keep(key: usize): void {
  memory.copy(key, schedule, hashTables + 2 * hashTablesLength)
}

/** Overwrites a key that was kept. */
export function drop(key: usize): void {
  memory.fill(key, 0, hashTables + 2 * hashTablesLength)
}

/** One block of input, encrypted in place. */
export function encrypt(rounds: i32): void {
  encryptBlocks(schedule, rounds, input, input + 16)
}

/** CTR: the whole counter block as the host put it there, its last 32 bits counted up without a carry. */
export function ctr(rounds: i32, length: usize): void {
  crypt(rounds, v128.load(counter), bswap<u32>(load<u32>(counter + 12)), input, length)
}

/** Forgets the key, what was derived from it, and `length` bytes of input. */
export function forget(length: usize): void {
  memory.fill(0, 0, secretsEnd)
  memory.fill(input, 0, length)
}
