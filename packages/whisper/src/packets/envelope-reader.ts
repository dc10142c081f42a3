import type { TimeSlicer } from '@status-stack/utils'
import { minEnvelopeBytes } from '../envelope.ts'
import { invalidPacket, WhisperError } from '../errors.ts'

/**
 * Where the parts of one envelope lie in a packet. One object is filled again for each envelope: a packet of 1 MiB holds a hundred thousand
 * of them, and objects for all would take fifty times its size.
 */
export interface EnvelopeSpan {
  /** The envelope's RLP. */
  start: number
  end: number
  /** The content of its list, without the header. */
  contentStart: number
  expiry: number
  ttl: number
  /** The four bytes of the topic. */
  topicStart: number
  dataStart: number
  dataEnd: number
  /** The RLP item of the nonce, with its header if it has one. */
  nonceStart: number
}

export function createEnvelopeSpan(): EnvelopeSpan {
  return {
    start: 0,
    end: 0,
    contentStart: 0,
    expiry: 0,
    ttl: 0,
    topicStart: 0,
    dataStart: 0,
    dataEnd: 0,
    nonceStart: 0
  }
}

function invalidEnvelope(): WhisperError {
  return new WhisperError('invalid-envelope', 'envelope: expected [expiry, ttl, topic, data, nonce]', {
    origin: 'peer'
  })
}

const topicBytes = 4

/** A cursor over RLP items that allocates nothing: `start` and `end` of the item read last. */
interface Items {
  start: number
  end: number
}

/** Reads the header of a canonical item at `at`; whether it is a list of that kind is for the caller. */
function readHeader(bytes: Uint8Array, at: number, limit: number, isList: boolean, out: Items): void {
  const first = bytes[at]
  if (first === undefined || at >= limit) throw invalidEnvelope()
  if (!isList && first < 0x80) {
    out.start = at
    out.end = at + 1
    return
  }
  const base = isList ? 0xc0 : 0x80
  const short = first - base
  if (short < 0 || (!isList && first >= 0xc0)) throw invalidEnvelope()
  let length = short
  let start = at + 1
  if (short > 55) {
    const size = short - 55
    length = 0
    for (let i = 0; i < size; i++) length = length * 256 + (bytes[start + i] ?? 0)
    if (length <= 55 || bytes[start] === 0) throw invalidEnvelope()
    start += size
  }
  if (start + length > limit) throw invalidEnvelope()
  // A single byte below 0x80 stands for itself.
  if (!isList && length === 1 && (bytes[start] ?? 0) < 0x80) throw invalidEnvelope()
  out.start = start
  out.end = start + length
}

/** A canonical integer of at most four bytes. */
function readUint32(bytes: Uint8Array, { start, end }: Items): number {
  if (end - start > 4 || (end > start && bytes[start] === 0)) throw invalidEnvelope()
  let value = 0
  for (let i = start; i < end; i++) value = value * 256 + (bytes[i] ?? 0)
  return value
}

const items: Items = { start: 0, end: 0 }

/**
 * Reads the envelope that begins at `at` into `span`: the same rules as `decodeEnvelope`, without an object for each part.
 * @throws WhisperError `invalid-envelope`; `invalid-packet` for an item that is too short for an envelope
 */
export function readEnvelope(bytes: Uint8Array, at: number, limit: number, span: EnvelopeSpan): void {
  readHeader(bytes, at, limit, (bytes[at] ?? 0) >= 0xc0, items)
  const { start, end } = items
  if (end - at < minEnvelopeBytes) {
    throw invalidPacket(`RLP: item of ${end - at} bytes, expected ${minEnvelopeBytes} or more`)
  }
  if ((bytes[at] ?? 0) < 0xc0) throw invalidEnvelope()
  span.start = at
  span.end = end
  span.contentStart = start
  readHeader(bytes, start, end, false, items)
  span.expiry = readUint32(bytes, items)
  readHeader(bytes, items.end, end, false, items)
  span.ttl = readUint32(bytes, items)
  readHeader(bytes, items.end, end, false, items)
  if (items.end - items.start !== topicBytes) throw invalidEnvelope()
  span.topicStart = items.start
  readHeader(bytes, items.end, end, false, items)
  span.dataStart = items.start
  span.dataEnd = items.end
  span.nonceStart = items.end
  readHeader(bytes, items.end, end, false, items)
  const nonceLength = items.end - items.start
  if (items.end !== end || nonceLength > 8 || (nonceLength > 0 && bytes[items.start] === 0)) throw invalidEnvelope()
}

/** The part of a packet that holds envelopes, one behind the other. */
export interface EnvelopeRange {
  /** Offset of the first envelope's RLP in the payload. */
  readonly start: number
  /** Offset behind the last one. */
  readonly end: number
}

/**
 * The content of a packet that is exactly one list. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { start, end } = envelopesOfList(payload)
 * ```
 */
export function envelopesOfList(bytes: Uint8Array): EnvelopeRange {
  try {
    readHeader(bytes, 0, bytes.length, true, items)
  } catch (cause) {
    throw invalidPacket('RLP: expected exactly one list', cause)
  }
  if (items.end !== bytes.length) throw invalidPacket('RLP: expected exactly one list')
  return { start: items.start, end: items.end }
}

/**
 * Checks that every item of the range is an envelope, in slices: a packet with one bad envelope is refused as a whole, so this is done before
 * anything of it counts.
 * @returns the number of envelopes
 * @throws WhisperError `invalid-envelope`, `invalid-packet`
 */
export async function checkEnvelopes(
  bytes: Uint8Array,
  range: EnvelopeRange,
  slicer: TimeSlicer,
  signal?: AbortSignal
): Promise<number> {
  const span = createEnvelopeSpan()
  let count = 0
  for (let at = range.start; at < range.end; at = span.end) {
    readEnvelope(bytes, at, range.end, span)
    count += 1
    const pause = slicer.yielded(signal)
    if (pause !== undefined) await pause
  }
  return count
}

/**
 * Calls `work` for each envelope of a checked range, in order and in slices. `span` is the same object each time: what is needed after an
 * `await` has to be copied first.
 */
export async function forEachEnvelope(
  bytes: Uint8Array,
  range: EnvelopeRange,
  work: (span: EnvelopeSpan) => void | Promise<void>,
  slicer: TimeSlicer,
  signal?: AbortSignal
): Promise<void> {
  const span = createEnvelopeSpan()
  for (let at = range.start; at < range.end; ) {
    readEnvelope(bytes, at, range.end, span)
    at = span.end
    const done = work(span)
    if (done !== undefined) await done
    const pause = slicer.yielded(signal)
    if (pause !== undefined) await pause
  }
}
