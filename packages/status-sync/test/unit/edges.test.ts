import { expect, test } from 'vitest'
import { encodePayload, groupId, messageId, unwrap } from '../../src/index.ts'
import { split } from '../../src/split.ts'
import { alice, bob, carol, receiveAndAccept, testNode, text } from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }
const message = (n: number, from = bob) => ({
  groupId: groupId(alice, from),
  timestamp: BigInt(n),
  body: text(`m${n}`)
})

test('what fills a payload to its last byte goes in, one byte more begins the next', () => {
  const part = (bytes: number) => ({ bytes })
  expect(split([part(4), part(6), part(1)], 10).payloads).toEqual([[part(4), part(6)], [part(1)]])
  expect(split([part(4), part(7)], 10).payloads).toEqual([[part(4)], [part(7)]])
  expect(split([part(10), part(11)], 10)).toEqual({ payloads: [[part(10)]], tooLarge: [part(11)] })
  expect(split([], 10)).toEqual({ payloads: [], tooLarge: [] })
})

test('of what is offered, what was handled already takes no place of what was not', async () => {
  const node = testNode({ options: { limits: { maxRequestsPerPeer: 2 } } })
  const offered = [1, 2, 3, 4, 5].map(n => message(n))
  await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: offered.slice(0, 3) }))
  await node.sync.receive(bob, encodePayload({ ...empty, offers: offered.map(messageId) }))
  await node.sync.tick()
  const requests = node.sent.flatMap(({ payload }) => payload.requests)
  expect(requests).toEqual(offered.slice(3).map(messageId))
})

test('an offer that is repeated within a payload is requested once, and an empty payload requests nothing', async () => {
  const node = testNode()
  const id = messageId(message(1))
  await node.sync.receive(bob, encodePayload({ ...empty, offers: [id, id, id] }))
  await node.sync.receive(bob, encodePayload(empty))
  await node.sync.tick()
  expect(node.sent.flatMap(({ payload }) => payload.requests)).toEqual([id])
})

test('a message that we wrote is not acknowledged to whoever sends it back, and stays ours', async () => {
  const node = testNode()
  await node.sync.enqueue({ peer: bob, body: text('ours'), tracking: '1' })
  await node.sync.tick()
  const sent = node.sent.flatMap(({ payload }) => payload.messages.map(messageId))
  expect(sent).toHaveLength(1)
  await node.sync.accept(bob, sent)
  await node.sync.tick()
  expect(node.sent.flatMap(({ payload }) => payload.acks)).toEqual([])
})

test('D-18 bodies of other groups are left out, and what is repeated comes once', () => {
  const bytes = encodePayload({ ...empty, messages: [message(1), message(1), message(2, carol), message(3)] })
  expect(unwrap(alice, bob, bytes)).toMatchObject({ bodies: [{ body: text('m1') }, { body: text('m3') }] })
  expect(unwrap(alice, bob, encodePayload({ ...empty, acks: [messageId(message(1))] }))).toEqual({
    kind: 'payload',
    bodies: []
  })
})
