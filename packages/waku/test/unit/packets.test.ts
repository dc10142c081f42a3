import { bytesToHex, concatBytes, keccak256 } from '@status-stack/crypto'
import { decodeRlp, encodeRlp, rlpList } from '@status-stack/rlp'
import type { HistoryRequest, MailPeer } from '@status-stack/whisper'
import {
  decodeBatchAcknowledged,
  decodeMessageResponse,
  decodeRequestPayload,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  encodeRequestComplete,
  openMessage
} from '@status-stack/whisper/wire'
import { expect, test } from 'vitest'
import {
  checkPlainRequest,
  decodeHistoryRequest,
  decodeStatusOptions,
  encodePlainRequest,
  encodeStatusOptions,
  packetCodes
} from '../../src/wire.ts'
import {
  collect,
  envelopeOfPow,
  handPeer,
  hashOf,
  key,
  messages,
  otherTopic,
  place,
  rawEnvelope,
  started,
  symmetricKey,
  topic
} from '../support.ts'

const everything = encodeStatusOptions({ powBits: 0n })
const answers = [packetCodes.messageResponse, packetCodes.batchAcknowledged]

test('K-17 a node with confirmations answers every batch with 12 and then 11, errors with code 21', async () => {
  const { time, waku } = await started({ minPow: 0.05 })
  const peer = await handPeer(time, waku)
  const bad = envelopeOfPow(time, pow => pow < 0.05)
  const good = envelopeOfPow(time, pow => pow >= 0.05)
  const batch = messages(bad, good)
  await peer.send(packetCodes.messages, batch)
  await peer.send(packetCodes.messages, messages())
  const got = peer.received.filter(({ code }) => answers.includes(code as 11))
  expect(got.map(({ code }) => code)).toEqual([12, 11, 12, 11])
  const response = decodeMessageResponse(got[0]?.payload ?? new Uint8Array())
  expect(response?.batch).toEqual(keccak256(batch))
  expect(response?.errors.map(({ hash, code }) => [bytesToHex(hash), code])).toEqual([[hashOf(bad), 21]])
  expect(decodeBatchAcknowledged(got[1]?.payload ?? new Uint8Array())).toEqual(keccak256(batch))
  expect(decodeStatusOptions(peer.received[0]?.payload ?? new Uint8Array()).confirmations).toBe(true)
  await waku.stop()
})

test('K-17 a node without confirmations says so and answers nothing', async () => {
  const { time, waku } = await started({ confirmations: false })
  const peer = await handPeer(time, waku)
  await peer.send(packetCodes.messages, messages(rawEnvelope(time, 1)))
  expect(peer.received.map(({ code }) => code)).toEqual([packetCodes.status])
  await waku.stop()
})

test('K-17 acknowledgements count for peers that said that they confirm, and leave out what packet 12 names', async () => {
  const { time, waku } = await started()
  const peer = await handPeer(time, waku, encodeStatusOptions({ powBits: 0n, confirmations: true }))
  const posted = await Promise.all(
    [1, 2].map(payload => waku.post({ route: place().route, payload: Uint8Array.of(payload) }))
  )
  await time.settle()
  const batches = peer.received.filter(({ code }) => code === packetCodes.messages)
  const confirmed = posted.map(({ confirmations }) => collect(confirmations))
  const [first] = posted
  for (const { payload } of batches) {
    const batch = keccak256(payload)
    const errors = [{ hash: first?.hash ?? new Uint8Array(32), code: 22, description: 'no' }]
    await peer.send(12, encodeMessageResponse({ batch, errors }))
    await peer.send(11, encodeBatchAcknowledged(batch))
  }
  expect(confirmed.map(({ length }) => length)).toEqual([0, 1])
  await waku.stop()
})

test('K-18 packet and byte limits are counted apart, 0 switches one off, and both are announced', async () => {
  const limited = await started({ rateLimitPerPeer: 3, byteLimitPerPeer: 100, byteLimitPerAddress: 70 })
  const peer = await handPeer(limited.time, limited.waku, everything, { address: '203.0.113.7' })
  const options = decodeStatusOptions(peer.received[0]?.payload ?? new Uint8Array())
  expect(options.packetLimits).toEqual({ address: 0n, peer: 3n, topic: 0n })
  expect(options.byteLimits).toEqual({ address: 70n, peer: 100n, topic: 0n })
  const scopes: string[] = []
  limited.waku.on('ratelimited', fact => scopes.push(fact.scope))
  await peer.send(99, new Uint8Array(60))
  expect(scopes).toEqual([])
  await peer.send(99, new Uint8Array(60))
  expect(scopes).toEqual(['address'])
  await limited.time.advance(1000)
  for (let i = 0; i < 3; i++) await peer.send(99, new Uint8Array(0))
  expect(scopes).toEqual(['address'])
  await peer.send(99, new Uint8Array(0))
  expect(scopes).toEqual(['address', 'peer'])
  await limited.waku.stop()
  const free = await started()
  const unlimited = await handPeer(free.time, free.waku, everything, { address: '203.0.113.7' })
  for (let i = 0; i < 50; i++) await unlimited.send(99, new Uint8Array(1000))
  expect(free.waku.counters().events.ratelimited).toBe(0)
  await free.waku.stop()
})

test('K-18 the Status is not counted, and the tolerance ends the link', async () => {
  const { time, waku } = await started({ byteLimitPerPeer: 10, rateLimitTolerance: 2 })
  const peer = await handPeer(time, waku, encodeStatusOptions({ bloom: new Uint8Array(64).fill(255) }))
  expect(waku.counters().events.ratelimited).toBe(0)
  await peer.send(99, new Uint8Array(11))
  expect(waku.connected()).toBe(true)
  await time.advance(5000)
  await peer.send(99, new Uint8Array(11))
  await time.advance(5000)
  expect(await peer.ended).toMatchObject({ code: 'rate-limit-exceeded' })
  await waku.stop()
})

test('K-11 packet 127 is a list also for one envelope; of strangers it is ignored, a bare envelope is an error', async () => {
  const { time, waku } = await started()
  const peer = await handPeer(time, waku, everything)
  const id = waku.filters.add({ key: { kind: 'symmetric', key: symmetricKey }, topics: [topic], allowP2P: true })
  await waku.post({ route: place().route, payload: Uint8Array.of(1), targetPeer: peer.pair.left.peerId })
  const sent = peer.received.find(({ code }) => code === packetCodes.p2pMessage)?.payload ?? new Uint8Array()
  const [envelope] = rlpList('messages', decodeRlp(sent))
  const bare = encodeRlp(envelope ?? '')
  expect(rlpList('messages', decodeRlp(sent))).toHaveLength(1)
  await peer.send(packetCodes.p2pMessage, sent)
  expect(waku.filters.messages(id)).toHaveLength(0)
  waku.trustPeer(peer.pair.left.peerId)
  await peer.send(packetCodes.p2pMessage, sent)
  expect(waku.filters.messages(id)).toMatchObject([{ payload: Uint8Array.of(1), p2p: true }])
  await peer.send(packetCodes.p2pMessage, bare)
  expect(waku.filters.messages(id)).toHaveLength(0)
  expect(waku.counters().events.packetrefused).toBe(1)
  expect(waku.connected()).toBe(true)
  await waku.stop()
})

const plain = {
  id: new Uint8Array(32).fill(1),
  from: 1,
  to: 2,
  limit: 3,
  cursor: new Uint8Array(0),
  bloom: new Uint8Array(64).fill(255),
  topics: [topic, otherTopic]
}

test('K-20 the plain form of a request has 7 elements; 6 and 8 are refused, and its sender checks it', () => {
  const payload = encodePlainRequest(plain)
  expect(rlpList('request', decodeRlp(payload))).toHaveLength(7)
  expect(decodeHistoryRequest(payload)).toEqual({ kind: 'plain', ...plain })
  expect(decodeHistoryRequest(concatBytes(payload, Uint8Array.of(1)))).toMatchObject({ kind: 'plain', from: 1 })
  const { id, from, to, limit, cursor, bloom, topics } = plain
  for (const elements of [
    [id, from, to, limit, cursor, bloom],
    [id, from, to, limit, cursor, bloom, topics, 1],
    [id, 2 ** 32, to, limit, cursor, bloom, topics]
  ]) {
    expect(() => decodeHistoryRequest(encodeRlp(elements))).toThrow(expect.objectContaining({ code: 'invalid-packet' }))
  }
  // A receiver reads what a sender would not send.
  expect(decodeHistoryRequest(encodePlainRequest({ ...plain, id: Uint8Array.of(1) }))).toMatchObject({ kind: 'plain' })
  expect(() => checkPlainRequest(plain)).not.toThrow()
  expect(() => checkPlainRequest({ ...plain, bloom: new Uint8Array(0) })).not.toThrow()
  const wrong = [
    { ...plain, id: new Uint8Array(31) },
    { ...plain, from: 3 },
    { ...plain, limit: 1001 },
    { ...plain, bloom: new Uint8Array(0), topics: [] }
  ]
  for (const request of wrong) {
    expect(() => checkPlainRequest(request)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  }
})

test('K-20 a sealed request has 7 elements, and a page comes back in lists', async () => {
  const { time, waku } = await started()
  const server = await handPeer(time, waku, everything)
  const page = waku.history(server.pair.left.peerId, {
    interests: [place().interest],
    fromSeconds: 1,
    toSeconds: 2,
    limit: 10,
    signer: key(9),
    key: { kind: 'symmetric', key: symmetricKey }
  })
  await time.settle()
  const request = server.received.find(({ code }) => code === packetCodes.p2pRequest)?.payload ?? new Uint8Array()
  const read = decodeHistoryRequest(request)
  if (read.kind !== 'envelope') throw new Error('expected a sealed request')
  const opened = openMessage(read.envelope.data, { kind: 'symmetric', key: symmetricKey })
  if (typeof opened === 'string') throw new Error(opened)
  expect(rlpList('request', decodeRlp(opened.payload))).toHaveLength(7)
  expect(decodeRequestPayload(opened.payload)).toMatchObject({ lower: 1, upper: 2, limit: 10, batch: true, topics: [] })
  const completion = {
    kind: 'done' as const,
    requestId: read.hash,
    lastHash: new Uint8Array(32),
    cursor: new Uint8Array(0)
  }
  await server.send(packetCodes.p2pRequestComplete, encodeRequestComplete(completion))
  expect(await page).toEqual({ deliveries: [] })
  await waku.stop()
})

test('K-20 a server gets both forms, and answers in lists', async () => {
  const { time, waku } = await started()
  const got: HistoryRequest[] = []
  let asker: MailPeer | undefined
  waku.serve({
    request: async (request, peer) => {
      got.push(request)
      asker = peer
    }
  })
  const peer = await handPeer(time, waku, everything)
  await peer.send(packetCodes.p2pRequest, encodePlainRequest(plain))
  await peer.send(packetCodes.p2pRequest, rawEnvelope(time, 1))
  expect(got.map(({ kind }) => kind)).toEqual(['plain', 'envelope'])
  await asker?.sendMessages([rawEnvelope(time, 2)])
  await time.settle()
  const sent = peer.received.find(({ code }) => code === packetCodes.p2pMessage)
  expect(rlpList('messages', decodeRlp(sent?.payload ?? new Uint8Array()))).toHaveLength(1)
  await waku.stop()
})

test('mailservers of Waku do not copy from each other', async () => {
  const { time, waku } = await started()
  const peer = await handPeer(time, waku, everything)
  const request = { lower: 1, upper: 2, limit: 10, bloom: new Uint8Array(64), cursor: new Uint8Array(0) }
  await expect(waku.mailserver.sync(peer.pair.left.peerId, request)).rejects.toMatchObject({ code: 'not-supported' })
  await waku.stop()
})
