import { keccak256 } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import type { RejectedEnvelope } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import {
  type EnvelopeError,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  openMessageResponse
} from '../../src/packets/confirmations.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { handPeer, node, peerIdOf, place, stepSlicer, time, unhurried } from '../support.ts'

const status = encodeStatus({ minPow: 0, light: false, confirmations: true })

/** A node that has sent one envelope to a peer, which can answer for it. */
async function posted(options = {}, slicer = unhurried) {
  const clock = time()
  const whisper = node(clock, 'node', options, slicer)
  const rejected: RejectedEnvelope[] = []
  const acknowledged: string[] = []
  const limited: number[] = []
  whisper.on('enveloperejected', fact => rejected.push(fact))
  whisper.on('envelopeacknowledged', fact => acknowledged.push(fact.hash))
  whisper.on('ratelimited', fact => limited.push(fact.count))
  await whisper.start()
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, status)
  await clock.settle()
  const { hash } = await whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  await clock.settle()
  const packet = peer.received.find(({ code }) => code === packetCodes.messages)
  const batch = keccak256(packet?.payload ?? new Uint8Array(0))
  const respond = async (errors: readonly EnvelopeError[], to = batch) => {
    await peer.send(packetCodes.messageResponse, encodeMessageResponse({ batch: to, errors }))
    await clock.settle()
  }
  return { clock, whisper, peer, hash, batch, respond, rejected, acknowledged, limited }
}

const error = (hash: Uint8Array, description = 'envelope from future', code = 37): EnvelopeError => ({
  hash,
  code,
  description
})

test('of a packet 12 no more entries are read than the batch has envelopes', async () => {
  const slicer = stepSlicer()
  const { respond, whisper, hash, rejected } = await posted({}, slicer)
  const before = slicer.pauses()
  await respond(Array.from({ length: 10_000 }, (_, i) => error(keccak256(Uint8Array.of(i & 255, i >> 8)))))
  // One for the entry, one for the packet.
  expect(slicer.pauses() - before).toBeLessThanOrEqual(2)
  // The batch has had its answer: nothing that comes later counts.
  await respond([error(hash)])
  expect(rejected).toEqual([])
  await whisper.stop()
})

test('one answer for a batch: a second packet 12 changes nothing, and after packet 11 the batch is forgotten', async () => {
  const { respond, whisper, peer, clock, hash, batch, rejected, acknowledged } = await posted()
  await respond([error(hash), error(hash), error(hash)])
  await respond([error(hash)])
  expect(rejected).toHaveLength(1)
  for (let i = 0; i < 3; i++) await peer.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(batch))
  await respond([error(hash)])
  await clock.settle()
  expect([rejected.length, acknowledged.length]).toEqual([1, 0])
  await whisper.stop()
})

test('only the answer that a batch is owed is free of the packet limit', async () => {
  const { respond, peer, clock, whisper, hash, batch, limited } = await posted({ rateLimitPerPeer: 1 })
  await respond([error(hash)])
  await peer.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(batch))
  await clock.settle()
  expect(limited).toEqual([])
  const others = [
    [packetCodes.messageResponse, encodeMessageResponse({ batch, errors: [] })],
    [packetCodes.batchAcknowledged, encodeBatchAcknowledged(batch)],
    [packetCodes.messageResponse, encodeMessageResponse({ batch: new Uint8Array(32), errors: [] })]
  ] as const
  for (const [code, payload] of others) await peer.send(code, payload)
  await clock.settle()
  expect(limited).toEqual([1])
  await clock.advance(10_000)
  expect(limited).toHaveLength(2)
  await whisper.stop()
})

test('an answer that is longer than its batch explains is not free', async () => {
  const { respond, whisper, hash, limited } = await posted({ rateLimitPerPeer: 1 })
  await respond(Array.from({ length: 100 }, () => error(hash)))
  await respond([])
  expect(limited).toEqual([1])
  await whisper.stop()
})

test('entries of packet 12 are told with the words of the peer, whether they are about time, and whose envelope it was', async () => {
  const cases = [
    ['envelope from future', 37, true],
    ['very old envelope', 37, true],
    ['envelope with low PoW received', 37, false],
    ['', 1, true],
    [`bad \u001b[31m${'x'.repeat(500)}`, 38, false]
  ] as const
  for (const [description, code, clock] of cases) {
    const { respond, whisper, hash, rejected } = await posted()
    await respond([error(hash, description, code)])
    expect(rejected).toMatchObject([{ peerId: peerIdOf('peer'), code, clock, own: true }])
    expect(rejected[0]?.description.length).toBeLessThanOrEqual(limits.peerText)
    expect(rejected[0]?.description).not.toContain('\u001b')
    await whisper.stop()
  }
})

test('an inner response that is unreadable is ignored, an outer one ends the link', async () => {
  for (const inner of [[], [new Uint8Array(31), []], [new Uint8Array(32), 1], [new Uint8Array(32), [[]], 3]]) {
    expect(openMessageResponse(encodeRlp([1, inner]))).toBeUndefined()
  }
  expect(openMessageResponse(encodeRlp([2, [new Uint8Array(32), []]]))).toBeUndefined()
  for (const outer of [Uint8Array.of(0x80), encodeRlp([1]), encodeRlp([1, 2, 3])]) {
    expect(() => openMessageResponse(outer)).toThrow(expect.objectContaining({ code: 'invalid-packet' }))
  }
  const { peer, whisper, hash, batch, rejected, clock } = await posted()
  await peer.send(packetCodes.messageResponse, encodeRlp([1, [batch, [[hash, 37, 'too', 'many']]]]))
  await clock.settle()
  expect([rejected.length, whisper.connected()]).toEqual([0, true])
  await whisper.stop()
})
