import { blockKey, input, state } from './layout'

const blockLength: usize = 64
const digestLength: usize = 32

/** SPEC: FIPS 180-4, 4.2.2. */
const constants = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
])

/** SPEC: FIPS 180-4, 5.3.3. */
const initial = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
])

// Working memory behind the state: message schedule, HMAC's states after the inner and after the outer key block.
const schedule: usize = state + 64
const inner: usize = state + 512
const outer: usize = state + 576
/** What PBKDF2 adds up. */
const sum: usize = state + 640

/** Bytes absorbed so far. */
let absorbed: u64 = 0

/** What a round adds from e, f, g, its constant and its word of the schedule. */
function lower(e: u32, f: u32, g: u32, at: usize): u32 {
  const sum = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)
  return sum + (g ^ (e & (f ^ g))) + load<u32>(constants + at) + load<u32>(schedule + at)
}

/** What a round adds from a, b, c. */
function upper(a: u32, b: u32, c: u32): u32 {
  return (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + ((a & b) | (c & (a | b)))
}

/** One block at `block` into the eight words of the state. SPEC: FIPS 180-4, 6.2.2. */
function compress(block: usize): void {
  for (let at: usize = 0; at < 64; at += 4) store<u32>(schedule + at, bswap<u32>(load<u32>(block + at)))
  for (let at: usize = schedule + 64; at < schedule + 256; at += 4) {
    const w15 = load<u32>(at - 60)
    const w2 = load<u32>(at - 8)
    const sigma0 = rotr<u32>(w15, 7) ^ rotr<u32>(w15, 18) ^ (w15 >> 3)
    const sigma1 = rotr<u32>(w2, 17) ^ rotr<u32>(w2, 19) ^ (w2 >> 10)
    store<u32>(at, load<u32>(at - 64) + sigma0 + load<u32>(at - 28) + sigma1)
  }
  let a = load<u32>(state)
  let b = load<u32>(state, 4)
  let c = load<u32>(state, 8)
  let d = load<u32>(state, 12)
  let e = load<u32>(state, 16)
  let f = load<u32>(state, 20)
  let g = load<u32>(state, 24)
  let h = load<u32>(state, 28)
  for (let at: usize = 0; at < 256; at += 4) {
    const t1 = h + lower(e, f, g, at)
    const t2 = upper(a, b, c)
    h = g
    g = f
    f = e
    e = d + t1
    d = c
    c = b
    b = a
    a = t1 + t2
  }
  store<u32>(state, load<u32>(state) + a)
  store<u32>(state, load<u32>(state, 4) + b, 4)
  store<u32>(state, load<u32>(state, 8) + c, 8)
  store<u32>(state, load<u32>(state, 12) + d, 12)
  store<u32>(state, load<u32>(state, 16) + e, 16)
  store<u32>(state, load<u32>(state, 20) + f, 20)
  store<u32>(state, load<u32>(state, 24) + g, 24)
  store<u32>(state, load<u32>(state, 28) + h, 28)
}

/** Starts a hash. */
export function begin(): void {
  memory.copy(state, initial, digestLength)
  absorbed = 0
}

/** Absorbs the `length` bytes of input, whole blocks; wipes them and the schedule. */
export function absorb(length: usize): void {
  for (let block = input; block < input + length; block += blockLength) compress(block)
  memory.fill(input, 0, length)
  memory.fill(schedule, 0, 256)
  absorbed += length
}

/** Absorbs the last `length` bytes of input with their padding; the state then holds the digest, big-endian. */
export function finish(length: usize): void {
  // Between calls all of the input area is zero, so what follows the message needs no clearing.
  const bits = (absorbed + length) << 3
  const padded = (length + 9 + blockLength - 1) & ~(blockLength - 1)
  store<u8>(input + length, 0x80)
  store<u64>(input + padded - 8, bswap<u64>(bits))
  absorb(padded)
  for (let at: usize = state; at < state + digestLength; at += 4) store<u32>(at, bswap<u32>(load<u32>(at)))
}

/** A whole message at once. */
export function hash(length: usize): void {
  begin()
  finish(length)
}

function absorbKey(pad: u64, to: usize): void {
  for (let at: usize = blockKey; at < blockKey + blockLength; at += 8) store<u64>(at, load<u64>(at) ^ pad)
  memory.copy(state, initial, digestLength)
  compress(blockKey)
  memory.copy(to, state, digestLength)
  memory.fill(schedule, 0, 256)
}

/** Takes the HMAC key, 64 bytes filled up with zeros, and wipes it. SPEC: RFC 2104. */
export function setKey(): void {
  absorbKey(0x3636363636363636, inner)
  absorbKey(0x3636363636363636 ^ 0x5c5c5c5c5c5c5c5c, outer)
  memory.fill(blockKey, 0, blockLength)
}

/** HMAC of the `length` bytes of input under the key set last: 32 bytes in the state. */
export function mac(length: usize): void {
  memory.copy(state, inner, digestLength)
  absorbed = blockLength
  finish(length)
  memory.copy(input, state, digestLength)
  memory.copy(state, outer, digestLength)
  absorbed = blockLength
  finish(digestLength)
}

/** The loop of PBKDF2: `rounds` times the state becomes its own MAC and is added to the sum. SPEC: RFC 8018, 5.2. */
export function iterate(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    memory.copy(input, state, digestLength)
    mac(digestLength)
    for (let at: usize = 0; at < digestLength; at += 8) {
      store<u64>(sum + at, load<u64>(sum + at) ^ load<u64>(state + at))
    }
  }
}

/** Forgets the key and what was derived from it. */
export function forget(): void {
  memory.fill(state, 0, sum + digestLength - state)
}
