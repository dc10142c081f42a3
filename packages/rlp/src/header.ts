import { RlpError } from './errors.ts'

/** Where an item's payload lies. A single byte below 0x80 is its own payload. */
export interface RlpHeader {
  readonly list: boolean
  readonly start: number
  readonly end: number
}

function notCanonical(at: number): RlpError {
  return new RlpError('not-canonical', `RLP: not the shortest form at byte ${at}`, 'peer', { at })
}

function truncated(at: number, what: string): RlpError {
  return new RlpError('truncated', `RLP: ${what} at byte ${at}`, 'peer', { at })
}

/**
 * Reads the header of the item at `at`, which has to end by `limit`; looks at no more than nine bytes and the first of
 * the payload. SPEC: Ethereum RLP; go-ethereum's rules for the shortest form.
 */
export function readHeader(bytes: Uint8Array, at: number, limit: number): RlpHeader {
  const first = bytes[at]
  if (first === undefined) throw truncated(at, 'nothing to read')
  if (first < 0x80) return { list: false, start: at, end: at + 1 }
  const list = first >= 0xc0
  let length = first - (list ? 0xc0 : 0x80)
  let start = at + 1
  if (length > 55) {
    const lengthBytes = length - 55
    if (start + lengthBytes > limit) throw truncated(at, 'length cut off')
    length = 0
    // Beyond 2^53 this is inexact, and far beyond any limit.
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[start + i] ?? 0)
    if (bytes[start] === 0 || length <= 55) throw notCanonical(at)
    start += lengthBytes
  }
  const end = start + length
  if (end > limit) throw truncated(at, 'an item that ends after its container')
  if (!list && length === 1 && (bytes[start] ?? 0) < 0x80) throw notCanonical(at)
  return { list, start, end }
}
