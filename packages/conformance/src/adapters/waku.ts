import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import {
  capability,
  characterKeys,
  checkPlainRequest,
  decodeHistoryRequest,
  decodeStatusOptions,
  decodeStatusV0,
  encodePlainRequest,
  encodeStatusOptions,
  encodeStatusV0,
  envelopeErrorCode,
  limits,
  optionsOf,
  packetCodes,
  type StatusOptions,
  type WakuRequest
} from '@status-stack/waku/wire'
import { type RateLimits, resolveOptions, topicSetOf } from '@status-stack/whisper/relay'
import {
  bloomLength,
  decodeRequestPayload,
  encodeRequestPayload,
  envelopeHash,
  envelopeHeaderLength,
  isFullNodeBloom,
  paddingAlignment,
  powToBits,
  limits as whisperLimits
} from '@status-stack/whisper/wire'
import type { Adapter } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { bytesOf, floatOf } from './support.ts'
import { wakuNodeSections } from './waku-behaviour.ts'
import { wakuPacketSections } from './waku-packets.ts'
import { rpcJson } from './waku-rpc.ts'
import { receiveStatus, receiveStatusV0, receiveUpdates } from './waku-status.ts'
import { openCase } from './whisper-envelope.ts'
import { whisperMisc } from './whisper-misc.ts'

const shared = whisperMisc.sections

/** Sections that are the Whisper ones, because the functions are. */
function same(section: string) {
  const steps = shared[section]
  if (steps === undefined) throw new Error(`no such section: ${section}`)
  return steps
}

export const waku: Adapter = {
  file: 'waku.json',
  sections: {
    constants: { reproduce: constants },
    topic_from_bytes: same('topic_from_bytes'),
    topic_to_bloom: same('topic_to_bloom'),
    bloom_match: same('bloom_match'),
    bloom_is_full_node: same('bloom_is_full_node'),
    envelope: same('envelope_pow'),
    open: { decode: openSealed },
    status_encode: { reproduce: makeStatus, decode: readStatus },
    status_update_encode: { reproduce: makeStatus, decode: readStatus },
    status_of_node: { reproduce: makeNodeStatus, decode: readStatus },
    v0_status_encode: { reproduce: makeStatusV0, decode: readStatusV0 },
    status_receive: { decode: receiveStatus },
    v0_status_receive: { decode: receiveStatusV0 },
    status_update_receive: { decode: receiveUpdates },
    mailserver_request: { reproduce: makeRequest, decode: readRequest },
    p2p_request_validate: { reproduce: validateRequest },
    packet_p2p_request: { decode: readPlainRequest },
    rpc_json: { decode: rpcJson },
    ...wakuPacketSections,
    ...wakuNodeSections
  }
}

/** An envelope that a Waku node sealed: opened by the functions of Whisper. */
function openSealed(vector: VectorCase, check: Check): void {
  check.bytes('hash', vector['hash'], envelopeHash(vectorBytes(vector['rlp'])))
  openCase({ ...vector, recipientPrivateKey: vector['privateKey'] }, check)
}

/** A limit triple of a vector. */
function limitsOf(fields: { readonly [name: string]: number }): RateLimits {
  return {
    address: BigInt(fields['ip'] ?? 0),
    peer: BigInt(fields['peerId'] ?? 0),
    topic: BigInt(fields['topic'] ?? 0)
  }
}

/** Names of the Go constants and ours. */
function constants(vector: VectorCase, check: Check): void {
  const options = resolveOptions()
  const ours: Readonly<Record<string, unknown>> = {
    ...packetCodes,
    numberOfMessageCodes: capability.length,
    protocolName: capability.name,
    protocolVersion: capability.version,
    bloomFilterSize: bloomLength,
    defaultMaxMessageSize: options.maxMessageSize,
    defaultSyncAllowance: options.syncAllowanceSeconds,
    defaultTtl: options.defaultTtlSeconds,
    envelopeHeaderLength,
    envelopeTimeNotSynced: envelopeErrorCode,
    // "Other" is one more than the only code in use, and is never sent.
    envelopeOtherError: envelopeErrorCode + 1,
    maxLimitInMessagesRequest: whisperLimits.maxHistoryLimit,
    maxMessageSize: whisperLimits.maxMessageSize,
    maxTopicInterest: limits.topicInterest,
    padSizeLimit: paddingAlignment,
    topicLength: 4,
    expirationCycleMs: 1000,
    transmissionCycleMs: 300,
    // The library's own; a status-go node replaces it, and so do we.
    defaultMinimumPoW: '0.2'
  }
  for (const [name, value] of Object.entries(vector)) {
    if (name === 'protocols') {
      // The older version is for peers of 2020 that have nothing else; ours offers the newer one alone.
      check.equal('protocols[1]', value[1], capability)
      check.equal('protocols[0]', value[0], { ...capability, version: 0 })
    } else if (name !== 'name' && name !== 'description' && name !== 'source') check.equal(name, value, ours[name])
  }
}

/** The options of a vector, as ours are called. */
function optionsOfVector(fields: VectorCase): StatusOptions {
  const { pow, bloom, lightNode, confirmationsEnabled, packetRateLimits, bytesRateLimits, topicInterest } = fields
  return {
    ...(pow === null || pow === undefined ? {} : { powBits: powToBits(floatOf(pow)) }),
    ...(bloom === null || bloom === undefined ? {} : { bloom: vectorBytes(bloom) }),
    ...(lightNode === null || lightNode === undefined ? {} : { light: lightNode }),
    ...(confirmationsEnabled === null || confirmationsEnabled === undefined
      ? {}
      : { confirmations: confirmationsEnabled }),
    ...(packetRateLimits === null || packetRateLimits === undefined
      ? {}
      : { packetLimits: limitsOf(packetRateLimits) }),
    ...(topicInterest === null || topicInterest === undefined ? {} : { topics: topicInterest.map(vectorBytes) }),
    ...(bytesRateLimits === null || bytesRateLimits === undefined ? {} : { byteLimits: limitsOf(bytesRateLimits) })
  }
}

function checkBits(vector: VectorCase, options: StatusOptions, check: Check): void {
  const bits = vector['options'].powFloat64Bits
  check.equal('options.powFloat64Bits', bits === null ? null : BigInt(bits), options.powBits)
}

function makeStatus(vector: VectorCase, check: Check): void {
  const options = optionsOfVector(vector['options'])
  checkBits(vector, options, check)
  check.bytes('payload', vector['payload'], encodeStatusOptions(options))
}

function readStatus(vector: VectorCase, check: Check): void {
  check.equal('code', true, [packetCodes.status, packetCodes.statusUpdate].includes(vector['code']))
  const options = decodeStatusOptions(vectorBytes(vector['payload']))
  checkBits(vector, options, check)
  check.equal('options', optionsOfVector(vector['options']), options)
}

function makeStatusV0(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], packetCodes.status)
  const options = optionsOfVector(vector['options'])
  checkBits(vector, options, check)
  check.bytes('payload', vector['payload'], encodeStatusV0(options))
  check.bytes('updatePayload', vector['updatePayload'], encodeStatusOptions(options, characterKeys))
}

function readStatusV0(vector: VectorCase, check: Check): void {
  check.equal('options', optionsOfVector(vector['options']), decodeStatusV0(vectorBytes(vector['payload'])))
  const update = decodeStatusOptions(vectorBytes(vector['updatePayload']), characterKeys)
  check.equal('options', optionsOfVector(vector['options']), update)
}

/** What a node with these settings says first. */
function makeNodeStatus(vector: VectorCase, check: Check): void {
  const { settings } = vector
  const bloom = settings.bloomFilter === null ? undefined : vectorBytes(settings.bloomFilter)
  // In topic mode a full filter is the default, and no choice.
  const kept = settings.bloomFilterMode ? bloom : undefined
  const topics = settings.topicInterest === null ? undefined : topicSetOf(settings.topicInterest.map(vectorBytes))
  check.equal('settings.fullNode', settings.fullNode, bloom !== undefined && isFullNodeBloom(bloom))
  const options = optionsOf(
    {
      minPow: floatOf(settings.minPow),
      interest: { ...(kept === undefined ? {} : { bloom: kept }), ...(topics === undefined ? {} : { topics }) },
      light: settings.lightClient,
      confirmations: settings.confirmations,
      rateLimits: limitsOf(settings.packetRateLimits),
      byteLimits: limitsOf(settings.bytesRateLimits)
    },
    'status'
  )
  check.equal('options', optionsOfVector(vector['options']), options)
  check.bytes('payload', vector['payload'], encodeStatusOptions(options))
}

function requestOf(vector: VectorCase) {
  const { lower, upper, limit, batch } = vector
  const bloom = vectorBytes(vector['bloom'])
  return {
    lower,
    upper,
    limit,
    batch,
    bloom,
    topics: vector['topics'].map(vectorBytes),
    cursor: bytesOf(vector['cursor'])
  }
}

function makeRequest(vector: VectorCase, check: Check): void {
  check.bytes('rlp', vector['rlp'], encodeRequestPayload(requestOf(vector)))
}

/** Whether a server answers it: `validate` of the mailserver, in short. */
function readRequest(vector: VectorCase, check: Check): void {
  const request = decodeRequestPayload(vectorBytes(vector['rlp']))
  check.equal('rlp', requestOf(vector), request)
  check.equal('valid', vector['valid'], request.upper === 0 || request.lower <= request.upper)
}

function plainRequestOf(fields: VectorCase): WakuRequest {
  const { from, to, limit } = fields
  return {
    id: vectorBytes(fields['id']),
    from,
    to,
    limit,
    cursor: bytesOf(fields['cursor']),
    bloom: bytesOf(fields['bloom']),
    topics: fields['topics'].map(vectorBytes)
  }
}

async function validateRequest(vector: VectorCase, check: Check): Promise<void> {
  const request = plainRequestOf(vector['request'])
  check.bytes('payload', vector['payload'], encodePlainRequest(request))
  await check.verdict('valid', vector['valid'] === true, () => checkPlainRequest(request))
}

async function readPlainRequest(vector: VectorCase, check: Check): Promise<void> {
  check.equal('code', vector['code'], packetCodes.p2pRequest)
  // A packet that cannot be read costs no link.
  check.equal('connectionKept', vector['connectionKept'], true)
  const decode = () => decodeHistoryRequest(vectorBytes(vector['payload']))
  const request = await check.verdict('form', vector['form'] !== null, decode)
  if (request === undefined) return
  check.equal('form', vector['form'], request.kind)
  if (request.kind === 'envelope') {
    check.bytes('envelopeHash', vector['envelopeHash'], request.hash)
    check.equal('payload', vector['payload'], vectorHex(vectorBytes(vector['payload'])))
    return
  }
  const { kind, ...plain } = request
  check.equal('request', plainRequestOf(vector['request']), plain)
}
