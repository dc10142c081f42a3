import { expect, test } from 'vitest'
import { memorySyncStore } from '../../src/index.ts'
import { alice, bob, testClock, testNode } from '../support/node.ts'

const bodyOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function directNode(store = memorySyncStore(), clock = testClock()) {
  const node = testNode({ store, clock, options: { mode: 'direct' } })
  const outputs: string[] = []
  node.output = async (_, bytes) => {
    if (node.result === 'sent') outputs.push(new TextDecoder().decode(bytes))
    return node.result
  }
  const enqueue = (text: string) => node.sync.enqueue({ peer: bob, body: bodyOf(text), tracking: text })
  return { ...node, node, outputs, enqueue }
}

test('a message leaves once, as it is, and is settled as sent', async () => {
  const { sync, outputs, facts, after, enqueue } = directNode()
  await enqueue('one')
  await enqueue('two')
  await sync.tick()
  for (let round = 0; round < 5; round++) await after(3_600_000)
  expect(outputs.sort()).toEqual(['one', 'two'])
  expect(facts.map(({ tracking, outcome }) => `${tracking} ${outcome}`).sort()).toEqual(['one sent', 'two sent'])
  expect(await sync.delivery('one')).toMatchObject([{ state: 'abandoned', outcome: 'sent', attempts: 1 }])
})

test('what could not leave is tried until it does, over a restart too', async () => {
  const [store, clock] = [memorySyncStore(), testClock()]
  const first = directNode(store, clock)
  first.node.result = 'not-sent'
  await first.enqueue('one')
  await first.sync.tick()
  expect(first.facts).toEqual([])
  const second = directNode(store, clock)
  await second.after(60_000)
  expect(second.outputs).toEqual(['one'])
  expect(second.facts).toMatchObject([{ tracking: 'one', outcome: 'sent' }])
  expect(await store.list('record')).toEqual([])
})

test('a message that no payload limit lets through is settled as too large', async () => {
  const { node, sync, facts, enqueue } = directNode()
  node.maxBytes = 200
  await enqueue('x'.repeat(201))
  await sync.tick()
  expect(facts).toMatchObject([{ outcome: 'too-large' }])
})

test('D-18 what a peer sends through sync is unwrapped and acknowledged', async () => {
  const peer = testNode({ self: bob })
  await peer.sync.enqueue({ peer: alice, body: bodyOf('through sync'), tracking: 'theirs' })
  await peer.sync.tick()
  const payload = peer.sent[0]?.bytes ?? new Uint8Array()

  const node = testNode({ options: { mode: 'direct' } })
  const received = await node.sync.receive(bob, payload)
  const bodies = received.kind === 'payload' ? received.bodies : []
  expect(bodies.map(({ body }) => new TextDecoder().decode(body))).toEqual(['through sync'])
  await node.sync.accept(
    bob,
    bodies.map(({ id }) => id)
  )
  await node.sync.tick()
  await peer.sync.receive(alice, node.sent[0]?.bytes ?? new Uint8Array())
  expect(peer.facts).toMatchObject([{ tracking: 'theirs', outcome: 'acknowledged' }])
})
