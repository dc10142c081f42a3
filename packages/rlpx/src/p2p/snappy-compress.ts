// Declared by hand and named here, so that packages that compile these sources see it too.
/// <reference path="../snappyjs.d.ts" />
import { compress } from 'snappyjs'
import { callerError, check } from '../errors.ts'
import { limits } from '../limits.ts'

/** Sampled at three places; encrypted bytes, which most traffic is, do not shrink anywhere. */
const sampleBytes = 2048
/** What a sample has to shrink to: envelopes of one topic have equal headers, some two percent, which are not worth the search for them. */
const worthwhile = 0.9 * sampleBytes
const sampledFrom = 16 * sampleBytes
const literalBytes = 0x1_0000
/** Shorter messages are hashes and numbers: a search costs many times what it could save. */
const searchedFrom = 96

function shrinks(bytes: Uint8Array): boolean {
  const last = bytes.length - sampleBytes
  return [0, last >>> 1, last].some(at => compress(bytes.slice(at, at + sampleBytes)).length < worthwhile)
}

const lookedAtBytes = 256
/** Of 256 random bytes, some 162 differ, and fewer than 128 practically never do; of text, numbers and most other messages, fewer do. */
const randomFrom = 128
// Used within one call and never across calls: which call has seen a byte last.
const seenBy = new Uint8Array(256)
let look = 0

/** Whether the middle of a message looks encrypted, as envelopes are: a look at it costs a tenth of a search that finds nothing. */
function looksRandom(bytes: Uint8Array): boolean {
  if (look === 255) {
    seenBy.fill(0)
    look = 0
  }
  look += 1
  const start = (bytes.length - lookedAtBytes) >>> 1
  let different = 0
  for (let at = start; at < start + lookedAtBytes; at++) {
    const byte = bytes[at] ?? 0
    if (seenBy[byte] === look) continue
    seenBy[byte] = look
    different += 1
  }
  return different >= randomFrom
}

/** Whether a search is worth its time. A search that finds nothing costs more than everything else about a message. */
function isWorthSearching(bytes: Uint8Array): boolean {
  if (bytes.length >= sampledFrom) return shrinks(bytes)
  return bytes.length < lookedAtBytes || !looksRandom(bytes)
}

/** {@link stored} of fewer than {@link searchedFrom} bytes: most messages of a busy relay are confirmations. */
function storedShort(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  const at = length === 0 ? 1 : length > 60 ? 3 : 2
  const out = new Uint8Array(at + length)
  out[0] = length
  if (at === 2) out[1] = (length - 1) << 2
  else if (at === 3) out.set([60 << 2, length - 1], 1)
  out.set(bytes, at)
  return out
}

/** The block that stores `bytes` as they are, in literals of 64 KiB. */
function stored(bytes: Uint8Array): Uint8Array {
  const literals = Math.ceil(bytes.length / literalBytes)
  const out = new Uint8Array(5 + 3 * literals + bytes.length)
  let to = 0
  for (let rest = bytes.length; ; rest >>>= 7) {
    out[to++] = rest < 0x80 ? rest : (rest & 0x7f) | 0x80
    if (rest < 0x80) break
  }
  for (let at = 0; at < bytes.length; at += literalBytes) {
    const part = bytes.subarray(at, at + literalBytes)
    const size = part.length - 1
    if (size < 60) out[to++] = size << 2
    else {
      out[to++] = 61 << 2
      out[to++] = size & 0xff
      out[to++] = size >>> 8
    }
    out.set(part, to)
    to += part.length
  }
  return out.subarray(0, to)
}

/**
 * Snappy block of `bytes`. @throws TransportError `too-large` over 0xffffff bytes
 *
 * @example
 * ```ts
 * const payload = compressSnappy(packet)
 * ```
 */
export function compressed(bytes: Uint8Array): Uint8Array {
  check.bytes('bytes', bytes)
  if (bytes.length > limits.protocolMessageBytes) {
    throw callerError('too-large', `message: at most ${limits.protocolMessageBytes} bytes, got ${bytes.length}`)
  }
  if (bytes.length < searchedFrom) return storedShort(bytes)
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  return isWorthSearching(plain) ? compress(plain) : stored(plain)
}

/** Most bytes a block of `length` bytes takes when compressed; a longer frame is padding or worse. */
export function largestCompressed(length: number): number {
  return 32 + length + Math.ceil(length / 6)
}
