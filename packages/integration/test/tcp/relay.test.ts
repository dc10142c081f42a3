import { utf8Bytes } from '@status-stack/crypto'
import { planInterest, planRoute } from '@status-stack/whisper/status'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ShhNode, startShhNode } from '../support/shh-node.ts'
import { next, patience, until } from '../support/until.ts'

vi.setConfig({ testTimeout: 2 * patience, hookTimeout: 2 * patience })

let alice: ShhNode
let relay: ShhNode
let bob: ShhNode

/** Alice and Bob know only the relay: what reaches one from the other went through its pool. */
beforeEach(async () => {
  ;[alice, relay, bob] = await Promise.all([startShhNode(), startShhNode(), startShhNode()])
  await Promise.all([alice.host.dial(relay.enode()), bob.host.dial(relay.enode())])
  await until('both Whisper handshakes', () => relay.whisper.peers().length === 2)
})
afterEach(() => Promise.all([alice.stop(), relay.stop(), bob.stop()]))

test('a public message crosses the relay over TCP, signed, and is confirmed hop by hop', async () => {
  const interest = await planInterest(bob.identity, { kind: 'public', name: 'integration' })
  const subscription = bob.whisper.subscribe(interest)
  await subscription.ready
  const heard = subscription[Symbol.asyncIterator]()

  const route = await planRoute({ kind: 'public', name: 'integration' })
  const posted = await alice.whisper.post({ route, payload: utf8Bytes('over TCP'), signer: alice.identity })
  expect(posted.sentTo).toEqual([relay.host.peerId])

  const delivery = await next('the message at Bob', heard)
  expect(delivery).toMatchObject({
    payload: utf8Bytes('over TCP'),
    signer: alice.identity.publicKey,
    hash: posted.hash,
    arrival: { kind: 'public', name: 'integration' },
    guarantee: 'group-readable',
    source: 'live'
  })
  expect(delivery.sentSeconds).toBe(posted.expiry - 15)
  const confirmation = await next('the relay’s confirmation', posted.confirmations[Symbol.asyncIterator]())
  expect(confirmation.by).toBe(relay.host.peerId)
})

test('a message for one identity crosses the relay in both directions, each once', async () => {
  const listen = async (node: ShhNode) => {
    const subscription = node.whisper.subscribe(await planInterest(node.identity, { kind: 'identity' }))
    await subscription.ready
    return subscription[Symbol.asyncIterator]()
  }
  const [atAlice, atBob] = await Promise.all([listen(alice), listen(bob)])
  for (const [from, to, heard] of [
    [alice, bob, atBob],
    [bob, alice, atAlice]
  ] as const) {
    const route = await planRoute({ kind: 'identity', publicKey: to.identity.publicKey })
    for (const text of ['first', 'second']) {
      const payload = utf8Bytes(text)
      await from.whisper.post({ route, payload, signer: from.identity })
      const delivery = await next(text, heard)
      expect(delivery).toMatchObject({ payload, arrival: { kind: 'identity' }, guarantee: 'addressee-confidential' })
    }
  }
})

test('an envelope of 200 kB is split into frames and comes out whole', async () => {
  const subscription = bob.whisper.subscribe(await planInterest(bob.identity, { kind: 'public', name: 'large' }))
  await subscription.ready
  const route = await planRoute({ kind: 'public', name: 'large' })
  const payload = new Uint8Array(200_000).map((_, index) => index % 251)
  await alice.whisper.post({ route, payload, signer: alice.identity })
  const delivery = await next('the large message', subscription[Symbol.asyncIterator]())
  expect(delivery.payload.length).toBe(payload.length)
  expect(delivery.payload.every((byte, index) => byte === payload[index])).toBe(true)
})

test('when the relay goes, both ends notice; once there is another one, messages cross again', async () => {
  await relay.stop()
  await until('Alice and Bob alone', () => !alice.whisper.connected() && !bob.whisper.connected())
  relay = await startShhNode()
  await Promise.all([alice.host.dial(relay.enode()), bob.host.dial(relay.enode())])
  const subscription = bob.whisper.subscribe(await planInterest(bob.identity, { kind: 'public', name: 'again' }))
  await subscription.ready
  await until('both Whisper handshakes', () => relay.whisper.peers().length === 2)
  const route = await planRoute({ kind: 'public', name: 'again' })
  await alice.whisper.post({ route, payload: utf8Bytes('again'), signer: alice.identity })
  expect((await next('the message', subscription[Symbol.asyncIterator]())).payload).toEqual(utf8Bytes('again'))
})
