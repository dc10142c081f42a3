import { expect, test } from 'vitest'
import {
  decodeMessage,
  decodeRemoteLog,
  encodeMessage,
  encodePayload,
  encodeRemoteLog,
  groupId,
  messageId,
  SyncError
} from '../../src/index.ts'
import { alice, bob, bodiesOf, lastMessage, receiveAndAccept, testClock, testNode, text } from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }
const message = (body: string, metadata?: { parents: Uint8Array[]; ephemeral: boolean }) => ({
  groupId: groupId(alice, bob),
  timestamp: 1n,
  body: text(body),
  ...(metadata === undefined ? {} : { metadata })
})
const payload = (...messages: ReturnType<typeof message>[]) => encodePayload({ ...empty, messages })

test('metadata round-trips and is no part of the message id', () => {
  const plain = message('x')
  const annotated = message('x', { parents: [new Uint8Array(32).fill(1)], ephemeral: true })
  expect(decodeMessage(encodeMessage(annotated))).toEqual(annotated)
  expect(messageId(annotated)).toEqual(messageId(plain))
  expect(decodeMessage(encodeMessage(plain))).not.toHaveProperty('metadata')
})

test('own messages name their predecessor only when the option is on', async () => {
  const clock = testClock()
  const plain = testNode({ clock })
  const annotating = testNode({ clock, options: { metadata: true } })
  for (const node of [plain, annotating]) {
    for (const tracking of ['1', '2', '3']) await node.sync.enqueue({ peer: bob, body: text(tracking), tracking })
    await node.sync.tick()
  }
  expect(plain.sent[0]?.payload.messages.map(({ metadata }) => metadata)).toEqual([undefined, undefined, undefined])
  const [first, second, third] = annotating.sent[0]?.payload.messages ?? []
  expect(first).not.toHaveProperty('metadata')
  expect(second?.metadata?.parents).toEqual([messageId(first!)])
  expect(third?.metadata?.parents).toEqual([messageId(second!)])
})

test('the chain of predecessors goes on after a restart', async () => {
  const node = testNode({ options: { metadata: true } })
  await node.sync.enqueue({ peer: bob, body: text('1'), tracking: '1' })
  await node.sync.tick()
  const again = testNode({ store: node.store, clock: node.clock, options: { metadata: true } })
  await again.sync.enqueue({ peer: bob, body: text('2'), tracking: '2' })
  await again.sync.tick()
  expect(again.sent[0]?.payload.messages[0]?.metadata?.parents).toEqual([messageId(lastMessage(node))])
})

test('a receiver sees two messages missing, fewer as they arrive, and none in the end', async () => {
  const clock = testClock()
  const sender = testNode({ self: bob, clock, options: { metadata: true } })
  for (const tracking of ['1', '2', '3', '4'])
    await sender.sync.enqueue({ peer: alice, body: text(tracking), tracking })
  await sender.sync.tick()
  const [one, two, three, four] = sender.sent[0]?.payload.messages ?? []
  const node = testNode({ clock })
  await receiveAndAccept(node.sync, bob, payload(two! as never))
  await receiveAndAccept(node.sync, bob, payload(four! as never))
  expect(await node.sync.missing(bob)).toEqual([messageId(one!), messageId(three!)])
  const again = testNode({ store: node.store, clock })
  await receiveAndAccept(again.sync, bob, payload(three! as never))
  expect(await again.sync.missing(bob)).toEqual([messageId(one!)])
  await receiveAndAccept(again.sync, bob, payload(one! as never))
  expect(await again.sync.missing(bob)).toEqual([])
})

test('parents in the same payload, of our own or of a wrong length are no gaps', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: bob, body: text('mine'), tracking: 't' })
  await node.sync.tick()
  const own = messageId(lastMessage(node))
  const first = message('first')
  const second = message('second', { parents: [messageId(first), own, Uint8Array.of(1, 2)], ephemeral: false })
  await receiveAndAccept(node.sync, bob, payload(second, first))
  expect(await node.sync.missing(bob)).toEqual([])
})

test('an ephemeral message is handed up, neither acknowledged nor remembered', async () => {
  const node = testNode()
  const bytes = payload(message('typing', { parents: [new Uint8Array(32)], ephemeral: true }))
  expect(await receiveAndAccept(node.sync, bob, bytes)).toEqual(['typing'])
  await node.after(5000)
  expect(node.sent).toEqual([])
  expect(await node.sync.missing(bob)).toEqual([])
  expect(await bodiesOf(node.sync.receive(bob, bytes))).toEqual(['typing'])
})

test('a remote log round-trips, and what of it is absent can be asked', async () => {
  const node = testNode()
  const held = message('held')
  await receiveAndAccept(node.sync, bob, payload(held))
  await node.sync.enqueue({ peer: bob, body: text('mine'), tracking: 't' })
  await node.sync.tick()
  const own = messageId(lastMessage(node))
  const gone = new Uint8Array(32).fill(7)
  const log = {
    pairs: [messageId(held), gone, own].map((localHash, n) => ({
      remoteHash: Uint8Array.of(n),
      localHash,
      data: n === 0 ? encodeMessage(held) : new Uint8Array()
    })),
    tail: Uint8Array.of(9, 9)
  }
  const decoded = decodeRemoteLog(encodeRemoteLog(log))
  expect(decoded).toEqual(log)
  expect(
    await node.sync.absent(
      bob,
      decoded.pairs.map(({ localHash }) => localHash)
    )
  ).toEqual([gone])
})

test('bytes that are no remote log and no message are refused by code', () => {
  for (const decode of [decodeRemoteLog, decodeMessage]) {
    const refusal = (() => {
      try {
        return decode(Uint8Array.of(0xff, 0xff))
      } catch (error) {
        return error
      }
    })()
    expect(SyncError.is(refusal) && [refusal.code, refusal.origin]).toEqual(['malformed-payload', 'peer'])
  }
})
