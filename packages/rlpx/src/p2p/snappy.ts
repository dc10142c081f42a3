import { type TimeSlicer, timeSlicer } from '@status-stack/utils'
import { check, peerError } from '../errors.ts'
import { limits } from '../limits.ts'
import { announced, corrupt, type Element, readElement } from './snappy-elements.ts'

/** A block on its way to be opened: first every element is checked, then written out. */
interface Inflation {
  readonly bytes: Uint8Array
  readonly start: number
  readonly length: number
  readonly element: Element
  /** Where the next element begins, and how many bytes those before it stand for. */
  at: number
  done: number
  /** Set once all elements are checked: nothing is allocated before. */
  out: Uint8Array | undefined
}

/** Checks up to `most` elements: lengths, offsets and their sum must fit. Returns whether all are checked. */
function checkElements(work: Inflation, most: number): boolean {
  const { bytes, element, length } = work
  let { at, done } = work
  for (let count = 0; at < bytes.length; count++) {
    if (count === most) {
      work.at = at
      work.done = done
      return false
    }
    readElement(bytes, at, element)
    if (!element.literal && (element.offset === 0 || element.offset > done)) throw corrupt()
    at = element.literal ? element.at + element.size : element.at
    done += element.size
    if (at > bytes.length || done > length) throw corrupt()
  }
  if (done !== length) throw corrupt()
  return true
}

/** Below this, a loop is faster than a call that copies. */
const fewBytes = 24

/** Writes up to `most` elements out. Returns whether all are written. */
function writeElements(work: Inflation, out: Uint8Array, most: number): boolean {
  const { bytes, element } = work
  let { at, done } = work
  for (let count = 0; at < bytes.length; count++) {
    if (count === most) {
      work.at = at
      work.done = done
      return false
    }
    readElement(bytes, at, element)
    const { literal, size, offset } = element
    at = element.at
    const from = done - offset
    if (literal) {
      if (size < fewBytes) for (let i = 0; i < size; i++) out[done + i] = bytes[at + i] ?? 0
      else out.set(bytes.subarray(at, at + size), done)
      at += size
    } else if (size < fewBytes || offset < size) {
      // A copy may read what it has just written: that is how runs are stored.
      for (let i = 0; i < size; i++) out[done + i] = out[from + i] ?? 0
    } else out.copyWithin(done, from, from + size)
    done += size
  }
  return true
}

/** Handles up to `most` elements; returns the bytes once all are written. */
function advance(work: Inflation, most: number): Uint8Array | undefined {
  if (work.out === undefined) {
    if (!checkElements(work, most)) return undefined
    work.out = new Uint8Array(work.length)
    work.at = work.start
    work.done = 0
  }
  return writeElements(work, work.out, most) ? work.out : undefined
}

/** @throws TransportError `too-large`, `bad-compression`: the announced length is checked before anything else */
function begin(bytes: Uint8Array, maxBytes: number): Inflation {
  const { length, at } = announced(bytes)
  if (length > maxBytes) {
    throw peerError('too-large', `snappy: at most ${maxBytes} bytes expected, ${length} announced`, {
      length,
      maxBytes
    })
  }
  const element: Element = { literal: true, size: 0, offset: 0, at }
  return { bytes, start: at, length, element, at, done: 0, out: undefined }
}

/**
 * Opens a Snappy block (no stream framing). The announced length is checked first, then every element.
 * @throws TransportError `too-large` over `maxBytes`, `bad-compression` for anything corrupt, an empty input too
 * @example
 * ```ts
 * decompressSnappy(compressSnappy(payload)) // payload
 * ```
 */
export function decompress(bytes: Uint8Array, maxBytes: number = limits.protocolMessageBytes): Uint8Array {
  check.bytes('bytes', bytes)
  const out = advance(begin(bytes, maxBytes), Number.POSITIVE_INFINITY)
  if (out === undefined) throw corrupt()
  return out
}

/** Elements handled between two looks at the clock: the dearest of them, copies of 64 bytes, take about a tenth of a millisecond. */
const sliceElements = 1024

/** {@link decompress} in slices, for blocks that a peer can make long. The bytes must stay as they are until it is done. */
export async function decompressSliced(
  bytes: Uint8Array,
  maxBytes: number,
  slicer: TimeSlicer = timeSlicer
): Promise<Uint8Array> {
  const work = begin(bytes, maxBytes)
  for (;;) {
    const out = advance(work, sliceElements)
    if (out !== undefined) return out
    const pause = slicer.yielded()
    if (pause !== undefined) await pause
  }
}
