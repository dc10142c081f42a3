import type { NonceBlock, NonceEngine } from './engine.ts'

const rate = 136
const stateLength = 200
const nonceLength = 8

/** A message that ends in a nonce, absorbed as far as it does not depend on the nonce. */
export interface AbsorbedPrefix {
  /** State with the prefix's rest XORed in, before padding. */
  readonly state: Uint8Array
  /** Bytes of the prefix in the open block, 0 … 135. */
  readonly rest: number
}

/** A run of nonces that share one block. */
export interface NonceRun {
  readonly block: NonceBlock
  /** Nonces from the start that the block is right for. */
  readonly length: bigint
}

function xorInto(state: Uint8Array, at: number, byte: number): void {
  state[at] = (state[at] ?? 0) ^ byte
}

/** Absorbs `prefix` once; each try then costs one permutation whatever its length. */
export function absorbPrefix(prefix: Uint8Array, permute: NonceEngine['permute']): AbsorbedPrefix {
  let state = new Uint8Array(stateLength)
  let at = 0
  for (const byte of prefix) {
    xorInto(state, at++, byte)
    if (at === rate) {
      state = new Uint8Array(permute(state))
      at = 0
    }
  }
  return { state, rest: at }
}

/** The block that `start` falls into. A nonce across a block edge (rest 129 … 135) is constant in its high bytes for a while. */
export function nonceRun({ state, rest }: AbsorbedPrefix, start: bigint, permute: NonceEngine['permute']): NonceRun {
  let template = state.slice()
  let offset = rest
  let length = 1n << 64n
  if (rest + nonceLength > rate) {
    offset = rest - rate
    const lowBytes = nonceLength + offset
    for (let i = 0; i < -offset; i++) {
      xorInto(template, rest + i, Number((start >> BigInt(8 * (nonceLength - 1 - i))) & 0xffn))
    }
    template = new Uint8Array(permute(template))
    const run = 1n << BigInt(8 * lowBytes)
    length = run - (start & (run - 1n))
  }
  const end = offset + nonceLength
  if (end < rate) {
    xorInto(template, end, 0x01)
    xorInto(template, rate - 1, 0x80)
  }
  return { block: { template, offset, paddingBlockFollows: end === rate }, length }
}
