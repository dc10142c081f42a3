import { equalBytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { decodePayload, encodePayload, groupId, messageId, SyncError, unwrap } from '../../src/index.ts'
import {
  alice,
  bob,
  bodiesOf,
  carol,
  counts,
  receiveAndAccept,
  type TestNode,
  testClock,
  testNode,
  text
} from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }

/** A message as a correct peer makes it. */
function messageFrom(peer: Uint8Array, body: string, self = alice) {
  return { groupId: groupId(self, peer), timestamp: 1_546_300_800n, body: text(body) }
}

function bytesOf(...messages: readonly ReturnType<typeof messageFrom>[]): Uint8Array {
  return encodePayload({ ...empty, messages })
}

async function lastSent(node: TestNode) {
  const sent = node.sent.at(-1)
  if (sent === undefined) throw new Error('nothing was sent')
  return sent
}

test('D-3 group_id of an identity with itself uses its key twice', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: alice, body: text('to my devices'), tracking: 'x' })
  await node.sync.tick()
  const [message] = (await lastSent(node)).payload.messages
  expect(message?.groupId).toEqual(groupId(alice, alice))
  expect(groupId(alice, alice)).not.toEqual(groupId(alice, bob))
})

test('D-4 input with none of the four lists passes upward unchanged', async () => {
  const { sync } = testNode()
  expect(await sync.receive(bob, Uint8Array.of(0x0a, 1, 7))).toEqual({ kind: 'not-sync' })
  expect(await sync.receive(bob, Uint8Array.of(255, 255))).toEqual({ kind: 'not-sync' })
  expect(unwrap(alice, bob, Uint8Array.of(0x0a, 1, 7))).toEqual({ kind: 'not-sync' })
})

test('D-5 BATCH append creates one MESSAGE record per peer and sends at the next tick', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: bob, body: text('hi'), tracking: 'm' })
  await node.sync.enqueue({ peer: carol, body: text('hi'), tracking: 'm' })
  expect(node.sent).toHaveLength(0)
  expect((await node.sync.delivery('m')).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['pending', 0],
    ['pending', 0]
  ])
  await node.sync.tick()
  expect(node.sent.map(({ peer }) => peer)).toEqual([bob, carol])
  expect(node.sent.map(({ payload }) => counts(payload).messages)).toEqual([1, 1])
  expect(node.sent.map(({ contains }) => contains)).toEqual([['m'], ['m']])
  await node.after(300)
  expect(node.sent).toHaveLength(2)
})

test('D-6 INTERACTIVE: OFFER, REQUEST, MESSAGE, ACK completes in both roles', async () => {
  const clock = testClock()
  const [a, b] = [alice, bob].map(self => testNode({ self, clock, options: { mode: 'interactive' } }))
  if (a === undefined || b === undefined) throw new Error('two nodes')
  await a.sync.enqueue({ peer: bob, body: text('offered'), tracking: 't' })
  await a.sync.tick()
  expect(counts((await lastSent(a)).payload)).toEqual({ acks: 0, offers: 1, requests: 0, messages: 0 })
  expect((await lastSent(a)).contains).toEqual([])
  expect(await receiveAndAccept(b.sync, alice, (await lastSent(a)).bytes)).toEqual([])
  await b.sync.tick()
  expect(counts((await lastSent(b)).payload)).toEqual({ acks: 0, offers: 0, requests: 1, messages: 0 })
  await a.sync.receive(bob, (await lastSent(b)).bytes)
  await a.sync.tick()
  expect(counts((await lastSent(a)).payload)).toEqual({ acks: 0, offers: 0, requests: 0, messages: 1 })
  expect((await lastSent(a)).contains).toEqual(['t'])
  expect(await receiveAndAccept(b.sync, alice, (await lastSent(a)).bytes)).toEqual(['offered'])
  await b.sync.tick()
  expect(counts((await lastSent(b)).payload)).toEqual({ acks: 1, offers: 0, requests: 0, messages: 0 })
  await a.sync.receive(bob, (await lastSent(b)).bytes)
  expect(a.facts.map(({ outcome }) => outcome)).toEqual(['acknowledged'])
  await b.after(7_200_000)
  await a.after(7_200_000)
  expect([a.sent.length, b.sent.length]).toEqual([2, 2])
})

test('D-7 a received REQUEST converts the OFFER record into a MESSAGE record', async () => {
  const node = testNode({ options: { mode: 'interactive' } })
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  await node.sync.tick()
  const [id] = (await lastSent(node)).payload.offers
  await node.sync.receive(bob, encodePayload({ ...empty, requests: [id!] }))
  await node.sync.tick()
  expect(counts((await lastSent(node)).payload)).toEqual({ acks: 0, offers: 0, requests: 0, messages: 1 })
  await node.after(40_000)
  expect(counts((await lastSent(node)).payload)).toEqual({ acks: 0, offers: 0, requests: 0, messages: 1 })
  expect(node.sent).toHaveLength(3)
})

test('D-7 a REQUEST repeated at once does not make the message go out again at once', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  await node.sync.tick()
  const [message] = (await lastSent(node)).payload.messages
  for (let i = 0; i < 20; i++) {
    await node.sync.receive(bob, encodePayload({ ...empty, requests: [messageId(message!)] }))
    await node.after(300)
  }
  expect(node.sent).toHaveLength(1)
})

test('D-8 a duplicate MESSAGE is ACKed again and delivered once', async () => {
  const node = testNode()
  const bytes = bytesOf(messageFrom(bob, 'once'))
  expect(await receiveAndAccept(node.sync, bob, bytes)).toEqual(['once'])
  await node.sync.tick()
  expect(await receiveAndAccept(node.sync, bob, bytes)).toEqual([])
  await node.sync.tick()
  expect(node.sent.map(({ payload }) => payload.acks)).toEqual(Array(2).fill([messageId(messageFrom(bob, 'once'))]))
})

test('D-8 a message twice in one payload is handed up once, in order', async () => {
  const node = testNode()
  const [one, two] = [messageFrom(bob, 'one'), messageFrom(bob, 'two')]
  expect(await receiveAndAccept(node.sync, bob, bytesOf(one, two, one))).toEqual(['one', 'two'])
})

test('D-9 unknown ACK ids are ignored without affecting the other ids', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  await node.sync.tick()
  const [message] = (await lastSent(node)).payload.messages
  const unknown = new Uint8Array(32).fill(9)
  const acks = [unknown, Uint8Array.of(1, 2), messageId(message!), unknown]
  await node.sync.receive(bob, encodePayload({ ...empty, acks }), { device: 'phone' })
  expect(node.facts).toEqual([{ peer: bob, tracking: 't', outcome: 'acknowledged', device: 'phone' }])
})

test('D-9 an ACK from somebody else ends nothing', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  await node.sync.tick()
  const [message] = (await lastSent(node)).payload.messages
  await node.sync.receive(carol, encodePayload({ ...empty, acks: [messageId(message!)] }))
  expect(node.facts).toEqual([])
})

test('D-10 ACK-only payloads produce no reply, and an empty payload is accepted silently', async () => {
  const node = testNode()
  await node.sync.receive(bob, encodePayload({ ...empty, acks: [new Uint8Array(32)] }))
  expect(await node.sync.receive(bob, new Uint8Array())).toEqual({ kind: 'payload', bodies: [] })
  expect(unwrap(alice, bob, new Uint8Array())).toEqual({ kind: 'payload', bodies: [] })
  await node.after(100_000)
  expect(node.sent).toEqual([])
})

test('D-10 empty payloads are never sent, also when all of it was acknowledged meanwhile', async () => {
  const node = testNode()
  node.maxBytes = 80
  for (const tracking of ['a', 'b']) await node.sync.enqueue({ peer: bob, body: text(`body ${tracking}`), tracking })
  const seen: number[] = []
  node.output = async (_peer, bytes) => {
    seen.push(bytes.length)
    await node.sync.cancel('a')
    await node.sync.cancel('b')
    return 'sent'
  }
  await node.sync.tick()
  expect(seen).toHaveLength(1)
  expect(seen[0]).toBeGreaterThan(0)
})

test('D-11 a REQUEST from a peer outside the group is refused', async () => {
  const node = testNode({ options: { mode: 'interactive' } })
  await node.sync.enqueue({ peer: bob, body: text('secret'), tracking: 't' })
  await node.sync.tick()
  const [id] = (await lastSent(node)).payload.offers
  await node.sync.receive(carol, encodePayload({ ...empty, requests: [id!, new Uint8Array(3)] }))
  await node.after(5000)
  expect(node.sent).toHaveLength(1)
})

test('D-12 a MESSAGE whose group_id is not that of (sender, self) is dropped without ACK', async () => {
  const node = testNode()
  const foreign = [
    { ...messageFrom(bob, 'foreign'), groupId: groupId(bob, carol) },
    { ...messageFrom(bob, 'other'), groupId: groupId(alice, carol) },
    { ...messageFrom(bob, 'short'), groupId: new Uint8Array(5) }
  ]
  const bytes = bytesOf(...foreign, messageFrom(bob, 'ours'))
  expect(unwrap(alice, bob, bytes)).toMatchObject({ bodies: [{ body: text('ours') }] })
  expect(await receiveAndAccept(node.sync, bob, bytes)).toEqual(['ours'])
  await node.sync.tick()
  expect(node.sent.map(({ payload }) => payload.acks)).toEqual([[messageId(messageFrom(bob, 'ours'))]])
})

test('D-12 our own message sent back is neither handed up nor acknowledged', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: alice, body: text('mine'), tracking: 't' })
  await node.sync.tick()
  const { bytes } = await lastSent(node)
  expect(await receiveAndAccept(node.sync, alice, bytes)).toEqual([])
  const [message] = decodePayload(bytes)?.messages ?? []
  await node.sync.accept(alice, [messageId(message!)])
  await node.after(5000)
  expect(node.sent).toHaveLength(1)
  expect(node.facts).toEqual([])
})

test('D-15 one payload per peer per tick, in which everything due is found', async () => {
  const node = testNode()
  await receiveAndAccept(node.sync, bob, bytesOf(messageFrom(bob, 'in')))
  await node.sync.receive(bob, encodePayload({ ...empty, offers: [new Uint8Array(32).fill(3)] }))
  for (const tracking of ['a', 'b', 'c']) await node.sync.enqueue({ peer: bob, body: text(tracking), tracking })
  await node.sync.enqueue({ peer: carol, body: text('d'), tracking: 'd' })
  await node.sync.tick()
  const sentTo = (to: Uint8Array) => node.sent.filter(({ peer }) => equalBytes(peer, to))
  expect(sentTo(bob).map(({ payload }) => counts(payload))).toEqual([{ acks: 1, offers: 0, requests: 1, messages: 3 }])
  expect(sentTo(carol).map(({ payload }) => counts(payload))).toEqual([
    { acks: 0, offers: 0, requests: 0, messages: 1 }
  ])
})

test('D-15 payloads are split when they would exceed the limit, and no byte over it is sent', async () => {
  const node = testNode()
  node.maxBytes = 400
  const bodies = [10, 200, 320, 50, 60, 1].map(length => 'x'.repeat(length))
  for (const [index, body] of bodies.entries()) {
    await node.sync.enqueue({ peer: bob, body: text(body), tracking: `m${index}` })
  }
  await receiveAndAccept(node.sync, bob, bytesOf(...Array.from({ length: 20 }, (_, n) => messageFrom(bob, `in ${n}`))))
  await node.sync.tick()
  expect(Math.max(...node.sent.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(400)
  expect(node.sent.flatMap(({ payload }) => payload.acks)).toHaveLength(20)
  expect(node.sent.flatMap(({ payload }) => payload.messages).map(({ body }) => body.length)).toEqual([
    10, 200, 320, 50, 60, 1
  ])
})

test('D-15 a message that fits no payload ends as too large; the others go out', async () => {
  const node = testNode()
  node.maxBytes = 200
  await node.sync.enqueue({ peer: bob, body: new Uint8Array(200), tracking: 'large' })
  await node.sync.enqueue({ peer: bob, body: new Uint8Array(20), tracking: 'small' })
  await node.sync.tick()
  expect(node.facts).toEqual([{ peer: bob, tracking: 'large', outcome: 'too-large' }])
  expect(node.sent.map(({ contains }) => contains)).toEqual([['small']])
})

test('D-15 a body that fits to the byte is sent, one byte more is not', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: bob, body: new Uint8Array(300), tracking: 'm' })
  await node.sync.tick()
  const size = (await lastSent(node)).bytes.length
  node.maxBytes = size - 1
  await node.sync.enqueue({ peer: carol, body: new Uint8Array(300), tracking: 'one-too-many' })
  await node.sync.tick()
  node.maxBytes = size
  await node.sync.enqueue({ peer: carol, body: new Uint8Array(300), tracking: 'fits' })
  await node.sync.tick()
  expect(node.facts.map(({ tracking }) => tracking)).toEqual(['one-too-many'])
  expect(node.sent.map(({ contains }) => contains)).toEqual([['m'], ['fits']])
})

test('D-16 a failing send for one peer does not affect other peers or cause duplicates', async () => {
  const node = testNode()
  for (const [peer, tracking] of [
    [bob, 'b'],
    [carol, 'c']
  ] as const) {
    await node.sync.enqueue({ peer, body: text(tracking), tracking })
  }
  const tried: string[] = []
  node.output = async (_peer, _bytes, { contains }) => {
    tried.push(...contains)
    if (contains.includes('b')) throw new Error('no route')
    return 'sent'
  }
  await node.sync.tick()
  await node.after(1000)
  expect(tried).toEqual(['b', 'c'])
  expect(node.warnings).toEqual(['a payload was not sent'])
  await node.after(5000)
  expect(tried).toEqual(['b', 'c', 'b'])
  expect((await node.sync.delivery('b'))[0]?.attempts).toBe(0)
})

test('D-16 a peer whose limit is unknown waits, the others are served', async () => {
  const node = testNode()
  node.maxBytes = 0
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 'b' })
  await node.sync.tick()
  expect([node.sent.length, node.facts.length]).toEqual([0, 0])
  node.maxBytes = 1000
  await node.after(4000)
  expect(node.sent).toHaveLength(0)
  await node.after(1000)
  expect(node.sent).toHaveLength(1)
})

test('D-18 unwrap hands up the bodies of a payload without a node', () => {
  const bytes = bytesOf(messageFrom(bob, 'one'), messageFrom(bob, 'two'), messageFrom(bob, 'one'))
  expect(unwrap(alice, bob, bytes)).toEqual({
    kind: 'payload',
    bodies: ['one', 'two'].map(body => ({ id: messageId(messageFrom(bob, body)), body: text(body) }))
  })
})

test('D-19 ACK is emitted only after the message is accepted; until then it is handed up again', async () => {
  const node = testNode()
  const bytes = bytesOf(messageFrom(bob, 'not now'))
  expect(await bodiesOf(node.sync.receive(bob, bytes))).toEqual(['not now'])
  await node.after(1000)
  expect(node.sent).toEqual([])
  const again = await node.sync.receive(bob, bytes)
  if (again.kind !== 'payload') throw new Error('expected a payload')
  expect(again.bodies).toHaveLength(1)
  await node.sync.accept(bob, [again.bodies[0]!.id])
  await node.after(1000)
  expect(node.sent.map(({ payload }) => counts(payload).acks)).toEqual([1])
})

test('D-19 no ACK when the acceptance could not be stored', async () => {
  const node = testNode()
  const failing = testNode({
    store: {
      ...node.store,
      write: async () => {
        throw new Error('disk full')
      }
    }
  })
  const received = await failing.sync.receive(bob, bytesOf(messageFrom(bob, 'x')))
  if (received.kind !== 'payload') throw new Error('expected a payload')
  const refusal = await failing.sync.accept(bob, [received.bodies[0]!.id]).catch((error: unknown) => error)
  expect(SyncError.is(refusal) && refusal.code).toBe('store-failed')
  await failing.after(1000)
  expect(failing.sent).toEqual([])
})

test('D-22 a repeated OFFER is a no-op: one REQUEST record', async () => {
  const node = testNode()
  const offer = encodePayload({ ...empty, offers: [new Uint8Array(32).fill(5), new Uint8Array(32).fill(5)] })
  for (let i = 0; i < 3; i++) await node.sync.receive(bob, offer)
  await node.sync.tick()
  expect(node.sent.map(({ payload }) => counts(payload).requests)).toEqual([1])
  await node.sync.receive(bob, offer)
  await node.after(300)
  expect(node.sent).toHaveLength(1)
  expect(await node.store.list('record')).toHaveLength(1)
})

test('D-22 an OFFER of what is known is not asked for', async () => {
  const node = testNode()
  const message = messageFrom(bob, 'known')
  await receiveAndAccept(node.sync, bob, bytesOf(message))
  await node.sync.tick()
  await node.sync.enqueue({ peer: bob, body: text('own'), tracking: 't' })
  await node.sync.tick()
  const own = messageId((await lastSent(node)).payload.messages[0]!)
  await node.sync.receive(bob, encodePayload({ ...empty, offers: [messageId(message), own, Uint8Array.of(1)] }))
  await node.after(300)
  expect(node.sent.flatMap(({ payload }) => payload.requests)).toEqual([])
})
