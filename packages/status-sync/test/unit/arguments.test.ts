import { describe, expect, test } from 'vitest'
import {
  createSync,
  decodeMessage,
  decodePayload,
  encodeMessage,
  encodePayload,
  groupId,
  memorySyncStore,
  messageId,
  unwrap
} from '../../src/index.ts'
import { alice, bob, testNode, text } from '../support/node.ts'

const refusal = expect.objectContaining({ name: 'SyncError', origin: 'caller' })
const notBytes: readonly unknown[] = [undefined, null, 'text', 5, [1, 2], new Uint16Array(2), {}]
const offCurve = bob.map((byte, at) => (at === 40 ? byte ^ 1 : byte))
const notPeers: readonly unknown[] = [...notBytes, new Uint8Array(65), offCurve, bob.slice(1)]

async function refusesEach(values: readonly unknown[], call: (value: never) => unknown): Promise<void> {
  for (const value of values) await expect(async () => call(value as never), String(value)).rejects.toEqual(refusal)
}

describe('wrong arguments are the fault of the caller', () => {
  test('of a node', async () => {
    const node = testNode()
    const { sync } = node
    await refusesEach(notBytes, body => sync.enqueue({ peer: bob, body, tracking: 't' }))
    await refusesEach(notPeers, peer => sync.enqueue({ peer, body: text('x'), tracking: 't' }))
    await refusesEach([undefined, null, 5, '', 'x'.repeat(257)], tracking =>
      sync.enqueue({ peer: bob, body: text('x'), tracking })
    )
    await refusesEach([undefined, null, 'x'], item => sync.enqueue(item))
    await refusesEach(notBytes, bytes => sync.receive(bob, bytes))
    await refusesEach(notPeers, peer => sync.receive(peer, text('x')))
    await refusesEach([null, 'phone', { device: 5 }], via => sync.receive(bob, text('x'), via))
    await refusesEach(notPeers, peer => sync.accept(peer, []))
    await refusesEach([undefined, null, 'x', ['x'], [new Uint8Array(31)]], ids => sync.accept(bob, ids))
    await refusesEach(notPeers, peer => sync.peerActive(peer))
    await refusesEach(notPeers.slice(1), peer => sync.retry(peer))
    await refusesEach([undefined, null, 5], tracking => sync.cancel(tracking))
    await refusesEach(notPeers.slice(1), peer => sync.cancel('t', peer))
    await refusesEach([undefined, null, 5], tracking => sync.delivery(tracking))
    expect(await node.store.list('record')).toEqual([])
  })

  test('of createSync', async () => {
    const good = {
      self: alice,
      store: memorySyncStore(),
      clock: { nowMs: () => 0 },
      output: async () => 'sent' as const,
      settled: async () => {},
      maxBytes: async () => 1000
    }
    await refusesEach([undefined, null, {}], deps => createSync(deps))
    await refusesEach(notPeers, self => createSync({ ...good, self }))
    for (const name of ['store', 'clock', 'output', 'settled', 'maxBytes']) {
      await refusesEach([null, 'x', 5], value => createSync({ ...good, [name]: value }))
    }
    await refusesEach([null, 'x'], isKnown => createSync({ ...good, isKnown }))
    await refusesEach([null, 'x'], options => createSync(good, options))
    await refusesEach([null, 'x'], limits => createSync(good, { limits }))
  })

  test('of the pure functions', async () => {
    await refusesEach(notPeers, self => unwrap(self, bob, text('x')))
    await refusesEach(notPeers, peer => unwrap(alice, peer, text('x')))
    await refusesEach(notBytes, bytes => unwrap(alice, bob, bytes))
    await refusesEach(notPeers, key => groupId(key, bob))
    await refusesEach(notPeers, key => groupId(bob, key))
    await refusesEach(notBytes, bytes => decodePayload(bytes))
    await refusesEach(notBytes, bytes => decodeMessage(bytes))
    const message = { groupId: groupId(alice, bob), timestamp: 1n, body: text('x') }
    for (const field of ['groupId', 'body']) {
      await refusesEach(notBytes, value => messageId({ ...message, [field]: value }))
      await refusesEach(notBytes, value => encodeMessage({ ...message, [field]: value }))
    }
    await refusesEach([undefined, 'x', {}], payload => encodePayload(payload))
    await refusesEach([['x'], [undefined]], acks => encodePayload({ acks, offers: [], requests: [], messages: [] }))
  })
})

test('any text is a tracking id', async () => {
  const node = testNode()
  const odd = ['__proto__', 'constructor', '0', ' ', '\u0000']
  for (const tracking of odd) await node.sync.enqueue({ peer: bob, body: text('x'), tracking })
  await node.sync.tick()
  expect(node.sent[0]?.contains).toEqual(odd)
  for (const tracking of odd) expect(await node.sync.delivery(tracking)).toHaveLength(1)
})
