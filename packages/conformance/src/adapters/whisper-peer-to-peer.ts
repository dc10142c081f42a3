import { decodeRlp, rlpBytes } from '@status-stack/rlp'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import {
  decodeHistoryRequest,
  decodeP2pMessages,
  decodeRequestComplete,
  decodeSyncRequest,
  decodeSyncResponse,
  encodeEnvelope,
  encodeP2pMessages,
  encodePlainRequest,
  encodeRequestComplete,
  encodeSyncRequest,
  encodeSyncResponse,
  packetCodes
} from '@status-stack/whisper/wire'
import type { SectionSteps } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { bytesOf, checkHashes } from './support.ts'

/** Packets 123 to 127 of whisper-misc.json: requests for history, their answers, and copies between mailservers. */
export const peerToPeerSections: Readonly<Record<string, SectionSteps>> = {
  packet_p2p_message: { decode: readP2pMessages },
  packet_p2p_message_statusgo: { decode: readP2pMessages },
  packet_p2p_request: { decode: readEnvelopeRequest },
  packet_p2p_request_messages_request: { reproduce: makePlainRequest, decode: readPlainRequest },
  packet_p2p_request_complete: { reproduce: makeRequestComplete, decode: readRequestComplete },
  packet_sync_request: { reproduce: makeSyncRequest, decode: readSyncRequest },
  packet_sync_response: { decode: readSyncResponse }
}

function readP2pMessages(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], packetCodes.p2pMessage)
  const envelopes = decodeP2pMessages(vectorBytes(vector['payload']))
  checkHashes(vector, envelopes, check)
  check.bytes('payload', vector['payload'], encodeP2pMessages(envelopes))
}

function readEnvelopeRequest(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], packetCodes.p2pRequest)
  const request = decodeHistoryRequest(vectorBytes(vector['payload']))
  check.equal('kind', 'envelope', request.kind)
  if (request.kind !== 'envelope') return
  check.bytes('envelopeHash', vector['envelopeHash'], request.hash)
  check.bytes('payload', vector['payload'], encodeEnvelope(request.envelope))
}

function plainRequestOf(vector: VectorCase) {
  const { from, to, limit } = vector
  return {
    id: vectorBytes(vector['id']),
    from,
    to,
    limit,
    cursor: bytesOf(vector['cursor']),
    bloom: vectorBytes(vector['bloom'])
  }
}

function makePlainRequest(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], packetCodes.p2pRequest)
  check.bytes('payload', vector['payload'], encodePlainRequest(plainRequestOf(vector)))
}

function readPlainRequest(vector: VectorCase, check: Check): void {
  const { kind, ...request } = decodeHistoryRequest(vectorBytes(vector['payload']))
  check.equal('kind', 'plain', kind)
  for (const [field, value] of Object.entries(request)) check.equal(field, vector[field], value)
}

function makeRequestComplete(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], packetCodes.p2pRequestComplete)
  const inner = vectorBytes(vector['inner'])
  check.bytes('inner', vector['inner'], rlpBytes('inner', decodeRlp(vectorBytes(vector['payload']))))
  // Only what a server sends can be made again: the whole of id, hash and cursor, or a failure.
  const requestId = bytesOf(vector['requestId'])
  if (typeof vector['requestError'] === 'string') {
    const failed = encodeRequestComplete({ kind: 'failed', requestId, error: vector['requestError'] })
    check.bytes('payload', vector['payload'], failed)
  } else if (vector['valid'] === true && (inner.length === 64 || inner.length === 100)) {
    const lastHash = vectorBytes(vector['lastEnvelopeHash'])
    const done = encodeRequestComplete({ kind: 'done', requestId, lastHash, cursor: bytesOf(vector['cursor']) })
    check.bytes('payload', vector['payload'], done)
  }
}

async function readRequestComplete(vector: VectorCase, check: Check): Promise<void> {
  const decode = () => decodeRequestComplete(vectorBytes(vector['payload']))
  const completion = await check.verdict('payload', vector['valid'] === true, decode)
  if (completion === undefined) return
  check.bytes('requestId', vector['requestId'], completion.requestId)
  check.equal('requestError', vector['requestError'], completion.kind === 'failed' ? completion.error : null)
  if (completion.kind === 'failed') return
  check.bytes('lastEnvelopeHash', vector['lastEnvelopeHash'], completion.lastHash)
  check.bytes('cursor', vector['cursor'], completion.cursor)
}

function syncRequestOf(vector: VectorCase) {
  const { lower, upper, limit } = vector
  return { lower, upper, limit, bloom: vectorBytes(vector['bloom']), cursor: bytesOf(vector['cursor']) }
}

function makeSyncRequest(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], packetCodes.p2pSyncRequest)
  check.bytes('payload', vector['payload'], encodeSyncRequest(syncRequestOf(vector)))
}

function readSyncRequest(vector: VectorCase, check: Check): void {
  const request = decodeSyncRequest(vectorBytes(vector['payload']))
  for (const [field, value] of Object.entries(request)) check.equal(field, vector[field], value)
}

function readSyncResponse(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], packetCodes.p2pSyncResponse)
  const response = decodeSyncResponse(vectorBytes(vector['payload']))
  checkHashes(vector, response.envelopes, check)
  check.bytes('cursor', vector['cursor'], response.cursor)
  check.equal('final', vector['final'], response.final)
  check.equal('error', vector['error'], response.error)
  check.bytes('payload', vector['payload'], encodeSyncResponse(response))
}
