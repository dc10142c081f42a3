// Declared by hand and named here, so that packages that compile these sources see it too.
/// <reference path="../snappyjs.d.ts" />
import { compress, uncompress } from 'snappyjs'
import { callerError, peerError } from '../errors.ts'
import { limits } from '../limits.ts'

function corrupt(): Error {
  return peerError('bad-compression', 'snappy: corrupt input')
}

/** Length that a Snappy block announces, and where its elements begin. Varint of at most 32 bits. */
function announced(bytes: Uint8Array): { readonly length: number; readonly at: number } {
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

/**
 * Walks every element with plain arithmetic and answers the length of the output, before anything is allocated. The
 * decoder behind it then meets only lengths that fit: it hangs on some others.
 */
function assertElements(bytes: Uint8Array, start: number, length: number): void {
  let at = start
  let out = 0
  while (at < bytes.length) {
    const tag = bytes[at++] ?? 0
    const kind = tag & 3
    let size = (tag >>> 2) + 1
    if (kind === 0) {
      if (size > 60) {
        const extra = size - 60
        if (at + extra > bytes.length) throw corrupt()
        size = 1
        for (let i = 0; i < extra; i++) size += (bytes[at + i] ?? 0) * 2 ** (8 * i)
        at += extra
      }
      at += size
    } else {
      let offset: number
      if (kind === 1) {
        size = ((tag >>> 2) & 7) + 4
        offset = (tag >>> 5) * 256 + (bytes[at] ?? 0)
        at += 1
      } else {
        offset = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256
        if (kind === 3) offset += (bytes[at + 2] ?? 0) * 0x1_0000 + (bytes[at + 3] ?? 0) * 0x100_0000
        at += kind === 2 ? 2 : 4
      }
      if (offset === 0 || offset > out) throw corrupt()
    }
    out += size
    if (at > bytes.length || out > length) throw corrupt()
  }
  if (out !== length) throw corrupt()
}

/**
 * Opens a Snappy block (no stream framing). The announced length is checked first, then every element.
 * @throws TransportError `too-large` over `maxBytes`, `bad-compression` for anything corrupt, an empty input too
 */
export function decompress(bytes: Uint8Array, maxBytes: number = limits.protocolMessageBytes): Uint8Array {
  const { length, at } = announced(bytes)
  if (length > maxBytes) {
    throw peerError('too-large', `snappy: at most ${maxBytes} bytes expected, ${length} announced`, {
      length,
      maxBytes
    })
  }
  assertElements(bytes, at, length)
  // A plain view: the decoder makes its output of the same kind as its input.
  return uncompress(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), maxBytes)
}

/** Snappy block of `bytes`. @throws TransportError `too-large` over 0xffffff bytes */
export function compressed(bytes: Uint8Array): Uint8Array {
  if (bytes.length > limits.protocolMessageBytes) {
    throw callerError('too-large', `message: at most ${limits.protocolMessageBytes} bytes, got ${bytes.length}`)
  }
  return compress(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length))
}

/** Most bytes a block of `length` bytes takes when compressed; a longer frame is padding or worse. */
export function largestCompressed(length: number): number {
  return 32 + length + Math.ceil(length / 6)
}
