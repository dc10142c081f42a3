// SPEC: FIPS 197, 5.2, and SP 800-38A, 6.5.
import { addKey, gather, mixRound, shiftRows, spread, spreadKeys, substitute, transpose } from './aes-planes'
import { hashKey, planes, rawKey, schedule, stream } from './gcm-layout'

/** The S-box on sixteen bytes, constant included. */
function substituteBytes(block: v128): v128 {
  spread(block, planes)
  substitute()
  return v128.xor(gather(), i8x16.splat(0x63))
}

/** Word i becomes the sum of words 0 to i. */
function runningSum(words: v128): v128 {
  const zero = i8x16.splat(0)
  const twice = v128.xor(words, i8x16.shuffle(words, zero, 16, 16, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
  return v128.xor(twice, i8x16.shuffle(twice, zero, 16, 16, 16, 16, 16, 16, 16, 16, 0, 1, 2, 3, 4, 5, 6, 7))
}

/** The next round key from the one a whole key before it and the last word of the one before it. */
function nextKey(before: v128, last: v128, constant: i32): v128 {
  let word = i32x4.extract_lane(substituteBytes(last), 3)
  if (constant !== 0) word = rotr<i32>(word, 8) ^ constant
  return v128.xor(runningSum(before), i32x4.splat(word))
}

/** Expands the key, 16 or 32 bytes, and wipes it; answers the number of rounds. The GHASH key is made too. */
export function expand(length: i32): i32 {
  const rounds = length === 16 ? 10 : 14
  const step: usize = length === 16 ? 1 : 2
  memory.copy(schedule, rawKey, usize(length))
  memory.fill(rawKey, 0, 32)
  let constant = 1
  for (let at = step; at <= usize(rounds); at++) {
    const plain = step === 2 && (at & 1) === 1
    const before = v128.load(schedule + 16 * (at - step))
    const last = v128.load(schedule + 16 * (at - 1))
    v128.store(schedule + 16 * at, nextKey(before, last, plain ? 0 : constant))
    if (!plain) constant = (constant << 1) ^ (constant >> 7 ? 0x11b : 0)
  }
  const affine = i8x16.splat(0x63)
  for (let at: usize = 1; at <= usize(rounds); at++) {
    const place = schedule + 16 * at
    v128.store(place, v128.xor(v128.load(place), affine))
  }
  memory.fill(planes, 0, 128)
  spreadKeys(rounds)
  encryptPlanes(rounds)
  v128.store(hashKey, v128.load(planes))
  return rounds
}

/** The eight blocks at `planes`, encrypted in place with the keys at `keyPlanes`. */
export function encryptPlanes(rounds: i32): void {
  transpose()
  addKey(0)
  for (let round = 1; round < rounds; round++) {
    substitute()
    mixRound(round)
  }
  substitute()
  shiftRows()
  addKey(rounds)
  transpose()
}

/** Eight blocks of key stream: the counter block with the numbers from `number` on in its last word. */
export function makeStream(rounds: i32, block: v128, number: u32): void {
  for (let at: usize = 0; at < 8; at++) {
    v128.store(planes + 16 * at, i32x4.replace_lane(block, 3, bswap<u32>(number + u32(at)) as i32))
  }
  encryptPlanes(rounds)
  memory.copy(stream, planes, 128)
}

/** Adds the key stream from `from` on to the bytes from `at` to `end`; answers where it stopped. */
export function addStream(from: usize, at: usize, end: usize): usize {
  for (; from < 128 && at < end; from += 16) {
    v128.store(at, v128.xor(v128.load(at), v128.load(stream + from)))
    at += 16
  }
  return at
}
