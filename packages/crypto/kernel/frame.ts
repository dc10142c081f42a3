// The frames of RLPx: AES-256-CTR, whose key stream the host brings, and the MAC of Keccak and AES-256. SPEC: devp2p RLPx, "MAC".
import { encryptBlocks, expandKey } from './aes'
import { block, input, latest, pad, rate, rawKey, schedule, scratch, secretsEnd, state } from './frame-layout'
import { permute } from './permutation'

const rounds: i32 = 14

/** Bytes of the block that is open. */
let open: usize = 0

/** Expands the MAC's key, 32 bytes. */
export function expand(): void {
  expandKey(rawKey, 32, schedule)
}

/** Absorbs the bytes from `at` to `end`. */
function absorb(at: usize, end: usize): void {
  while (at < end) {
    const until = min(end, at + rate - open)
    for (; at + 8 <= until; at += 8) {
      store<u64>(state + open, load<u64>(state + open) ^ load<u64>(at))
      open += 8
    }
    for (; at < until; at++) {
      store<u8>(state + open, load<u8>(state + open) ^ load<u8>(at))
      open++
    }
    if (open === rate) {
      permute(state, state)
      open = 0
    }
  }
}

/** Flips the bits that end a message in the open block. */
function pads(): void {
  store<u8>(state + open, load<u8>(state + open) ^ 0x01)
  store<u8>(state + rate - 1, load<u8>(state + rate - 1) ^ 0x80)
}

/** Makes the latest digest that of what was absorbed so far. */
function digest(): void {
  pads()
  permute(state, scratch)
  pads()
  memory.copy(latest, scratch, 32)
}

/** Mixes the latest digest and `seed` into the state: the MAC, which is the latest digest then. */
function mix(seed: v128): v128 {
  v128.store(block, v128.load(latest))
  encryptBlocks(schedule, rounds, block, block + 16)
  v128.store(block, v128.xor(v128.load(block), seed))
  absorb(block, block + 16)
  digest()
  return v128.load(latest)
}

/** The MAC of the body that was absorbed. */
function bodyMac(): v128 {
  digest()
  return mix(v128.load(latest))
}

/** Adds the key stream to the bytes from `at` to `end`, whole blocks, and wipes it; answers where the rest of it lies. */
function addStream(at: usize, end: usize, stream: usize): usize {
  for (; at < end; at += 16) {
    v128.store(at, v128.xor(v128.load(at), v128.load(stream)))
    v128.store(stream, i8x16.splat(0))
    stream += 16
  }
  return stream
}

/** Sets how many bytes of the block in the state are there. */
export function begin(openBytes: usize): void {
  open = openBytes
}

/** A whole frame with a body of `length` bytes: encrypted, and both MACs put into their places. */
export function seal(length: usize): void {
  const body = input + 32
  const end = body + length
  const stream = addStream(input, input + 16, pad)
  v128.store(input, mix(v128.load(input)), 16)
  addStream(body, end, stream)
  absorb(body, end)
  v128.store(end, bodyMac())
}

/** Whether the MAC behind the header is its own; then the header is decrypted. */
export function openHeader(): bool {
  const header = v128.load(input)
  if (v128.any_true(v128.xor(mix(header), v128.load(input, 16)))) return false
  addStream(input, input + 16, pad)
  return true
}

/** The last `length` bytes of a body, absorbed and decrypted; whether the MAC behind them is that of the body. */
export function finish(length: usize): bool {
  const end = input + length
  absorb(input, end)
  addStream(input, end, pad)
  return !v128.any_true(v128.xor(bodyMac(), v128.load(end)))
}

/** Forgets keys and states. */
export function forget(): void {
  memory.fill(0, 0, secretsEnd)
}
