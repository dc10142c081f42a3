import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { encodeEnvelope } from '../../src/envelope.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { handPeer, node, place, time, topic } from '../support.ts'

async function started(options = {}) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  await whisper.start()
  const raw = (nonce: number, ttl = 50): Uint8Array => {
    const expiry = Math.floor(clock.clock.nowMs() / 1000) + ttl
    return encodeEnvelope({ expiry, ttl, topic, data: new Uint8Array(9), nonce: BigInt(nonce) })
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
