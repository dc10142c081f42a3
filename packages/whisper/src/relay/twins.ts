import type { EnvelopeSpan } from '../packets/envelope-reader.ts'
import { topicNumberAt } from '../topic.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** Finds an envelope that is here already by its bytes, for a fraction of what its id costs. */
export interface Twins {
  readonly add: (entry: PooledEnvelope) => void
  readonly remove: (entry: PooledEnvelope) => void
  /** The envelope whose bytes are exactly those of the span. `undefined` says nothing: it may be here all the same. */
  readonly find: (packet: Uint8Array, span: EnvelopeSpan) => PooledEnvelope | undefined
}

/** Places of an empty pool: 512 bytes. */
const fewestPlaces = 64
/** Places for each envelope, at least: then one in twenty of them is overwritten by a later one. */
const placesPerEnvelope = 2
/** More than this is given back. */
const mostPlacesPerEnvelope = 8
const tailBytes = 8

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}

/** Of the topic, the expiry and the last bytes, which are the nonce and what ends the ciphertext: random in all that is sealed. */
function printOf(bytes: Uint8Array, end: number, topic: number, expiry: number): number {
  let print = Math.imul(topic ^ wordAt(bytes, end - 4), 0x85ebca6b)
  print = Math.imul(print ^ (print >>> 15) ^ wordAt(bytes, end - tailBytes), 0xc2b2ae35)
  print = Math.imul(print ^ (print >>> 13) ^ expiry, 0x27d4eb2f)
  return (print ^ (print >>> 16)) & 0x3fffffff
}

/** Sixteen bytes a step: a tenth of the time of one. */
function isSame(packet: Uint8Array, start: number, bytes: Uint8Array): boolean {
  const { length } = bytes
  const a = new DataView(bytes.buffer, bytes.byteOffset, length)
  const b = new DataView(packet.buffer, packet.byteOffset + start, length)
  let at = 0
  for (; at + 16 <= length; at += 16) {
    const first = (a.getInt32(at) ^ b.getInt32(at)) | (a.getInt32(at + 4) ^ b.getInt32(at + 4))
    const second = (a.getInt32(at + 8) ^ b.getInt32(at + 8)) | (a.getInt32(at + 12) ^ b.getInt32(at + 12))
    if ((first | second) !== 0) return false
  }
  for (; at < length; at++) if (a.getUint8(at) !== b.getUint8(at)) return false
  return true
}

/**
 * Most of what a relay gets it has: each neighbour sends it once. A place in this table is no proof of anything, only the whole bytes are. So
 * whoever makes envelopes that meet in one place gets them hashed, as all were, and pays the proof of work of each: there is nothing that
 * grows but the table, with the pool, and no chain to walk.
 */
export function createTwins(): Twins {
  // BOUNDED: mostPlacesPerEnvelope for each envelope of the pool, eight bytes a place: counted in the pool's entryOverheadBytes.
  let places: (PooledEnvelope | undefined)[] = new Array(fewestPlaces).fill(undefined)
  let size = 0

  const put = (entry: PooledEnvelope): void => {
    const first = entry.print & (places.length - 1)
    const second = first ^ 1
    places[places[first] !== undefined && places[second] === undefined ? second : first] = entry
  }
  const resize = (length: number): void => {
    const before = places
    places = new Array(length).fill(undefined)
    for (const entry of before) if (entry !== undefined) put(entry)
  }
  const at = (
    place: number,
    print: number,
    packet: Uint8Array,
    { start, end, expiry }: EnvelopeSpan
  ): PooledEnvelope | undefined => {
    const entry = places[place]
    if (entry === undefined || entry.print !== print || entry.expiry !== expiry) return undefined
    return entry.bytes.length === end - start && isSame(packet, start, entry.bytes) ? entry : undefined
  }
  return {
    add: entry => {
      size += 1
      if (size * placesPerEnvelope > places.length) resize(places.length * 2)
      entry.print = printOf(entry.bytes, entry.bytes.length, entry.topic, entry.expiry)
      put(entry)
    },
    remove: entry => {
      size -= 1
      const first = entry.print & (places.length - 1)
      for (const place of [first, first ^ 1]) if (places[place] === entry) places[place] = undefined
      if (places.length > fewestPlaces && size * mostPlacesPerEnvelope < places.length) resize(places.length / 2)
    },
    find: (packet, span) => {
      const print = printOf(packet, span.end, topicNumberAt(packet, span.topicStart), span.expiry)
      const first = print & (places.length - 1)
      return at(first, print, packet, span) ?? at(first ^ 1, print, packet, span)
    }
  }
}
