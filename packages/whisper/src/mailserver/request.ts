import { encodeRlp, type RlpItem, rlpBool, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import { bloomLength } from '../bloom.ts'
import { check, checkTopics, maxUint32 } from '../checks.ts'
import { invalidPacket } from '../errors.ts'
import { limits } from '../limits.ts'
import { readPacket } from '../packets/rlp-list.ts'

/** The payload of a sealed history request. */
export interface RequestPayload {
  /** Unix seconds, inclusive. */
  readonly lower: number
  /** Unix seconds, inclusive. */
  readonly upper: number
  /** 64 bytes: what the envelopes' blooms must be contained in. */
  readonly bloom: Uint8Array
  /** 4 bytes each; status-go has sent them since January 2020, and servers ignore them. Absent in the older layouts. */
  readonly topics?: readonly Uint8Array[] | undefined
  /** Most envelopes of the page, as the asker wishes. */
  readonly limit: number
  /** Empty, or 36 bytes. */
  readonly cursor: Uint8Array
  /** Answer in lists of envelopes. */
  readonly batch: boolean
}

/**
 * [lower, upper, bloom, topics, limit, cursor, batch].
 * DEVIATION: topics stand fourth, where status-go has had them since January 2020; 8/WAKU-MAIL puts them behind the cursor
 * and 4/WHISPER-MAILSERVER knows neither them nor batch. Servers ignore the topics.
 *
 * @example
 * ```ts
 * const payload = encodeRequestPayload({
 *   lower: from,
 *   upper: to,
 *   bloom: filterBloom(topics),
 *   topics,
 *   limit: 100,
 *   cursor: new Uint8Array(0),
 *   batch: true
 * })
 * ```
 */
export function encodeRequestPayload(request: RequestPayload): Uint8Array {
  check.object('request', request)
  check.integer('request.lower', request.lower, 0, maxUint32)
  check.integer('request.upper', request.upper, 0, maxUint32)
  check.bytes('request.bloom', request.bloom)
  if (request.topics !== undefined) checkTopics('request.topics', request.topics, 0)
  check.integer('request.limit', request.limit, 0, maxUint32)
  check.bytes('request.cursor', request.cursor)
  check.boolean('request.batch', request.batch)
  return encodeRlp([
    request.lower,
    request.upper,
    request.bloom,
    request.topics ?? [],
    request.limit,
    request.cursor,
    request.batch
  ])
}

function topicsOf(item: RlpItem | undefined): readonly Uint8Array[] {
  return rlpList('topics', item).map(topic => rlpBytes('topic', topic, 4).slice())
}

function read(item: RlpItem): RequestPayload {
  const items = rlpList('request', item)
  if (items.length < 5 || items.length > 7)
    throw invalidPacket(`request: expected 5 to 7 elements, got ${items.length}`)
  // Told apart by their types: only the layout of 2020 has a list in fourth place.
  const fourth = items[3]
  const hasTopics = fourth !== undefined && !(fourth instanceof Uint8Array)
  const rest = items.slice(hasTopics ? 4 : 3)
  const [limit, cursor, batch] = rest
  if (rest.length > 3) throw invalidPacket('request: too many elements')
  const bloom = rlpBytes('bloom', items[2]).slice()
  if (bloom.length !== 0 && bloom.length !== bloomLength) throw invalidPacket(`request: bloom of ${bloom.length} bytes`)
  return {
    lower: rlpUint('lower', items[0], 32),
    upper: rlpUint('upper', items[1], 32),
    bloom,
    ...(hasTopics ? { topics: topicsOf(fourth) } : {}),
    limit: rlpUint('limit', limit, 32),
    cursor: rlpBytes('cursor', cursor).slice(),
    batch: batch === undefined ? false : rlpBool('batch', batch)
  }
}

/**
 * Reads every layout that was ever sent: 5 elements (the written one), 6 (2019, with batch), 7 (with topics).
 * @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { lower, upper, limit } = decodeRequestPayload(payload)
 * ```
 */
export function decodeRequestPayload(bytes: Uint8Array): RequestPayload {
  return readPacket('request', bytes, read, limits.requestItems)
}
