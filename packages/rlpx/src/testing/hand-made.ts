import { concatBytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { compressed } from '../p2p/snappy-compress.ts'

/** An empty payload. */
export const noBytes: Uint8Array = new Uint8Array(0)

/**
 * Empty list wrapped in list headers until at least `length` bytes long.
 *
 * @example
 * ```ts
 * expect(() => decodeHello(nest(2000))).toThrow()
 * ```
 */
export function nest(length: number): Uint8Array {
  const headers: Uint8Array[] = []
  let size = 0
  while (size < length) {
    const header =
      size <= 55
        ? Uint8Array.of(0xc0 + size)
        : size < 0x100
          ? Uint8Array.of(0xf8, size)
          : size < 0x1_0000
            ? Uint8Array.of(0xf9, size >> 8, size & 255)
            : Uint8Array.of(0xfa, size >> 16, (size >> 8) & 255, size & 255)
    headers.push(header)
    size += header.length
  }
  return concatBytes(...headers.reverse())
}

/**
 * The compressed form of bytes, for packets made by hand.
 *
 * @example
 * ```ts
 * const payload = snappy(noise(1000))
 * ```
 */
export const snappy = (bytes: Uint8Array): Uint8Array => compressed(bytes)
/**
 * RLP of a value, for packets made by hand.
 *
 * @example
 * ```ts
 * stranger.frame(16, rlp([1, 'shh']))
 * ```
 */
export const rlp = encodeRlp

/**
 * Bytes that do not compress.
 *
 * @example
 * ```ts
 * noise(65_536)
 * ```
 */
export function noise(length: number): Uint8Array {
  let state = 1
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 16
  })
}
