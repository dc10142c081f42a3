import { bytesToHex, equalBytes, keccak256 } from '@status-stack/crypto'
import type { TimeSlicer } from '@status-stack/utils'
import { expect, test } from 'vitest'
import { encodeEnvelope } from '../../src/envelope.ts'
import { limits } from '../../src/limits.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeBatchAcknowledged } from '../../src/packets/confirmations.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { handPeer, node, place, stepSlicer, time, topic } from '../support.ts'

async function started(options = {}, slicer?: TimeSlicer) {
  const clock = time()
  const whisper = node(clock, 'node', options, slicer)
  await whisper.start()
  const raw = (nonce: number, ttl = 50, data = new Uint8Array(9)): Uint8Array => {
    const expiry = Math.floor(clock.clock.nowMs() / 1000) + ttl
    return encodeEnvelope({ expiry, ttl, topic, data, nonce: BigInt(nonce) })
  }
  const told: string[] = []
  const end = whisper.exchange.onPooled(envelope => told.push(bytesToHex(keccak256(envelope))))
  return { clock, whisper, raw, told, end, hashOf: (envelope: Uint8Array) => bytesToHex(keccak256(envelope)) }
}

test('the exchange tells what is new here, of peers and our own, once; not what it brought itself', async () => {
  const { clock, whisper, raw, told, end, hashOf } = await started()
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  const [first, second, third] = [raw(1), raw(2), raw(3)]
  for (let i = 0; i < 2; i++) await peer.send(packetCodes.messages, encodeMessages([first]))
  await clock.settle()
  const { hash } = await whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  expect(await whisper.exchange.offer(second)).toEqual({ kind: 'accepted' })
  expect(told).toEqual([hashOf(first), bytesToHex(hash)])
  end()
  await peer.send(packetCodes.messages, encodeMessages([third]))
  await clock.settle()
  expect(told).toHaveLength(2)
  expect(whisper.info().messages).toBe(4)
  await whisper.stop()
})

test('what is offered passes the checks of a peer’s envelope, and says why it is refused', async () => {
  const { clock, whisper, raw } = await started()
  const { offer } = whisper.exchange
  const [good, expiring] = [raw(1), raw(2, 1)]
  expect(await offer(good)).toEqual({ kind: 'accepted' })
  expect(await offer(good)).toEqual({ kind: 'known' })
  await clock.advance(3000)
  expect(await offer(expiring)).toEqual({ kind: 'refused', reason: 'expired' })
  await whisper.setMinPow(1000)
  await clock.advance(10_000)
  expect(await offer(raw(3))).toEqual({ kind: 'refused', reason: 'low-pow' })
  await expect(offer(Uint8Array.of(0xc0))).rejects.toMatchObject({ code: 'invalid-packet' })
  await expect(offer('c0' as never)).rejects.toMatchObject({ code: 'invalid-argument' })
  await whisper.stop()
})

test('what is offered is stored later, as far as the limit; then offers wait', async () => {
  const { clock, whisper, raw } = await started()
  const storing: (() => void)[] = []
  whisper.serve({ archive: { accept: () => new Promise(resolve => void storing.push(resolve)) } })
  let accepted = 0
  const offer = (nonce: number): void => void whisper.exchange.offer(raw(nonce)).then(() => (accepted += 1))
  for (let i = 0; i < limits.storingOffers + 1; i++) offer(i + 1)
  await clock.settle()
  // The one that fills the place waits, and the one behind it: both are in the pool.
  expect([accepted, storing.length]).toEqual([limits.storingOffers - 1, limits.storingOffers + 1])
  expect(whisper.info().messages).toBe(limits.storingOffers + 1)
  for (const done of storing.splice(0, 2)) done()
  await clock.settle()
  expect(accepted).toBe(limits.storingOffers + 1)
  await whisper.stop()
})

test('a peer’s copy of what was offered or posted is not confirmed before it is stored, however long the filters take', async () => {
  for (const kind of ['offered', 'posted'] as const) {
    const { clock, whisper, raw } = await started({}, stepSlicer())
    // Each key is a step by itself on long data.
    for (let i = 0; i < 40; i++) {
      whisper.filters.add({ key: { kind: 'symmetric', key: new Uint8Array(32).fill(100 + i) }, topics: [topic] })
    }
    const answers: (() => void)[] = []
    whisper.serve({ archive: { accept: () => new Promise(resolve => void answers.push(resolve)) } })
    const peer = handPeer(whisper, 'peer')
    await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false, confirmations: true }))
    let copy: Uint8Array | undefined = raw(1, 50, new Uint8Array(2000))
    if (kind === 'offered') void whisper.exchange.offer(copy)
    else {
      copy = undefined
      whisper.exchange.onPooled(envelope => {
        copy = envelope.slice()
      })
      void whisper.post({ route: place().route, payload: new Uint8Array(2000) })
      while (copy === undefined) await Promise.resolve()
    }
    const packet = encodeMessages([copy])
    await peer.send(packetCodes.messages, packet)
    const confirmed = (): boolean =>
      peer.received.some(
        ({ code, payload }) =>
          code === packetCodes.batchAcknowledged && equalBytes(payload, encodeBatchAcknowledged(keccak256(packet)))
      )
    for (let i = 0; i < 5; i++) await clock.settle()
    expect(confirmed(), kind).toBe(false)
    for (const answer of answers) answer()
    for (let i = 0; i < 5; i++) await clock.settle()
    expect(confirmed(), kind).toBe(true)
    await whisper.stop()
  }
})

test('no more bytes of what is offered are being stored than the limit', async () => {
  const { clock, whisper, raw } = await started()
  const storing: (() => void)[] = []
  whisper.serve({ archive: { accept: () => new Promise(resolve => void storing.push(resolve)) } })
  let accepted = 0
  const large = new Uint8Array(1_000_000)
  for (let i = 0; i < 6; i++) void whisper.exchange.offer(raw(i + 1, 50, large)).then(() => (accepted += 1))
  await clock.settle()
  expect(limits.storingOfferBytes).toBeLessThan(5 * large.length)
  expect(accepted).toBe(4)
  for (const done of storing) done()
  await clock.settle()
  expect(accepted).toBe(6)
  await whisper.stop()
})

test('a light node tells of its own envelopes only', async () => {
  const { clock, whisper, raw, told } = await started({ light: true })
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await peer.send(packetCodes.messages, encodeMessages([raw(1)]))
  await clock.settle()
  expect([whisper.info().messages, told.length]).toEqual([1, 0])
  await whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  expect(told).toHaveLength(1)
  await whisper.stop()
})

test('a node says what a transport has to announce', async () => {
  const { whisper } = await started()
  expect(whisper.capability).toEqual({ name: 'shh', version: 6, length: 128 })
  await whisper.stop()
})
