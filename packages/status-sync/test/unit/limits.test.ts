import { publicKeyOf } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { encodePayload, groupId, messageId, type SyncLimits } from '../../src/index.ts'
import { alice, bob, carol, receiveAndAccept, testNode, text } from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }
const limited = (limits: Partial<SyncLimits>) => testNode({ options: { limits } })

function messages(peer: Uint8Array, count: number, metadata?: { parents: Uint8Array[]; ephemeral: boolean }) {
  return Array.from({ length: count }, (_, n) => ({
    groupId: groupId(alice, peer),
    timestamp: BigInt(n),
    body: text(`m${n}`),
    ...(metadata === undefined ? {} : { metadata })
  }))
}

function idsOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, n) => new Uint8Array(32).fill(n + 1))
}

const peers = Array.from({ length: 6 }, (_, n) => publicKeyOf(new Uint8Array(32).fill(n + 50)))

test('maxPendingPerPeer: enqueue refuses more for that peer', async () => {
  const { sync } = limited({ maxPendingPerPeer: 2 })
  for (const tracking of ['1', '2']) await sync.enqueue({ peer: bob, body: text('x'), tracking })
  await expect(sync.enqueue({ peer: bob, body: text('x'), tracking: '3' })).rejects.toMatchObject({
    code: 'too-many-pending'
  })
  await sync.enqueue({ peer: carol, body: text('x'), tracking: '3' })
  await sync.cancel('1')
  await sync.enqueue({ peer: bob, body: text('x'), tracking: '4' })
})

test('maxPending: enqueue refuses more in all', async () => {
  const { sync } = limited({ maxPending: 2 })
  await sync.enqueue({ peer: bob, body: text('x'), tracking: '1' })
  await sync.enqueue({ peer: carol, body: text('x'), tracking: '2' })
  await expect(sync.enqueue({ peer: alice, body: text('x'), tracking: '3' })).rejects.toMatchObject({
    code: 'too-many-pending'
  })
})

test('maxBodyBytes: enqueue refuses a larger body', async () => {
  const { sync } = limited({ maxBodyBytes: 10 })
  await sync.enqueue({ peer: bob, body: new Uint8Array(10), tracking: '1' })
  await expect(sync.enqueue({ peer: bob, body: new Uint8Array(11), tracking: '2' })).rejects.toMatchObject({
    code: 'body-too-large'
  })
})

test('maxRequestsPerPeer: further offers are ignored until some arrive', async () => {
  const node = limited({ maxRequestsPerPeer: 3 })
  const offered = messages(bob, 5)
  const offers = encodePayload({ ...empty, offers: offered.map(messageId) })
  await node.sync.receive(bob, offers)
  await node.sync.receive(bob, offers)
  await node.sync.receive(carol, encodePayload({ ...empty, offers: idsOf(1) }))
  expect(await node.store.list('record')).toHaveLength(4)
  await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: offered.slice(0, 1) }))
  await node.sync.receive(bob, offers)
  await node.sync.tick()
  expect(node.sent.flatMap(({ payload }) => payload.requests)).toHaveLength(4)
})

test('maxRequests: further offers of anybody are ignored until some arrive or are dropped', async () => {
  const node = limited({ maxRequests: 3 })
  const offer = (peer: Uint8Array) => node.sync.receive(peer, encodePayload({ ...empty, offers: idsOf(2) }))
  for (const peer of peers) await offer(peer)
  expect(await node.store.list('record')).toHaveLength(3)
  const again = testNode({ store: node.store, clock: node.clock, options: { limits: { maxRequests: 3 } } })
  await again.sync.receive(peers[5]!, encodePayload({ ...empty, offers: idsOf(2) }))
  expect(await node.store.list('record')).toHaveLength(3)
  await again.after(31 * 86_400_000)
  await again.sync.receive(peers[5]!, encodePayload({ ...empty, offers: idsOf(2) }))
  expect(await node.store.list('record')).toHaveLength(2)
})

test('maxAcksPerPeer and maxAckPeers: the oldest acknowledgements go, and the sender repeats', async () => {
  const node = limited({ maxAcksPerPeer: 2, maxAckPeers: 2 })
  for (const peer of [bob, carol, alice].slice(0, 2)) {
    await receiveAndAccept(node.sync, peer, encodePayload({ ...empty, messages: messages(peer, 4) }))
  }
  await receiveAndAccept(node.sync, peers[0]!, encodePayload({ ...empty, messages: messages(peers[0]!, 1) }))
  await node.sync.tick()
  expect(node.sent.map(({ peer, payload }) => [peer.join() === carol.join(), payload.acks.length]).sort()).toEqual([
    [false, 1],
    [true, 2]
  ])
  expect(node.sent.find(({ payload }) => payload.acks.length === 2)?.payload.acks).toEqual(
    messages(carol, 4).slice(2).map(messageId)
  )
  await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: messages(bob, 1) }))
  await node.after(300)
  expect(node.sent).toHaveLength(3)
})

test('maxEntriesPerPayload: only the first entries are handled, acknowledgements before messages', async () => {
  const node = limited({ maxEntriesPerPayload: 5 })
  const bytes = encodePayload({ acks: idsOf(2), requests: idsOf(1), offers: [], messages: messages(bob, 4) })
  expect(await receiveAndAccept(node.sync, bob, bytes)).toEqual(['m0', 'm1'])
  const flood = encodePayload({ ...empty, acks: idsOf(9), messages: messages(bob, 4) })
  expect(await receiveAndAccept(node.sync, bob, flood)).toEqual([])
})

test('maxSeenPerPeer: the oldest handled id goes and its message would be new again', async () => {
  const node = limited({ maxSeenPerPeer: 3 })
  const all = messages(bob, 5)
  for (const message of all) await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: [message] }))
  const again = encodePayload({ ...empty, messages: all })
  const received = await node.sync.receive(bob, again)
  expect(received.kind === 'payload' && received.bodies.map(({ body }) => body)).toEqual([text('m0'), text('m1')])
  expect(await node.store.list('seen')).toHaveLength(3)
  expect(await node.store.list('slot')).toHaveLength(3)
})

test('maxSeenPerPeer: more ids in one acceptance than the memory holds', async () => {
  const node = limited({ maxSeenPerPeer: 3 })
  await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: messages(bob, 10) }))
  expect(await node.store.list('seen')).toHaveLength(3)
  expect(
    await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: messages(bob, 10).slice(7) }))
  ).toEqual([])
})

test('maxPeers: the peer unheard for longest is forgotten, with everything about it', async () => {
  const node = limited({ maxPeers: 3 })
  for (const peer of peers.slice(0, 4)) {
    node.clock.now += 1000
    await receiveAndAccept(node.sync, peer, encodePayload({ ...empty, messages: messages(peer, 2) }))
  }
  expect(await node.store.list('peer')).toHaveLength(3)
  expect(await node.store.list('seen')).toHaveLength(6)
  expect(await node.store.list('slot')).toHaveLength(6)
  const first = encodePayload({ ...empty, messages: messages(peers[0]!, 2) })
  expect(await receiveAndAccept(node.sync, peers[0]!, first)).toEqual(['m0', 'm1'])
  const last = encodePayload({ ...empty, messages: messages(peers[3]!, 2) })
  expect(await receiveAndAccept(node.sync, peers[3]!, last)).toEqual([])
})

test('maxMissingPerPeer and maxParents: gaps are counted up to the bound', async () => {
  const node = limited({ maxMissingPerPeer: 4, maxParents: 3 })
  const many = { parents: idsOf(9), ephemeral: false }
  await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: messages(bob, 1, many) }))
  expect(await node.sync.missing(bob)).toEqual(idsOf(3))
  const more = { parents: idsOf(20).slice(10), ephemeral: false }
  await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: messages(bob, 2, more).slice(1) }))
  expect(await node.sync.missing(bob)).toEqual([...idsOf(3).slice(2), ...idsOf(20).slice(10, 13)])
})

test('maxHandedUp: metadata of the oldest unaccepted message is forgotten', async () => {
  const node = limited({ maxHandedUp: 2 })
  const all = messages(bob, 3).map((message, n) => ({
    ...message,
    metadata: { parents: [idsOf(3)[n]!], ephemeral: false }
  }))
  await node.sync.receive(bob, encodePayload({ ...empty, messages: all }))
  await node.sync.accept(bob, all.map(messageId))
  expect(await node.sync.missing(bob)).toEqual(idsOf(3).slice(1))
})

test('maxOutcomes: the oldest end is no longer shown by delivery', async () => {
  const node = limited({ maxOutcomes: 2 })
  node.result = 'nobody'
  for (const tracking of ['1', '2', '3']) {
    await node.sync.enqueue({ peer: bob, body: text('x'), tracking })
    await node.sync.tick()
  }
  const shown = await Promise.all(['1', '2', '3'].map(async name => (await node.sync.delivery(name)).length))
  expect(shown).toEqual([0, 1, 1])
})
