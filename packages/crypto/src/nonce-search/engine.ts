/** One block, or the last two, with everything in place but the nonce. */
export interface NonceBlock {
  /** 200 bytes: the sponge state with the constant bytes and the padding XORed in. */
  readonly template: Uint8Array
  /** Byte offset of the 8 nonce bytes; −7 … −1 when the first ones went into the block before. */
  readonly offset: number
  /** The nonce ends its block exactly, so a block of padding alone follows. */
  readonly paddingBlockFollows: boolean
}

/** One way to try nonces. All of them give the same answers. */
export interface NonceEngine {
  readonly variant: NonceVariant
  /** Keccak-f[1600] of 200 bytes, as a fresh array. */
  readonly permute: (state: Uint8Array) => Uint8Array
  /**
   * The smallest `i` below `count` (1 … 2^30) for which the digest of nonce `start + i`, ANDed with `mask` (32 bytes), is zero; −1
   * for none. `start + count` stays within 64 bits and, for a negative offset, within the bytes behind the block edge.
   */
  readonly search: (block: NonceBlock, mask: Uint8Array, start: bigint, count: number) => number
}

/** `simd`: WebAssembly, two nonces at a time; `scalar`: WebAssembly, one; `js`: no WebAssembly. */
export type NonceVariant = 'simd' | 'scalar' | 'js'
