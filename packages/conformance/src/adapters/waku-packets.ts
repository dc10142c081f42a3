import { keccak256 } from '@status-stack/crypto'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Waku } from '@status-stack/waku'
import { envelopeErrorCode, packetCodes } from '@status-stack/waku/wire'
import {
  decodeBatchAcknowledged,
  decodeMessageResponse,
  decodeMessages,
  decodeRequestComplete,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  encodeMessages,
  envelopeHash
} from '@status-stack/whisper/wire'
import type { SectionSteps } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { floatOf } from './support.ts'
import { createNodeRun, type HandPeer, type NodeRun } from './waku-node.ts'

/** The packet sections of waku.json, against a node: what it makes of a packet, and that the link goes on. */
export const wakuPacketSections: Readonly<Record<string, SectionSteps>> = {
  packet_messages: { decode: readMessages },
  packet_messages_invalid: { decode: refusedMessages },
  packet_messages_response: { reproduce: makeResponse, decode: answerMessages },
  packet_confirmation_receive: { decode: receiveConfirmation },
  packet_p2p_message: { decode: receiveP2p },
  packet_p2p_request_complete: { decode: receiveCompletion }
}

const emptyStatus = Uint8Array.of(0xc0)

async function withPeer(
  nowSeconds: number,
  minPow: number,
  use: (node: Waku, peer: HandPeer, run: NodeRun) => Promise<void>
): Promise<void> {
  const run = createNodeRun(nowSeconds)
  const node = await run.waku({ minPow })
  try {
    const peer = await run.connect(node)
    await peer.send(packetCodes.status, emptyStatus)
    await use(node, peer, run)
  } finally {
    await run.stop()
  }
}

function readMessages(vector: VectorCase, check: Check): void {
  const payload = vectorBytes(vector['payload'])
  const envelopes = decodeMessages(payload)
  check.equal('code', vector['code'], packetCodes.messages)
  check.bytes('batchHash', vector['batchHash'], keccak256(payload))
  check.equal(
    'envelopeHashes',
    vector['envelopeHashes'],
    envelopes.map(bytes => vectorHex(envelopeHash(bytes)))
  )
  check.bytes('payload', vector['payload'], encodeMessages(envelopes))
}

async function refusedMessages(vector: VectorCase, check: Check): Promise<void> {
  check.equal('code', vector['code'], packetCodes.messages)
  await withPeer(1_577_836_800, 0, async (node, peer) => {
    await peer.send(packetCodes.messages, vectorBytes(vector['payload']))
    check.equal('pooled', vector['pooled'], node.info().messages)
    check.equal('payload', 1, node.counters().events.packetrefused)
    check.equal('connectionKept', vector['connectionKept'], peer.kept())
  })
}

interface EnvelopeErrorFields {
  readonly hash: string
  readonly code: number
  readonly description: string
}

function makeResponse(vector: VectorCase, check: Check): void {
  const errors: readonly EnvelopeErrorFields[] = vector['errors']
  const batch = vectorBytes(vector['batchHash'])
  check.bytes('batchHash', vector['batchHash'], keccak256(vectorBytes(vector['messagesPayload'])))
  const response = encodeMessageResponse({
    batch,
    errors: errors.map(error => ({ ...error, hash: vectorBytes(error.hash) }))
  })
  check.bytes('responsePayload', vector['responsePayload'], response)
  check.bytes('ackPayload', vector['ackPayload'], encodeBatchAcknowledged(batch))
  check.equal(
    'version',
    vector['version'],
    response[1 + Number((response[0] ?? 0) > 0xf7) * ((response[0] ?? 0) - 0xf7)]
  )
}

/** What a node answers: 12 first, then 11. Its descriptions are its own. */
async function answerMessages(vector: VectorCase, check: Check): Promise<void> {
  await withPeer(vector['now'], floatOf(vector['minPow']), async (_, peer) => {
    await peer.send(packetCodes.messages, vectorBytes(vector['messagesPayload']))
    const [response, ack] = peer.received.slice(1)
    check.equal('responseCode', vector['responseCode'], response?.code)
    check.equal('ackCode', vector['ackCode'], ack?.code)
    check.bytes('ackPayload', vector['ackPayload'], ack?.payload)
    const decoded = decodeMessageResponse(response?.payload ?? new Uint8Array())
    check.bytes('batchHash', vector['batchHash'], decoded?.batch)
    const plain = (errors: readonly { hash: string; code: number }[]) =>
      errors.map(({ hash, code }) => ({ hash, code }))
    const got = decoded?.errors.map(({ hash, code }) => ({ hash: vectorHex(hash), code })) ?? []
    check.equal('errors', plain(vector['errors'] ?? []), got)
    for (const { code } of got) check.equal('envelopeErrorCode', envelopeErrorCode, code)
  })
}

async function receiveConfirmation(vector: VectorCase, check: Check): Promise<void> {
  const payload = vectorBytes(vector['payload'])
  await withPeer(1_577_836_800, 0, async (_, peer) => {
    await peer.send(vector['code'], payload)
    check.equal('connectionKept', vector['connectionKept'], peer.kept())
  })
  const isResponse = vector['code'] === packetCodes.messageResponse
  check.equal('code', true, isResponse || vector['code'] === packetCodes.batchAcknowledged)
  let batch: Uint8Array | undefined
  try {
    const response = isResponse ? decodeMessageResponse(payload) : undefined
    batch = isResponse ? response?.batch : decodeBatchAcknowledged(payload)
    if (response !== undefined) check.equal('errors', vector['errors'], response.errors)
  } catch {
    batch = undefined
  }
  check.bytes('acknowledged', vector['acknowledged'], batch)
}

async function receiveP2p(vector: VectorCase, check: Check): Promise<void> {
  check.equal('code', vector['code'], packetCodes.p2pMessage)
  await withPeer(vector['now'], 0, async (node, peer, { time }) => {
    const hashes: string[] = []
    // An envelope that opens for none of our keys is matched, and nothing more: what was asked for is shown by the history of a page.
    if (vector['trusted'] === true) node.trustPeer('peer'.padEnd(64, '0'))
    const attempts = node.counters().events.packetrefused
    await peer.send(packetCodes.p2pMessage, vectorBytes(vector['payload']))
    await time.settle()
    const isError = node.counters().events.packetrefused > attempts
    check.equal('connectionKept', vector['connectionKept'], peer.kept())
    check.equal('pooled', vector['pooled'], node.info().messages)
    const result = isError ? 'error' : vector['trusted'] === true ? 'delivered' : 'ignored'
    check.equal('result', vector['result'], result)
    if (result === 'delivered') {
      const { envelopesOf } = await peerToPeerOf()
      const payload = vectorBytes(vector['payload'])
      const { end } = envelopesOf(payload)
      for (const bytes of decodeMessages(payload.subarray(0, end))) hashes.push(vectorHex(envelopeHash(bytes)))
    }
    check.equal('delivered', vector['delivered'], hashes)
  })
}

async function peerToPeerOf() {
  const { createWakuProtocol } = await import('@status-stack/waku/wire')
  const { peerToPeer, readablePart } = createWakuProtocol('full')
  return {
    envelopesOf: (payload: Uint8Array) => peerToPeer.envelopesOf(readablePart(packetCodes.p2pMessage, payload))
  }
}

async function receiveCompletion(vector: VectorCase, check: Check): Promise<void> {
  check.equal('code', vector['code'], packetCodes.p2pRequestComplete)
  const payload = vectorBytes(vector['payload'])
  await withPeer(1_577_836_800, 0, async (node, peer) => {
    if (vector['trusted'] === true) node.trustPeer('peer'.padEnd(64, '0'))
    await peer.send(packetCodes.p2pRequestComplete, payload)
    check.equal('connectionKept', vector['connectionKept'], peer.kept())
    const isError = node.counters().events.packetrefused > 0
    if (vector['trusted'] !== true || isError) {
      check.equal('result', vector['result'], isError ? 'error' : 'ignored')
      return
    }
    const completion = decodeRequestComplete(payload)
    check.equal('result', vector['result'], completion.kind === 'done' ? 'completed' : 'failed')
    check.bytes('requestId', vector['requestId'], completion.requestId)
    if (completion.kind === 'failed') {
      check.equal('requestError', vector['requestError'], completion.error)
      return
    }
    check.bytes('lastEnvelopeHash', vector['lastEnvelopeHash'], completion.lastHash)
    check.bytes('cursor', vector['cursor'], completion.cursor)
  })
}
