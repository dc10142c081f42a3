import { mask, rate, state, template } from './layout'
import { permutePairs } from './permutation-simd'

function padBlock(): void {
  v128.store(state, v128.xor(v128.load(state), i64x2.splat(0x01)))
  const last = state + 2 * (rate - 8)
  v128.store(last, v128.xor(v128.load(last), i64x2.splat(0x8000000000000000)))
}

/** Per lane of the pair: which bits of the mask are left. */
function remaining(): v128 {
  return v128.or(
    v128.or(
      v128.and(v128.load(state), v128.load64_splat(mask)),
      v128.and(v128.load(state, 16), v128.load64_splat(mask, 8))
    ),
    v128.or(
      v128.and(v128.load(state, 32), v128.load64_splat(mask, 16)),
      v128.and(v128.load(state, 48), v128.load64_splat(mask, 24))
    )
  )
}

/** As in search.ts, two nonces at a time: `template` and `state` hold each lane twice. */
export function search(lane: i32, shift: u64, twoBlocks: bool, start: u64, count: i32): i32 {
  const at = template + 16 * lane
  const first = load<u64>(at)
  const second = load<u64>(at, 16)
  for (let i = 0; i < count; i += 2) {
    const even = bswap<u64>(start + u64(i))
    const odd = bswap<u64>(start + u64(i) + 1)
    store<u64>(at, first ^ (even << shift))
    store<u64>(at, first ^ (odd << shift), 8)
    store<u64>(at, second ^ ((even >> 1) >> (63 - shift)), 16)
    store<u64>(at, second ^ ((odd >> 1) >> (63 - shift)), 24)
    permutePairs(template, state)
    if (twoBlocks) {
      padBlock()
      permutePairs(state, state)
    }
    const left = remaining()
    if (i64x2.extract_lane(left, 0) === 0) return i
    // The last pair may hold one nonce too many; at a block edge that one was hashed wrongly.
    if (i64x2.extract_lane(left, 1) === 0 && i + 1 < count) return i + 1
  }
  return -1
}
