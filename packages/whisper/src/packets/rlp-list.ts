import { concatBytes } from '@status-stack/crypto'
import { decodeRlp, RlpError, type RlpItem, uintBytes } from '@status-stack/rlp'
import { check } from '../checks.ts'
import { invalidPacket, WhisperError } from '../errors.ts'

interface Span {
  readonly list: boolean
  readonly start: number
  readonly end: number
}

/** Where the item at `at` lies. Canonical form of the length is checked here, of the content when it is decoded. */
function spanAt(bytes: Uint8Array, at: number, limit: number): Span {
  const first = bytes[at]
  if (first === undefined || at >= limit) throw invalidPacket('RLP: nothing to read')
  if (first < 0x80) return { list: false, start: at, end: at + 1 }
  const list = first >= 0xc0
  const short = first - (list ? 0xc0 : 0x80)
  let start = at + 1
  let length = short
  if (short > 55) {
    const size = short - 55
    length = 0
    for (let i = 0; i < size; i++) length = length * 256 + (bytes[start + i] ?? 0)
    if (length <= 55 || bytes[start] === 0) throw invalidPacket('RLP: not the shortest form')
    start += size
  }
  if (start + length > limit) throw invalidPacket('RLP: item ends after its container')
  return { list, start, end: start + length }
}

/**
 * The items of one list, each as its own RLP bytes, one at a time: views, so that an envelope keeps the bytes it is hashed by.
 * @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * for (const envelope of listItems(payload)) hashes.push(envelopeHash(envelope))
 * ```
 */
export function* listItems(bytes: Uint8Array, minBytes = 1): Generator<Uint8Array> {
  const top = spanAt(bytes, 0, bytes.length)
  if (!top.list || top.end !== bytes.length) throw invalidPacket('RLP: expected exactly one list')
  for (let at = top.start; at < top.end; ) {
    const { end } = spanAt(bytes, at, top.end)
    if (end - at < minBytes) throw invalidPacket(`RLP: item of ${end - at} bytes, expected ${minBytes} or more`)
    yield bytes.subarray(at, end)
    at = end
  }
}

/** The first `most` items of one list. @throws WhisperError `invalid-packet` */
export function takeItems(bytes: Uint8Array, most: number): readonly Uint8Array[] {
  const items: Uint8Array[] = []
  for (const item of listItems(bytes)) {
    items.push(item)
    if (items.length >= most) break
  }
  return items
}

/**
 * All items of one list.
 * BOUNDED: items shorter than `minBytes` end it, so a packet of 1 MiB can't ask for a million views.
 * @throws WhisperError `invalid-packet`
 */
export function splitList(bytes: Uint8Array, minBytes = 1): readonly Uint8Array[] {
  return [...listItems(bytes, minBytes)]
}

/**
 * The first item of a packet, whatever stands behind it; all of a packet whose first item cannot be read.
 *
 * @example
 * ```ts
 * const status = firstItem(payload)
 * ```
 */
export function firstItem(bytes: Uint8Array): Uint8Array {
  try {
    return bytes.subarray(0, spanAt(bytes, 0, bytes.length).end)
  } catch (error) {
    if (WhisperError.is(error)) return bytes
    throw error
  }
}

/** Whether the first item inside a list is itself a list. */
export function startsWithList(bytes: Uint8Array): boolean {
  const top = spanAt(bytes, 0, bytes.length)
  return top.list && top.start < top.end && (bytes[top.start] ?? 0) >= 0xc0
}

/** Bytes of a list header. */
export function listHeaderLength(length: number): number {
  return length <= 55 ? 1 : 1 + uintBytes(length).length
}

/**
 * A list of items that are RLP already.
 *
 * @example
 * ```ts
 * const payload = joinList([encodeRlp(1), encodeRlp('shh')])
 * ```
 */
export function joinList(items: readonly Uint8Array[]): Uint8Array {
  check.array('items', items)
  for (const item of items) check.bytes('items', item)
  const length = items.reduce((sum, item) => sum + item.length, 0)
  const size = uintBytes(length)
  const header = length <= 55 ? Uint8Array.of(0xc0 + length) : concatBytes(Uint8Array.of(0xf7 + size.length), size)
  const list = new Uint8Array(header.length + length)
  list.set(header)
  let at = header.length
  // Not by spreading: a packet may hold a hundred thousand items, more than a call takes arguments.
  for (const item of items) {
    list.set(item, at)
    at += item.length
  }
  return list
}

/**
 * Reads a small packet: RLP and shape errors both become `invalid-packet`.
 *
 * @example
 * ```ts
 * const version = readPacket('status', payload, item => rlpUint('version', item, 32))
 * ```
 */
export function readPacket<T>(name: string, payload: Uint8Array, read: (item: RlpItem) => T, maxItems = 64): T {
  check.bytes(name, payload)
  try {
    return read(decodeRlp(payload, { maxDepth: 4, maxItems }))
  } catch (error) {
    if (RlpError.is(error)) throw invalidPacket(`${name}: ${error.message}`, error)
    throw error
  }
}
