// AES-CTR and AES-GCM without associated data, nonces of 12 bytes. SPEC: SP 800-38D, 7.
import { addStream, encryptPlanes, makeStream } from './aes'
import { spreadKeys } from './aes-planes'
import { counter, input, keyPlanes, planes, stream, sum, tag } from './gcm-layout'
import { addHash, beginHash } from './ghash'

export { expand } from './aes'

/** GHASH of the ciphertext and its length, with the first block of key stream: the tag. What follows the input up to a block is zero. */
function authenticate(length: usize): void {
  beginHash()
  for (let at = input; at < input + length; at += 16) addHash(v128.load(at))
  addHash(i64x2.replace_lane(i64x2.splat(0), 1, bswap<u64>(u64(length) << 3)))
  v128.store(tag, v128.xor(v128.load(sum), v128.load(stream)))
}

/** Key stream from counter 2 on; its first part is there already, behind the block for the tag. */
function crypt(rounds: i32, length: usize): void {
  const end = input + length
  let at = addStream(16, input, end)
  for (let number: u32 = 9; at < end; number += 8) {
    makeStream(rounds, v128.load(counter), number)
    at = addStream(0, at, end)
  }
  // Up to the end of the last block zeros became key stream.
  memory.fill(end, 0, 16)
}

/** Encrypts the `length` bytes of input in place; their tag lies behind them. */
export function seal(rounds: i32, length: usize): void {
  spreadKeys(rounds)
  makeStream(rounds, v128.load(counter), 1)
  const first = v128.load(stream)
  crypt(rounds, length)
  v128.store(stream, first)
  authenticate(length)
  v128.store(input + length, v128.load(tag))
}

/** Decrypts the `length` bytes of input in place if the 16 bytes behind them are their tag; whether they are. */
export function open(rounds: i32, length: usize): bool {
  const given = v128.load(input + length)
  v128.store(input + length, i8x16.splat(0))
  spreadKeys(rounds)
  makeStream(rounds, v128.load(counter), 1)
  authenticate(length)
  const fits = !v128.any_true(v128.xor(given, v128.load(tag)))
  if (fits) crypt(rounds, length)
  return fits
}

/** One block of input, encrypted in place. */
export function encrypt(rounds: i32): void {
  spreadKeys(rounds)
  memory.fill(planes, 0, 128)
  v128.store(planes, v128.load(input))
  encryptPlanes(rounds)
  v128.store(input, v128.load(planes))
}

/** CTR: the whole counter block as the host put it there, its last 32 bits counted up without a carry. */
export function ctr(rounds: i32, length: usize): void {
  spreadKeys(rounds)
  const block = v128.load(counter)
  const first = bswap<u32>(load<u32>(counter + 12))
  const end = input + length
  let at = input
  for (let number = first; at < end; number += 8) {
    makeStream(rounds, block, number)
    at = addStream(0, at, end)
  }
}

/** Forgets the key, what was derived from it, and `length` bytes of input. */
export function forget(length: usize): void {
  memory.fill(0, 0, keyPlanes + 15 * 128)
  memory.fill(input, 0, length + 32)
}
