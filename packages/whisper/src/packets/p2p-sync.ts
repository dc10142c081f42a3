import { encodeRlp, RlpError, rlpBool, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import { forEachSliced, type TimeSlicer } from '@status-stack/utils'
import { check } from '../checks.ts'
import { minEnvelopeBytes } from '../envelope.ts'
import { invalidPacket } from '../errors.ts'
import type { SyncRequest, SyncResponse } from '../mailserver/port.ts'
import { joinList, listItems, readPacket, splitList, takeItems } from './rlp-list.ts'

const text = new TextDecoder()

/**
 * Packet 123: [lower, upper, bloom, limit, cursor].
 *
 * @example
 * ```ts
 * const payload = encodeSyncRequest({ lower: from, upper: to, bloom, limit: 1000, cursor: new Uint8Array(0) })
 * ```
 */
export function encodeSyncRequest(request: SyncRequest): Uint8Array {
  check.object('request', request)
  check.bytes('request.bloom', request.bloom)
  check.bytes('request.cursor', request.cursor)
  return encodeRlp([request.lower, request.upper, request.bloom, request.limit, request.cursor])
}

/**
 * Reads the request of one mailserver to another. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { lower, upper, limit } = decodeSyncRequest(packet.payload)
 * ```
 */
export function decodeSyncRequest(payload: Uint8Array): SyncRequest {
  return readPacket('sync request', payload, item => {
    const [lower, upper, bloom, limit, cursor] = rlpList('sync request', item, 5)
    return {
      lower: rlpUint('lower', lower, 32),
      upper: rlpUint('upper', upper, 32),
      bloom: rlpBytes('bloom', bloom).slice(),
      limit: rlpUint('limit', limit, 32),
      cursor: rlpBytes('cursor', cursor).slice()
    }
  })
}

/**
 * Packet 124: [[envelope…], cursor, final, error].
 *
 * @example
 * ```ts
 * const payload = encodeSyncResponse({ envelopes, cursor: new Uint8Array(0), final: true, error: '' })
 * ```
 */
export function encodeSyncResponse(response: SyncResponse): Uint8Array {
  check.object('response', response)
  check.bytes('response.cursor', response.cursor)
  check.boolean('response.final', response.final)
  check.text('response.error', response.error)
  return joinList([
    joinList(response.envelopes),
    encodeRlp(response.cursor),
    encodeRlp(response.final),
    encodeRlp(response.error)
  ])
}

/**
 * Reads a page of the answer of one mailserver to another. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { envelopes, final } = decodeSyncResponse(packet.payload)
 * ```
 */
export function decodeSyncResponse(payload: Uint8Array): SyncResponse {
  check.bytes('payload', payload)
  const { list, ...rest } = syncResponseParts(payload)
  return { envelopes: splitList(list, minEnvelopeBytes), ...rest }
}

/** The same while others get their turn: a packet may hold a hundred thousand items. @throws WhisperError `invalid-packet` */
export async function decodeSyncResponseSliced(
  payload: Uint8Array,
  slices: { readonly slicer: TimeSlicer; readonly signal?: AbortSignal; readonly nowMs?: () => number }
): Promise<SyncResponse> {
  const { list, ...rest } = syncResponseParts(payload)
  const envelopes: Uint8Array[] = []
  await forEachSliced(listItems(list, minEnvelopeBytes), envelope => void envelopes.push(envelope), slices)
  return { envelopes, ...rest }
}

function syncResponseParts(payload: Uint8Array): Omit<SyncResponse, 'envelopes'> & { readonly list: Uint8Array } {
  const parts = takeItems(payload, 5)
  const [envelopes, cursor, final, error] = parts
  if (envelopes === undefined || cursor === undefined || final === undefined || error === undefined) {
    throw invalidPacket('sync response: expected 4 elements')
  }
  if (parts.length !== 4) throw invalidPacket(`sync response: expected 4 elements, got ${parts.length}`)
  try {
    return {
      list: envelopes,
      cursor: readPacket('cursor', cursor, item => rlpBytes('cursor', item).slice()),
      final: readPacket('final', final, item => rlpBool('final', item)),
      error: readPacket('error', error, item => text.decode(rlpBytes('error', item)))
    }
  } catch (cause) {
    if (RlpError.is(cause)) throw invalidPacket('sync response', cause)
    throw cause
  }
}
