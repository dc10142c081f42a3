import { encodeRlp, type RlpItem, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import {
  check,
  checkTopics,
  envelopesOfList,
  firstItem,
  type HistoryRequest,
  invalidArgument,
  joinList,
  type PeerToPeerCodec,
  type PlainRequest,
  readPacket,
  WhisperError
} from '@status-stack/whisper/relay'
import { decodeEnvelope, envelopeHash, envelopePow, limits as whisperLimits } from '@status-stack/whisper/wire'

const requestIdLength = 32

/**
 * Packet 127: always a list. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * await link.send(packetCodes.p2pMessage, encodeP2pMessages([envelope]))
 * ```
 */
export function encodeP2pMessages(envelopes: readonly Uint8Array[]): Uint8Array {
  return joinList(envelopes)
}

/** A request in the plain form, with its topics. */
export type WakuRequest = PlainRequest & { readonly topics: readonly Uint8Array[] }

/**
 * What a sender checks of its own request; a receiver checks none of it. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * checkPlainRequest(request)
 * ```
 */
export function checkPlainRequest(request: WakuRequest): void {
  check.object('request', request)
  check.bytes('request.id', request.id, requestIdLength)
  if (request.from > request.to) throw invalidArgument('request: the range ends before it begins')
  check.integer('request.limit', request.limit, 0, whisperLimits.maxHistoryLimit)
  if (request.bloom.length === 0 && request.topics.length === 0) {
    throw invalidArgument('request: expected a bloom filter or topics')
  }
}

/**
 * Packet 126 in the plain form: [id, from, to, limit, cursor, bloom, [topic…]].
 *
 * @example
 * ```ts
 * await link.send(packetCodes.p2pRequest, encodePlainRequest(request))
 * ```
 */
export function encodePlainRequest(request: WakuRequest): Uint8Array {
  check.object('request', request)
  check.bytes('request.id', request.id)
  check.bytes('request.cursor', request.cursor)
  check.bytes('request.bloom', request.bloom)
  checkTopics('request.topics', request.topics, 0)
  const { id, from, to, limit, cursor, bloom, topics } = request
  return encodeRlp([id, from, to, limit, cursor, bloom, topics])
}

function plainRequest(item: RlpItem): WakuRequest {
  const [id, from, to, limit, cursor, bloom, topics] = rlpList('request', item, 7)
  return {
    id: rlpBytes('id', id).slice(),
    from: rlpUint('from', from, 32),
    to: rlpUint('to', to, 32),
    limit: rlpUint('limit', limit, 32),
    cursor: rlpBytes('cursor', cursor).slice(),
    bloom: rlpBytes('bloom', bloom).slice(),
    topics: rlpList('topics', topics).map(topic => rlpBytes('topic', topic).slice())
  }
}

/**
 * Packet 126: an envelope of five elements, else the plain form of seven. Bytes behind it are ignored. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const request = decodeHistoryRequest(packet.payload)
 * ```
 */
export function decodeHistoryRequest(payload: Uint8Array): HistoryRequest {
  check.bytes('payload', payload)
  const bytes = firstItem(payload)
  try {
    const envelope = decodeEnvelope(bytes)
    return { kind: 'envelope', envelope, hash: envelopeHash(bytes), pow: envelopePow(envelope) }
  } catch (error) {
    if (!WhisperError.is(error)) throw error
    return { kind: 'plain', ...readPacket('history request', bytes, plainRequest, whisperLimits.requestItems) }
  }
}

/** The packets of trusted peers, as Waku has them. */
export const peerToPeer: PeerToPeerCodec = {
  encodeMessages: encodeP2pMessages,
  envelopesOf: envelopesOfList,
  decodeRequest: decodeHistoryRequest,
  sync: false
}
