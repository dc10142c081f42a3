import { concatBytes, utf8Bytes } from '@status-stack/crypto'
import { encodeRlp, type RlpItem, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import { check } from '../checks.ts'
import { decodeEnvelope, envelopeHash, minEnvelopeBytes } from '../envelope.ts'
import { invalidPacket, WhisperError } from '../errors.ts'
import type { HistoryRequest, PlainRequest, RequestCompletion } from '../mailserver/port.ts'
import { envelopePow } from '../pow.ts'
import { type EnvelopeRange, envelopesOfList } from './envelope-reader.ts'
import { joinList, readPacket, splitList, startsWithList } from './rlp-list.ts'

/** Bytes of a mailserver cursor: sent(4) ‖ envelope hash(32). */
export const cursorLength = 36

const hashLength = 32
const failurePrefix = utf8Bytes('ERROR=')
const text = new TextDecoder()

function isEmptyList(payload: Uint8Array): boolean {
  return payload.length === 1 && payload[0] === 0xc0
}

/**
 * Packet 127: one envelope goes bare, any other number as a list. SPEC: status-go; go-ethereum knows the bare form only.
 *
 * @example
 * ```ts
 * await link.send(packetCodes.p2pMessage, encodeP2pMessages([envelope]))
 * ```
 */
export function encodeP2pMessages(envelopes: readonly Uint8Array[]): Uint8Array {
  check.array('envelopes', envelopes)
  for (const envelope of envelopes) check.bytes('envelopes', envelope)
  const [only] = envelopes
  return only !== undefined && envelopes.length === 1 ? only.slice() : joinList(envelopes)
}

/** Where the envelopes of packet 127 lie: a list is tried first, then a single one. @throws WhisperError `invalid-packet` */
export function p2pEnvelopes(payload: Uint8Array): EnvelopeRange {
  const isList = isEmptyList(payload) || startsWithList(payload)
  return isList ? envelopesOfList(payload) : { start: 0, end: payload.length }
}

/**
 * The RLP of each envelope of packet 127, views. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const envelopes = decodeP2pMessages(packet.payload).map(decodeEnvelope)
 * ```
 */
export function decodeP2pMessages(payload: Uint8Array): readonly Uint8Array[] {
  check.bytes('payload', payload)
  const isList = isEmptyList(payload) || startsWithList(payload)
  return isList ? splitList(payload, minEnvelopeBytes) : [payload]
}

/**
 * Packet 125: one byte string, raw parts behind each other. SPEC: status-go; the written list of three is wrong.
 *
 * @example
 * ```ts
 * const payload = encodeRequestComplete({ kind: 'failed', requestId, error: 'too many requests' })
 * ```
 */
export function encodeRequestComplete(completion: RequestCompletion): Uint8Array {
  check.object('completion', completion)
  check.oneOf('completion.kind', completion.kind, ['done', 'failed'])
  check.bytes('completion.requestId', completion.requestId, hashLength)
  if (completion.kind === 'failed') check.text('completion.error', completion.error)
  else {
    check.bytes('completion.lastHash', completion.lastHash, hashLength)
    check.bytes('completion.cursor', completion.cursor)
  }
  return encodeRlp(
    completion.kind === 'failed'
      ? concatBytes(failurePrefix, completion.requestId, utf8Bytes(completion.error))
      : concatBytes(completion.requestId, completion.lastHash, completion.cursor)
  )
}

/**
 * Reads how a request to a mailserver ended. @throws WhisperError `invalid-packet` for fewer than 32 bytes, or more than 100 without the error prefix
 *
 * @example
 * ```ts
 * const completion = decodeRequestComplete(packet.payload)
 * if (completion.kind === 'done') next(completion.cursor)
 * ```
 */
export function decodeRequestComplete(payload: Uint8Array): RequestCompletion {
  const bytes = readPacket('request complete', payload, item => rlpBytes('request complete', item))
  if (bytes.length < hashLength) throw invalidPacket(`request complete: ${bytes.length} bytes`)
  const failed = failurePrefix.every((byte, i) => bytes[i] === byte)
  if (failed && bytes.length >= failurePrefix.length + hashLength) {
    const id = bytes.subarray(failurePrefix.length, failurePrefix.length + hashLength)
    return {
      kind: 'failed',
      requestId: id.slice(),
      error: text.decode(bytes.subarray(id.length + failurePrefix.length))
    }
  }
  if (bytes.length > 2 * hashLength + cursorLength) throw invalidPacket(`request complete: ${bytes.length} bytes`)
  const rest = bytes.subarray(2 * hashLength)
  const lastHash = new Uint8Array(hashLength)
  if (bytes.length >= 2 * hashLength) lastHash.set(bytes.subarray(hashLength, 2 * hashLength))
  return {
    kind: 'done',
    requestId: bytes.slice(0, hashLength),
    lastHash,
    cursor: rest.length === cursorLength ? rest.slice() : new Uint8Array(0)
  }
}

/**
 * Packet 126 in the plain form: [id, from, to, limit, cursor, bloom].
 *
 * @example
 * ```ts
 * const payload = encodePlainRequest({ id, from, to, limit: 100, cursor: new Uint8Array(0), bloom })
 * ```
 */
export function encodePlainRequest(request: PlainRequest): Uint8Array {
  check.object('request', request)
  check.bytes('request.id', request.id, hashLength)
  check.bytes('request.cursor', request.cursor)
  check.bytes('request.bloom', request.bloom)
  return encodeRlp([request.id, request.from, request.to, request.limit, request.cursor, request.bloom])
}

function plainRequest(item: RlpItem): PlainRequest {
  const [id, from, to, limit, cursor, bloom] = rlpList('request', item, 6)
  return {
    id: rlpBytes('id', id, hashLength).slice(),
    from: rlpUint('from', from, 32),
    to: rlpUint('to', to, 32),
    limit: rlpUint('limit', limit, 32),
    cursor: rlpBytes('cursor', cursor).slice(),
    bloom: rlpBytes('bloom', bloom).slice()
  }
}

/**
 * Packet 126: an envelope of five elements, else the plain form of six. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const request = decodeHistoryRequest(packet.payload)
 * if (request.kind === 'envelope') open(request.envelope)
 * ```
 */
export function decodeHistoryRequest(payload: Uint8Array): HistoryRequest {
  try {
    const envelope = decodeEnvelope(payload)
    return { kind: 'envelope', envelope, hash: envelopeHash(payload), pow: envelopePow(envelope) }
  } catch (error) {
    if (!WhisperError.is(error)) throw error
    return { kind: 'plain', ...readPacket('history request', payload, plainRequest) }
  }
}
