import { publicKeyOf } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { defaultLimits, encodePayload, groupId, messageId, type SyncLimits } from '../../src/index.ts'
import { alice, bob, carol, receiveAndAccept, type TestNode, testNode, text } from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }
const limited = (limits: Partial<SyncLimits>) => testNode({ options: { limits } })

function messages(peer: Uint8Array, count: number) {
  return Array.from({ length: count }, (_, n) => ({
    groupId: groupId(alice, peer),
    timestamp: BigInt(n),
    body: text(`m${n}`)
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

describe('requests of strangers', () => {
  const strangers = Array.from({ length: 33 }, (_, n) => publicKeyOf(new Uint8Array(32).fill(n + 100)))
  const idsFrom = (peer: number, count: number) =>
    Array.from({ length: count }, (_, n) => {
      const id = new Uint8Array(32).fill(peer + 1)
      new DataView(id.buffer).setUint32(0, n)
      return id
    })
  const offersOf = (peer: number, count: number) => encodePayload({ ...empty, offers: idsFrom(peer, count) })
  const requestedFrom = (node: TestNode, peer: Uint8Array) =>
    node.sent.filter(sent => sent.peer.join() === peer.join()).flatMap(({ payload }) => payload.requests)

  test('maxRequestsPerStranger: a stranger gets less than a known peer', async () => {
    const node = testNode({ isKnown: peer => peer === bob || peer.join() === bob.join() })
    for (const peer of [bob, carol]) await node.sync.receive(peer, offersOf(1, 300))
    await node.sync.tick()
    expect(requestedFrom(node, bob)).toHaveLength(defaultLimits.maxRequestsPerPeer)
    expect(requestedFrom(node, carol)).toHaveLength(defaultLimits.maxRequestsPerStranger)
  })

  test('maxStrangerRequests: throw-away identities push out each other, the oldest first, never a known peer', async () => {
    const node = testNode({ isKnown: peer => peer.join() === bob.join() })
    await node.sync.receive(bob, offersOf(200, 10))
    for (const [at, stranger] of strangers.entries()) await node.sync.receive(stranger, offersOf(at, 256))
    await node.sync.receive(carol, offersOf(201, 5))
    expect(await node.store.list('record')).toHaveLength(10 + defaultLimits.maxStrangerRequests)
    await node.sync.tick()
    expect(requestedFrom(node, bob)).toHaveLength(10)
    expect(requestedFrom(node, carol)).toHaveLength(5)
    expect(requestedFrom(node, strangers[0]!)).toHaveLength(0)
    expect(requestedFrom(node, strangers.at(-1)!)).toHaveLength(defaultLimits.maxRequestsPerStranger)
  })

  test('maxRequests: a known peer takes the place of the oldest stranger; without one further offers are ignored', async () => {
    const known = new Set([bob.join(), carol.join()])
    const node = testNode({ options: { limits: { maxRequests: 4 } }, isKnown: peer => known.has(peer.join()) })
    await node.sync.receive(strangers[0]!, offersOf(0, 2))
    await node.sync.receive(strangers[1]!, offersOf(1, 2))
    await node.sync.receive(bob, offersOf(2, 3))
    expect(await node.store.list('record')).toHaveLength(4)
    await node.sync.receive(carol, offersOf(3, 3))
    expect(await node.store.list('record')).toHaveLength(4)
    await node.sync.tick()
    expect([bob, carol].map(peer => requestedFrom(node, peer).length)).toEqual([3, 1])
    await node.sync.receive(strangers[2]!, offersOf(4, 1))
    expect(await node.store.list('record')).toHaveLength(4)
  })

  test('maxRequests holds over a restart, and a stranger that became known meanwhile keeps its requests', async () => {
    const known = new Set<string>()
    const isKnown = (peer: Uint8Array) => known.has(peer.join())
    const options = { limits: { maxRequests: 3 } }
    const node = testNode({ options, isKnown })
    for (const [at, peer] of peers.entries()) await node.sync.receive(peer, offersOf(at, 2))
    expect(await node.store.list('record')).toHaveLength(3)
    const again = testNode({ store: node.store, clock: node.clock, options, isKnown })
    known.add(peers[5]!.join())
    for (const stranger of strangers.slice(0, 5)) await again.sync.receive(stranger, offersOf(9, 2))
    expect(await node.store.list('record')).toHaveLength(3)
    await again.sync.tick()
    expect(requestedFrom(again, peers[5]!)).toHaveLength(2)
  })

  test('maxRequestAttempts: a request is sent so often and then given up, and what leaves stays in proportion', async () => {
    const node = testNode()
    node.maxBytes = 50_000
    const offers = offersOf(1, 256)
    const minute = 60_000
    await node.sync.receive(bob, offers)
    for (let minutes = 0; minutes < 24 * 60; minutes++) await node.after(minute)
    const bytesOut = node.sent.reduce((sum, { bytes }) => sum + bytes.length, 0)
    expect(bytesOut).toBeLessThanOrEqual(defaultLimits.maxRequestAttempts * offers.length)
    expect(await node.store.list('record')).toHaveLength(0)
  })

  test('maxRequestAttempts: heard and retry do not multiply what one offer makes us send', async () => {
    const node = testNode()
    const offers = offersOf(1, 64)
    await node.sync.receive(bob, offers)
    for (let step = 0; step < 500; step++) {
      await node.sync.peerActive(bob)
      await node.sync.retry(bob)
      await node.after(1000)
    }
    const bytesOut = node.sent.reduce((sum, { bytes }) => sum + bytes.length, 0)
    expect(bytesOut).toBeLessThanOrEqual(defaultLimits.maxRequestAttempts * offers.length)
  })

  test('requestGiveUpMs: a request that could not leave is given up after hours, a message is not', async () => {
    const node = testNode()
    node.result = 'not-sent'
    await node.sync.receive(bob, offersOf(1, 3))
    await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
    await node.after(6 * 3_600_000)
    expect(await node.store.list('record')).toHaveLength(4)
    await node.after(1000)
    expect(await node.store.list('record')).toHaveLength(1)
    expect((await node.sync.delivery('t')).map(({ state }) => state)).toEqual(['pending'])
  })

  test('maxAckPeers and maxPeers: strangers do not push out known peers', async () => {
    const node = testNode({
      options: { limits: { maxAckPeers: 3, maxPeers: 3 } },
      isKnown: peer => peer.join() === bob.join()
    })
    for (const peer of [bob, ...strangers.slice(0, 6)]) {
      node.clock.now += 1000
      await receiveAndAccept(node.sync, peer, encodePayload({ ...empty, messages: messages(peer, 1) }))
    }
    await node.sync.tick()
    expect(node.sent.map(({ peer }) => peer.join())).toContain(bob.join())
    expect(node.sent).toHaveLength(3)
    expect(await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: messages(bob, 1) }))).toEqual([])
  })
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
