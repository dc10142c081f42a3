import { prepareNonceSearch } from '@status-stack/crypto'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { InterestKey } from '@status-stack/whisper'
import {
  aggregateEnvelopeBlooms,
  archiveKey,
  bloomAdmits,
  capability,
  cursorLength,
  cursorOfArchiveKey,
  decodeEnvelope,
  encodeRequestPayload,
  envelopeBloom,
  envelopeErrorCode,
  envelopeHash,
  envelopeHeaderLength,
  envelopePow,
  envelopeSize,
  isFullNodeBloom,
  limits,
  openMessage,
  packetCodes,
  paddingAlignment,
  powPrefix,
  powTargetBits,
  powToBits,
  resolveOptions,
  symmetricKeyFromPassword,
  topicFromBytes
} from '@status-stack/whisper/wire'
import type { Adapter } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { bytesOf, floatOf, identityOf } from './support.ts'
import { packetSections } from './whisper-packets.ts'
import { peerToPeerSections } from './whisper-peer-to-peer.ts'

export const whisperMisc: Adapter = {
  file: 'whisper-misc.json',
  sections: {
    topic_from_bytes: {
      reproduce: (vector, check) => check.bytes('topic', vector['topic'], topicFromBytes(bytesOf(vector['input'])))
    },
    topic_to_bloom: { reproduce: topicToBloom },
    topics_to_bloom: { reproduce: topicsToBloom },
    bloom_aggregate: { reproduce: topicsToBloom },
    bloom_match: {
      reproduce: (vector, check) => {
        const filter = vector['filter'] === null ? undefined : vectorBytes(vector['filter'])
        check.equal('match', vector['match'], bloomAdmits(filter, vectorBytes(vector['sample'])))
      }
    },
    bloom_is_full_node: {
      reproduce: (vector, check) => {
        const bloom = vector['bloom'] === null ? undefined : vectorBytes(vector['bloom'])
        check.equal('fullNode', vector['fullNode'], isFullNodeBloom(bloom))
      }
    },
    envelope_pow: { reproduce: powOfEnvelope },
    pow_to_first_bit: {
      reproduce: (vector, check) => {
        const bits = powTargetBits(floatOf(vector['pow']), vector['dataLength'], vector['ttl'])
        check.equal('bits', vector['bits'], bits)
      }
    },
    sym_key_from_password: {
      reproduce: async (vector, check) =>
        check.bytes('symKey', vector['symKey'], await symmetricKeyFromPassword(vector['password']))
    },
    constants: { reproduce: constants },
    mailserver_request: { reproduce: requestPayload },
    mailserver_request_envelope: { decode: requestEnvelope },
    mailserver_db_key: { reproduce: databaseKey },
    ...packetSections,
    ...peerToPeerSections
  }
}

function topicToBloom(vector: VectorCase, check: Check): void {
  const bloom = envelopeBloom(vectorBytes(vector['topic']))
  check.bytes('bloom', vector['bloom'], bloom)
  const bits = bloom.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
  check.equal('bitsSet', vector['bitsSet'], bits)
}

function topicsToBloom(vector: VectorCase, check: Check): void {
  const topics: readonly string[] = vector['topics'] ?? []
  check.bytes('bloom', vector['bloom'], aggregateEnvelopeBlooms(topics.map(vectorBytes)))
}

function powOfEnvelope(vector: VectorCase, check: Check): void {
  const bytes = vectorBytes(vector['rlp'])
  const envelope = decodeEnvelope(bytes)
  const pow = envelopePow(envelope)
  check.bytes('hash', vector['hash'], envelopeHash(bytes))
  check.equal('size', vector['size'], envelopeSize(envelope))
  check.equal('ttl', vector['ttl'], envelope.ttl)
  check.equal('pow', floatOf(vector['pow']), pow)
  if (vector['nonce'] !== undefined) check.equal('nonce', vector['nonce'], envelope.nonce)
  if (vector['powFloat64Bits'] !== undefined)
    check.equal('powFloat64Bits', BigInt(vector['powFloat64Bits']), powToBits(pow))
  if (vector['powWithTtlPlus6'] !== undefined) {
    check.equal('powWithTtlPlus6', floatOf(vector['powWithTtlPlus6']), envelopePow(envelope, 6))
  }
  const prefix = powPrefix(envelope)
  if (vector['rlpWithoutNonceLength'] === undefined) return
  check.equal('rlpWithoutNonceLength', vector['rlpWithoutNonceLength'], prefix.length)
  // The search must see the same work in a nonce as the plain function does.
  const bits = Math.round(Math.log2(pow * envelope.ttl * prefix.length))
  check.equal('powLeadingZeroBits', bits, prepareNonceSearch(prefix).bitsOf(envelope.nonce))
}

/** Names of the Go constants and ours. */
function constants(vector: VectorCase, check: Check): void {
  const options = resolveOptions()
  const ours: Readonly<Record<string, number>> = {
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
    defaultMaxMessageSize: options.maxMessageSize,
    maxMessageSize: limits.maxMessageSize,
    defaultSyncAllowance: options.syncAllowanceSeconds,
    defaultTtl: options.defaultTtlSeconds,
    envelopeHeaderLength,
    envelopeTimeNotSynced: envelopeErrorCode,
    // "Other" is one more than the only code in use, and is never sent.
    envelopeOtherError: envelopeErrorCode + 1,
    maxLimitInMessagesRequest: limits.maxHistoryLimit,
    maxLimitInSyncMailRequest: limits.maxHistoryLimit,
    padSizeLimit: paddingAlignment
  }
  for (const [name, value] of Object.entries(vector)) {
    if (typeof value === 'number') check.equal(name, value, ours[name])
  }
}

function requestPayload(vector: VectorCase, check: Check): void {
  const requested: readonly string[] = vector['requestedTopics'] ?? []
  const topics: readonly string[] = vector['topics'] ?? []
  check.bytes('bloom', vector['bloom'], aggregateEnvelopeBlooms(requested.map(vectorBytes)))
  const payload = encodeRequestPayload({
    lower: vector['lower'],
    upper: vector['upper'],
    bloom: vectorBytes(vector['bloom']),
    topics: topics.map(vectorBytes),
    limit: vector['limit'],
    cursor: bytesOf(vector['cursor']),
    batch: vector['batch']
  })
  check.bytes('rlp', vector['rlp'], payload)
}

async function requestEnvelope(vector: VectorCase, check: Check): Promise<void> {
  const bytes = vectorBytes(vector['rlp'])
  const envelope = decodeEnvelope(bytes)
  check.bytes('requestId', vector['requestId'], envelopeHash(bytes))
  check.bytes('topic', vector['topic'], envelope.topic)
  let key: InterestKey
  if (vector['password'] === undefined) {
    const identity = identityOf(vector['mailserverPrivateKey'])
    check.bytes('mailserverPublicKey', vector['mailserverPublicKey'], identity.publicKey)
    key = { kind: 'asymmetric', identity }
  } else {
    key = { kind: 'symmetric', key: await symmetricKeyFromPassword(vector['password']) }
    check.bytes('symKey', vector['symKey'], key.key)
  }
  const opened = openMessage(envelope.data, key)
  if (typeof opened === 'string') throw new Error(opened)
  check.bytes('payload', vector['payload'], opened.payload)
  check.bytes('nodePublicKey', vector['nodePublicKey'], opened.signer)
  check.bytes('nodePublicKey', vector['nodePublicKey'], identityOf(vector['nodePrivateKey']).publicKey)
}

function databaseKey(vector: VectorCase, check: Check): void {
  const key = archiveKey({
    sentSeconds: vector['timestamp'],
    hash: vectorBytes(vector['envelopeHash']),
    topic: vectorBytes(vector['topic'])
  })
  check.bytes('key', vector['key'], key, [
    ['timestamp', 4],
    ['envelopeHash', 32],
    ['topic', 4]
  ])
  check.bytes('cursor', vector['cursor'], cursorOfArchiveKey(key))
}
