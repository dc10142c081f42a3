import { mask, rate, state, template } from './layout'
import { permute } from './permutation'

/**
 * The smallest `i` below `count` for which the digest with nonce `start + i` has no bit of the mask, or −1.
 * The nonce begins `shift` bits into lane `lane`, big-endian. Lane −1, the scratch slot before the template, takes the
 * nonce bytes that went into the block before. With `twoBlocks` a block of padding alone follows.
 */
export function search(lane: i32, shift: u64, twoBlocks: bool, start: u64, count: i32): i32 {
  const at = template + 8 * lane
  const first = load<u64>(at)
  const second = load<u64>(at, 8)
  let found = -1
  for (let i = 0; i < count; i++) {
    const nonce = bswap<u64>(start + u64(i))
    store<u64>(at, first ^ (nonce << shift))
    // In two steps: a shift by 64 would be one by 0.
    store<u64>(at, second ^ ((nonce >> 1) >> (63 - shift)), 8)
    permute(template, state)
    if (twoBlocks) {
      store<u64>(state, load<u64>(state) ^ 0x01)
      store<u64>(state + rate - 8, load<u64>(state + rate - 8) ^ 0x8000000000000000)
      permute(state, state)
    }
    const left =
      (load<u64>(state) & load<u64>(mask)) |
      (load<u64>(state, 8) & load<u64>(mask, 8)) |
      (load<u64>(state, 16) & load<u64>(mask, 16)) |
      (load<u64>(state, 24) & load<u64>(mask, 24))
    if (left === 0) {
      found = i
      break
    }
  }
  return found
}
