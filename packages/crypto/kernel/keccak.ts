import { input, rate, state } from './layout'
import { permute } from './permutation'

export { permute } from './permutation'
export { search } from './search'

/** Absorbs the `length` bytes of input, a multiple of the rate, and wipes them. */
export function absorb(length: usize): void {
  for (let block = input; block < input + length; block += rate) {
    for (let at: usize = 0; at < rate; at += 8) {
      store<u64>(state + at, load<u64>(state + at) ^ load<u64>(block + at))
    }
    permute(state, state)
  }
  memory.fill(input, 0, length)
}

/** Absorbs the last `length` bytes of input with their padding; the digest is then the first 32 bytes of the state. */
export function finish(length: usize): void {
  // Between calls all of the input area is zero, so what follows the message needs no clearing.
  const end = input + length
  const last = input + length - (length % rate) + rate - 1
  store<u8>(end, 0x01)
  store<u8>(last, load<u8>(last) ^ 0x80)
  absorb(last + 1 - input)
}

/** {@link finish} from an empty state: a whole message at once. */
export function hash(length: usize): void {
  memory.fill(state, 0, 200)
  finish(length)
}
