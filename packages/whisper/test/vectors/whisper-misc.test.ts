import { equalBytes, keccak256 } from '@status-stack/crypto'
import { loadVectors, type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import { expect, test } from 'vitest'
import { aggregateEnvelopeBlooms, bloomAdmits, envelopeBloom, filterBloom, isFullNodeBloom } from '../../src/bloom.ts'
import { decodeEnvelope, envelopeHash, envelopeHeaderLength, envelopeSize } from '../../src/envelope.ts'
import { limits } from '../../src/limits.ts'
import { archiveKey, cursorOfArchiveKey } from '../../src/mailserver/archive-key.ts'
import { decodeRequestPayload, encodeRequestPayload } from '../../src/mailserver/request.ts'
import { paddingAlignment } from '../../src/message/layout.ts'
import { symmetricKeyFromPassword } from '../../src/message/symmetric.ts'
import { openMessage } from '../../src/message/wrap.ts'
import { resolveOptions } from '../../src/options.ts'
import { capability, packetCodes } from '../../src/packets/codes.ts'
import {
  decodeBatchAcknowledged,
  decodeMessageResponse,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  envelopeErrorCode
} from '../../src/packets/confirmations.ts'
import { decodeMessages, encodeMessages } from '../../src/packets/messages.ts'
import {
  cursorLength,
  decodeHistoryRequest,
  decodeP2pMessages,
  decodeRequestComplete,
  encodeP2pMessages,
  encodePlainRequest,
  encodeRequestComplete
} from '../../src/packets/p2p.ts'
import {
  decodeSyncRequest,
  decodeSyncResponse,
  encodeSyncRequest,
  encodeSyncResponse
} from '../../src/packets/p2p-sync.ts'
import { decodeRateLimits, encodeRateLimits } from '../../src/packets/rate-limits.ts'
import {
  decodeBloomFilter,
  decodePowRequirement,
  encodeBloomFilter,
  encodePowRequirement
} from '../../src/packets/requirements.ts'
import { decodeStatus, encodeStatus } from '../../src/packets/status.ts'
import { envelopePow, envelopePowOfBytes, powPrefix, powTargetBits, powToBits } from '../../src/pow.ts'
import { createTestKey } from '../../src/testing/index.ts'
import { topicFromBytes } from '../../src/topic.ts'

const { sections } = await loadVectors('whisper-misc')
const peerFault = expect.objectContaining({ origin: 'peer' })

const used = new Set<string>()

function cases(section: string): readonly VectorCase[] {
  used.add(section)
  const found = sections[section]
  if (found === undefined) throw new Error(`no section ${section}`)
  return found
}

const bytesOrNone = (hex: string | null): Uint8Array | undefined => (hex === null ? undefined : vectorBytes(hex))
const hashes = (envelopes: readonly Uint8Array[]): readonly string[] | null =>
  envelopes.length === 0 ? null : envelopes.map(bytes => vectorHex(envelopeHash(bytes)))

test.each(cases('topic_from_bytes'))('topic from bytes: $input', vector => {
  expect(vectorHex(topicFromBytes(vectorBytes(vector.input)))).toBe(vector.topic)
})

test.each(cases('topic_to_bloom'))('W-18 assigning bloom of topic $topic', vector => {
  const bloom = envelopeBloom(vectorBytes(vector.topic))
  expect(vectorHex(bloom)).toBe(vector.bloom)
  expect(bloomAdmits(filterBloom([vectorBytes(vector.topic)]), bloom)).toBe(true)
})

test.each([...cases('bloom_aggregate'), ...cases('topics_to_bloom')])('W-18 aggregated blooms: $name', vector => {
  expect(vectorHex(aggregateEnvelopeBlooms(vector.topics.map(vectorBytes)))).toBe(vector.bloom)
})

test.each(cases('bloom_match'))('bloom match: $name', vector => {
  expect(bloomAdmits(bytesOrNone(vector.filter), vectorBytes(vector.sample))).toBe(vector.match)
})

test.each(cases('bloom_is_full_node'))('W-4 full-node bloom: $name', vector => {
  expect(isFullNodeBloom(bytesOrNone(vector.bloom))).toBe(vector.fullNode)
})

test.each(cases('envelope_pow'))('W-12 PoW: $name', vector => {
  const bytes = vectorBytes(vector.rlp)
  const envelope = decodeEnvelope(bytes)
  const pow = vector.pow === '+Inf' ? Number.POSITIVE_INFINITY : Number(vector.pow)
  expect(envelopePow(envelope)).toBe(pow)
  expect(envelopePowOfBytes(bytes, envelope)).toBe(pow)
  if (vector.powFloat64Bits !== undefined) expect(`0x${powToBits(pow).toString(16)}`).toBe(vector.powFloat64Bits)
  if (vector.hash !== undefined) expect(vectorHex(envelopeHash(bytes))).toBe(vector.hash)
  if (vector.powWithTtlPlus6 === undefined) return
  expect(String(envelope.nonce)).toBe(vector.nonce)
  expect(envelopePow(envelope, 6)).toBe(Number(vector.powWithTtlPlus6))
  expect(envelopePowOfBytes(bytes, envelope, 6)).toBe(Number(vector.powWithTtlPlus6))
  expect(powPrefix(envelope).length).toBe(vector.rlpWithoutNonceLength)
  expect(envelopeSize(envelope)).toBe(vector.size)
})

test.each(cases('pow_to_first_bit'))('W-41 sealing target: $name', vector => {
  expect(powTargetBits(Number(vector.pow), vector.dataLength, vector.ttl)).toBe(vector.bits)
})

test.each(cases('sym_key_from_password'))('W-32 password key of $password', async vector => {
  expect(vectorHex(await symmetricKeyFromPassword(vector.password))).toBe(vector.symKey)
})

test('constants', () => {
  const [constants] = cases('constants')
  expect(constants).toMatchObject({
    status: packetCodes.status,
    messages: packetCodes.messages,
    powRequirement: packetCodes.powRequirement,
    bloomFilterEx: packetCodes.bloomFilter,
    batchAcknowledged: packetCodes.batchAcknowledged,
    messageResponse: packetCodes.messageResponse,
    rateLimiting: packetCodes.rateLimits,
    p2pSyncRequest: packetCodes.p2pSyncRequest,
    p2pSyncResponse: packetCodes.p2pSyncResponse,
    p2pRequestComplete: packetCodes.p2pRequestComplete,
    p2pRequest: packetCodes.p2pRequest,
    p2pMessage: packetCodes.p2pMessage,
    numberOfMessageCodes: capability.length,
    cursorSize: cursorLength,
    defaultMaxMessageSize: resolveOptions().maxMessageSize,
    maxMessageSize: limits.maxMessageSize,
    defaultSyncAllowance: resolveOptions().syncAllowanceSeconds,
    defaultTtl: resolveOptions().defaultTtlSeconds,
    envelopeHeaderLength,
    envelopeTimeNotSynced: envelopeErrorCode,
    maxLimitInMessagesRequest: limits.maxHistoryLimit,
    maxLimitInSyncMailRequest: limits.maxHistoryLimit,
    padSizeLimit: paddingAlignment
  })
})

const limitsOf = (given: { ip: number; peerId: number; topic: number }) => ({
  address: BigInt(given.ip),
  peer: BigInt(given.peerId),
  topic: BigInt(given.topic)
})

test.each([...cases('packet_status_geth'), ...cases('packet_status_statusgo')])('W-1 Status: $name', vector => {
  const bloom = vector.bloom === '0x' ? undefined : vectorBytes(vector.bloom)
  const status = {
    minPow: Number(vector.pow),
    bloom,
    light: vector.lightNode,
    confirmations: vector.confirmationsEnabled,
    rateLimits: vector.rateLimits && limitsOf(vector.rateLimits)
  }
  expect(vectorHex(encodeStatus(status))).toBe(vector.payload)
  const decoded = decodeStatus(vectorBytes(vector.payload))
  expect(decoded.minPow).toBe(status.minPow)
  expect(decoded.bloom).toEqual(bloom)
  expect(decoded.light).toBe(vector.lightNode)
  expect(decoded.confirmations).toBe(vector.confirmationsEnabled ?? false)
  expect(decoded.rateLimits).toEqual(limitsOf(vector.rateLimits ?? { ip: 0, peerId: 0, topic: 0 }))
})

test.each([...cases('packet_status_receive'), ...cases('packet_status_statusgo_receive')])(
  'W-2 Status received: $name',
  vector => {
    const payload = vectorBytes(vector.payload)
    if (vector.name === 'light-light') {
      // Refused by the node, not by the codec: W-42 tests it.
      expect(decodeStatus(payload).light).toBe(true)
      return
    }
    if (!vector.accepted) {
      expect(() => decodeStatus(payload)).toThrow(peerFault)
      return
    }
    const status = decodeStatus(payload)
    const full = isFullNodeBloom(status.bloom)
    expect(full).toBe(vector.peerFullNode)
    expect(vectorHex(full ? new Uint8Array(64).fill(0xff) : (status.bloom ?? new Uint8Array(0)))).toBe(vector.peerBloom)
    expect(status.minPow).toBe(Number(vector.peerPow))
    if (vector.peerConfirmationsEnabled !== undefined) {
      expect(status.confirmations).toBe(vector.peerConfirmationsEnabled)
      expect(status.rateLimits).toEqual(limitsOf(vector.peerRateLimits))
    }
  }
)

test.each(cases('packet_messages'))('W-7 Messages: $name', vector => {
  const payload = vectorBytes(vector.payload)
  const envelopes = decodeMessages(payload)
  for (const bytes of envelopes) decodeEnvelope(bytes)
  expect(hashes(envelopes)).toEqual(vector.envelopeHashes)
  expect(vectorHex(encodeMessages(envelopes))).toBe(vector.payload)
  expect(vectorHex(keccak256(payload))).toBe(vector.batchHash)
})

test.each(cases('packet_messages_response'))('W-40 message response: $name', vector => {
  const response = decodeMessageResponse(vectorBytes(vector.responsePayload))
  const errors = (vector.errors ?? []).map((error: { hash: string; code: number; description: string }) => ({
    ...error,
    hash: vectorBytes(error.hash)
  }))
  expect(response).toEqual({ batch: vectorBytes(vector.batchHash), errors })
  expect(vectorHex(encodeMessageResponse({ batch: vectorBytes(vector.batchHash), errors }))).toBe(
    vector.responsePayload
  )
  if (vector.messagesPayload === undefined) return
  const batch = keccak256(vectorBytes(vector.messagesPayload))
  expect(vectorHex(batch)).toBe(vector.batchHash)
  expect(vectorHex(encodeBatchAcknowledged(batch))).toBe(vector.ackPayload)
})

test.each(cases('packet_batch_acknowledged'))('W-39 batch acknowledgement: $name', vector => {
  expect(vectorHex(decodeBatchAcknowledged(vectorBytes(vector.payload)))).toBe(vector.batchHash)
  expect(vectorHex(encodeBatchAcknowledged(vectorBytes(vector.batchHash)))).toBe(vector.payload)
})

test.each(cases('packet_pow_requirement'))('W-7 PoW requirement $pow', vector => {
  expect(vectorHex(encodePowRequirement(Number(vector.pow)))).toBe(vector.payload)
  expect(decodePowRequirement(vectorBytes(vector.payload))).toBe(Number(vector.pow))
})

test.each([...cases('packet_pow_requirement_invalid')])('W-3 PoW requirement refused: $name', vector => {
  expect(() => decodePowRequirement(vectorBytes(vector.payload))).toThrow(peerFault)
})

test.each(cases('packet_bloom_filter'))('W-7 bloom filter: $name', vector => {
  expect(vectorHex(encodeBloomFilter(vectorBytes(vector.bloom)))).toBe(vector.payload)
  expect(vectorHex(decodeBloomFilter(vectorBytes(vector.payload)))).toBe(vector.bloom)
})

test.each(cases('packet_bloom_filter_invalid'))('W-7 bloom filter refused: $name', vector => {
  expect(() => decodeBloomFilter(vectorBytes(vector.payload))).toThrow(peerFault)
})

test.each(cases('packet_rate_limits'))('W-7 rate limits: $name', vector => {
  expect(vectorHex(encodeRateLimits(limitsOf(vector as never)))).toBe(vector.payload)
  expect(decodeRateLimits(vectorBytes(vector.payload))).toEqual(limitsOf(vector as never))
})

test.each([...cases('packet_p2p_message'), ...cases('packet_p2p_message_statusgo')])('W-36 P2P: $name', vector => {
  const envelopes = decodeP2pMessages(vectorBytes(vector.payload))
  for (const bytes of envelopes) decodeEnvelope(bytes)
  expect(hashes(envelopes)).toEqual(vector.envelopeHashes)
  expect(vectorHex(encodeP2pMessages(envelopes))).toBe(vector.payload)
})

test.each(cases('packet_p2p_request'))('P2P request, envelope form: $name', vector => {
  const request = decodeHistoryRequest(vectorBytes(vector.payload))
  expect(request.kind === 'envelope' && vectorHex(request.hash)).toBe(vector.envelopeHash)
})

test.each(cases('packet_p2p_request_messages_request'))('P2P request, plain form: $name', vector => {
  const given = {
    id: vectorBytes(vector.id),
    from: vector.from,
    to: vector.to,
    limit: vector.limit,
    cursor: vectorBytes(vector.cursor),
    bloom: vectorBytes(vector.bloom)
  }
  expect(decodeHistoryRequest(vectorBytes(vector.payload))).toEqual({ kind: 'plain', ...given })
  expect(vectorHex(encodePlainRequest(given))).toBe(vector.payload)
})

test.each(cases('packet_p2p_request_complete'))('M-19 request complete: $name', vector => {
  const payload = vectorBytes(vector.payload)
  if (!vector.valid) {
    expect(() => decodeRequestComplete(payload)).toThrow(peerFault)
    return
  }
  const completion = decodeRequestComplete(payload)
  expect(vectorHex(completion.requestId)).toBe(vector.requestId)
  if (completion.kind === 'failed') expect(completion.error).toBe(vector.requestError)
  else {
    expect(vectorHex(completion.cursor)).toBe(vector.cursor)
    if (vector.lastEnvelopeHash) expect(vectorHex(completion.lastHash)).toBe(vector.lastEnvelopeHash)
  }
  const inner = vectorBytes(vector.inner).length
  if (inner === 64 || inner === 100 || completion.kind === 'failed') {
    expect(vectorHex(encodeRequestComplete(completion))).toBe(vector.payload)
  }
})

test.each(cases('packet_sync_request'))('sync request: $name', vector => {
  const given = {
    lower: vector.lower,
    upper: vector.upper,
    bloom: vectorBytes(vector.bloom),
    limit: vector.limit,
    cursor: vectorBytes(vector.cursor)
  }
  expect(decodeSyncRequest(vectorBytes(vector.payload))).toEqual(given)
  expect(vectorHex(encodeSyncRequest(given))).toBe(vector.payload)
})

test.each(cases('packet_sync_response'))('sync response: $name', vector => {
  const response = decodeSyncResponse(vectorBytes(vector.payload))
  expect(hashes(response.envelopes)).toEqual(vector.envelopeHashes)
  expect(response).toMatchObject({ final: vector.final, error: vector.error, cursor: vectorBytes(vector.cursor) })
  expect(vectorHex(encodeSyncResponse(response))).toBe(vector.payload)
})

test.each(cases('mailserver_request'))('mailserver request payload: $name', vector => {
  const given = {
    lower: vector.lower,
    upper: vector.upper,
    bloom: vectorBytes(vector.bloom),
    topics: vector.topics.map(vectorBytes),
    limit: vector.limit,
    cursor: vectorBytes(vector.cursor),
    batch: vector.batch
  }
  expect(vectorHex(encodeRequestPayload(given))).toBe(vector.rlp)
  expect(decodeRequestPayload(vectorBytes(vector.rlp))).toEqual(given)
})

test.each(cases('mailserver_request_envelope'))('mailserver request envelope: $name', vector => {
  const bytes = vectorBytes(vector.rlp)
  expect(vectorHex(envelopeHash(bytes))).toBe(vector.requestId)
  const key = vector.symKey
    ? { kind: 'symmetric' as const, key: vectorBytes(vector.symKey) }
    : { kind: 'asymmetric' as const, identity: createTestKey(vectorBytes(vector.mailserverPrivateKey)) }
  const envelope = decodeEnvelope(bytes)
  const opened = openMessage(envelope.data, key)
  if (typeof opened === 'string') throw new Error(opened)
  expect(vectorHex(opened.payload)).toBe(vector.payload)
  expect(opened.signer && equalBytes(opened.signer, vectorBytes(vector.nodePublicKey))).toBe(true)
  expect(vectorHex(envelope.topic)).toBe(vector.topic)
})

test.each(cases('mailserver_db_key'))('archive key and cursor: $name', vector => {
  const key = archiveKey({
    sentSeconds: vector.timestamp,
    hash: vectorBytes(vector.envelopeHash),
    topic: vectorBytes(vector.topic)
  })
  expect(vectorHex(key)).toBe(vector.key)
  expect(vectorHex(cursorOfArchiveKey(key))).toBe(vector.cursor)
})

test('every section of the file has a test here', () => {
  expect([...used].sort()).toEqual(Object.keys(sections).sort())
})
