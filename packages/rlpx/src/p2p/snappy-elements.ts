import { peerError } from '../errors.ts'

/** What a peer has broken. */
export function corrupt(): Error {
  return peerError('bad-compression', 'snappy: corrupt input')
}

/** Length that a Snappy block announces, and where its elements begin. Varint of at most 32 bits. */
export function announced(bytes: Uint8Array): { readonly length: number; readonly at: number } {
  let length = 0
  for (let at = 0; at < 5; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw corrupt()
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) {
      if (length > 0xffff_ffff) throw corrupt()
      return { length, at: at + 1 }
    }
  }
  throw corrupt()
}

/** One element of a block: a literal whose bytes stand at `at`, or a copy from `offset` bytes back. */
export interface Element {
  literal: boolean
  size: number
  offset: number
  /** Where the literal's bytes begin, or the next element. */
  at: number
}

/** Reads the element at `at` into `element`, with plain arithmetic: no length can turn negative. */
export function readElement(bytes: Uint8Array, at: number, element: Element): void {
  const tag = bytes[at++] ?? 0
  const kind = tag & 3
  element.literal = kind === 0
  element.size = (tag >>> 2) + 1
  if (kind === 0) {
    if (element.size > 60) {
      const extra = element.size - 60
      if (at + extra > bytes.length) throw corrupt()
      element.size = 1
      for (let i = 0; i < extra; i++) element.size += (bytes[at + i] ?? 0) * 2 ** (8 * i)
      at += extra
    }
  } else if (kind === 1) {
    element.size = ((tag >>> 2) & 7) + 4
    element.offset = (tag >>> 5) * 256 + (bytes[at] ?? 0)
    at += 1
  } else {
    element.offset = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256
    if (kind === 3) element.offset += (bytes[at + 2] ?? 0) * 0x1_0000 + (bytes[at + 3] ?? 0) * 0x100_0000
    at += kind === 2 ? 2 : 4
  }
  element.at = at
}
