import { keccak256 } from '@status-stack/crypto'
import { decodeRlp, rlpList, rlpUint } from '@status-stack/rlp'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import {
  decodeBatchAcknowledged,
  decodeBloomFilter,
  decodeMessageResponse,
  decodeMessages,
  decodePowRequirement,
  decodeRateLimits,
  decodeStatus,
  encodeBatchAcknowledged,
  encodeBloomFilter,
  encodeMessageResponse,
  encodeMessages,
  encodePowRequirement,
  encodeRateLimits,
  encodeStatus,
  envelopeErrorCode,
  envelopeHash,
  isFullNodeBloom,
  packetCodes,
  powToBits,
  type RateLimits,
  type Status
} from '@status-stack/whisper/wire'
import type { SectionSteps } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { bytesOf, checkHashes, floatOf } from './support.ts'
import { statusPeer } from './whisper-node.ts'

/** The packet sections of whisper-misc.json between all peers: each packet made from its fields, and its fields read from the packet. */
export const packetSections: Readonly<Record<string, SectionSteps>> = {
  packet_status_geth: { reproduce: makeStatus, decode: readStatus },
  packet_status_statusgo: { reproduce: makeStatus, decode: readStatus },
  packet_status_receive: { decode: receiveStatus },
  packet_status_statusgo_receive: { decode: receiveStatus },
  packet_messages: { decode: readMessages },
  packet_messages_response: { reproduce: makeResponse, decode: readResponse },
  packet_batch_acknowledged: {
    reproduce: (vector, check) => {
      check.equal('code', vector['code'], packetCodes.batchAcknowledged)
      check.bytes('payload', vector['payload'], encodeBatchAcknowledged(vectorBytes(vector['batchHash'])))
    },
    decode: (vector, check) =>
      check.bytes('batchHash', vector['batchHash'], decodeBatchAcknowledged(vectorBytes(vector['payload'])))
  },
  packet_pow_requirement: {
    reproduce: (vector, check) => {
      check.equal('code', vector['code'], packetCodes.powRequirement)
      check.equal('float64Bits', BigInt(vector['float64Bits']), powToBits(floatOf(vector['pow'])))
      check.bytes('payload', vector['payload'], encodePowRequirement(floatOf(vector['pow'])))
    },
    decode: (vector, check) =>
      check.equal('pow', floatOf(vector['pow']), decodePowRequirement(vectorBytes(vector['payload'])))
  },
  packet_pow_requirement_invalid: {
    decode: (vector, check) => {
      check.equal('code', vector['code'], packetCodes.powRequirement)
      return check.refused('payload', () => decodePowRequirement(vectorBytes(vector['payload'])))
    }
  },
  packet_bloom_filter: {
    reproduce: (vector, check) => {
      check.equal('code', vector['code'], packetCodes.bloomFilter)
      check.bytes('payload', vector['payload'], encodeBloomFilter(vectorBytes(vector['bloom'])))
    },
    decode: (vector, check) => check.bytes('bloom', vector['bloom'], decodeBloomFilter(vectorBytes(vector['payload'])))
  },
  packet_bloom_filter_invalid: {
    decode: (vector, check) => {
      check.equal('code', vector['code'], packetCodes.bloomFilter)
      return check.refused('payload', () => decodeBloomFilter(vectorBytes(vector['payload'])))
    }
  },
  packet_rate_limits: {
    reproduce: (vector, check) => {
      check.equal('code', vector['code'], packetCodes.rateLimits)
      check.bytes('payload', vector['payload'], encodeRateLimits(limitsOf(vector)))
    },
    decode: (vector, check) => {
      const { address, peer, topic } = decodeRateLimits(vectorBytes(vector['payload']))
      check.equal('ip', vector['ip'], Number(address))
      check.equal('peerId', vector['peerId'], Number(peer))
      check.equal('topic', vector['topic'], Number(topic))
    }
  }
}

function limitsOf(fields: { readonly [name: string]: number }): RateLimits {
  return {
    address: BigInt(fields['ip'] ?? 0),
    peer: BigInt(fields['peerId'] ?? 0),
    topic: BigInt(fields['topic'] ?? 0)
  }
}

function statusOf(vector: VectorCase): Status {
  const bloom = bytesOf(vector['bloom'])
  return {
    minPow: floatOf(vector['pow']),
    ...(bloom.length === 0 ? {} : { bloom }),
    light: vector['lightNode'],
    ...(vector['confirmationsEnabled'] === undefined
      ? {}
      : { confirmations: vector['confirmationsEnabled'], rateLimits: limitsOf(vector['rateLimits']) })
  }
}

function makeStatus(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], packetCodes.status)
  const payload = encodeStatus(statusOf(vector))
  check.equal('version', vector['version'], rlpUint('version', rlpList('status', decodeRlp(payload))[0], 32))
  check.bytes('payload', vector['payload'], payload)
}

function readStatus(vector: VectorCase, check: Check): void {
  const status = decodeStatus(vectorBytes(vector['payload']))
  check.equal('pow', floatOf(vector['pow']), status.minPow)
  check.bytes('bloom', bytesOf(vector['bloom']), status.bloom ?? new Uint8Array())
  check.equal('lightNode', vector['lightNode'], status.light)
  check.equal('confirmationsEnabled', vector['confirmationsEnabled'] ?? false, status.confirmations)
  check.equal('rateLimits', limitsOf(vector['rateLimits'] ?? {}), status.rateLimits)
}

/** A full node's filter is kept as all ones by the Go code; ours has none. */
const everything = `0x${'ff'.repeat(64)}`

async function receiveStatus(vector: VectorCase, check: Check): Promise<void> {
  const payload = vectorBytes(vector['payload'])
  const peer = await statusPeer(payload, vector['receiverIsLight'] === true)
  check.equal('accepted', vector['accepted'], peer !== undefined)
  if (peer === undefined) return
  const status = decodeStatus(payload)
  check.equal('peerPow', floatOf(vector['peerPow']), peer.minPow)
  check.equal('peerFullNode', vector['peerFullNode'], peer.fullNode)
  check.equal('peerFullNode', vector['peerFullNode'], isFullNodeBloom(status.bloom))
  check.bytes('peerBloom', vector['peerBloom'], status.bloom ?? vectorBytes(everything))
  if (vector['peerConfirmationsEnabled'] !== undefined) {
    check.equal('peerConfirmationsEnabled', vector['peerConfirmationsEnabled'], peer.confirmations)
    check.equal('peerRateLimits', limitsOf(vector['peerRateLimits']), status.rateLimits)
  }
}

function readMessages(vector: VectorCase, check: Check): void {
  const payload = vectorBytes(vector['payload'])
  const envelopes = decodeMessages(payload)
  check.equal('code', vector['code'], packetCodes.messages)
  check.bytes('batchHash', vector['batchHash'], keccak256(payload))
  checkHashes(vector, envelopes, check)
  check.bytes('payload', vector['payload'], encodeMessages(envelopes))
}

function makeResponse(vector: VectorCase, check: Check): void {
  const errors: readonly { hash: string; code: number; description: string }[] = vector['errors'] ?? []
  const batch = vectorBytes(vector['batchHash'])
  check.equal('responseCode', vector['responseCode'], packetCodes.messageResponse)
  const payload = encodeMessageResponse({
    batch,
    errors: errors.map(error => ({ ...error, hash: vectorBytes(error.hash) }))
  })
  check.equal('version', vector['version'], rlpUint('version', rlpList('response', decodeRlp(payload))[0], 32))
  check.bytes('responsePayload', vector['responsePayload'], payload)
  if (vector['messagesPayload'] === undefined) return
  check.bytes('batchHash', vector['batchHash'], keccak256(vectorBytes(vector['messagesPayload'])))
  check.equal('ackCode', vector['ackCode'], packetCodes.batchAcknowledged)
  check.bytes('ackPayload', vector['ackPayload'], encodeBatchAcknowledged(batch))
  // What a node itself answers carries the one code in use, and the hashes of the envelopes it was sent.
  const sent = decodeMessages(vectorBytes(vector['messagesPayload'])).map(bytes => vectorHex(envelopeHash(bytes)))
  for (const [index, error] of errors.entries()) {
    check.equal(`errors[${index}].code`, error.code, envelopeErrorCode)
    check.equal(`errors[${index}].hash`, true, sent.includes(error.hash))
  }
}

function readResponse(vector: VectorCase, check: Check): void {
  const response = decodeMessageResponse(vectorBytes(vector['responsePayload']))
  check.bytes('batchHash', vector['batchHash'], response?.batch)
  check.equal('errors', vector['errors'] ?? [], response?.errors)
  if (vector['ackPayload'] !== undefined) {
    check.bytes('batchHash', vector['batchHash'], decodeBatchAcknowledged(vectorBytes(vector['ackPayload'])))
  }
}
