import { expect, test } from 'vitest'
import { AckQueue } from '../../src/acks.ts'
import { encodePayload, groupId } from '../../src/index.ts'
import { defaultLimits } from '../../src/limits.ts'
import { alice, bob, carol, counts, receiveAndAccept, type TestNode, testNode, text } from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }
const key = (peer: Uint8Array): string => Buffer.from(peer).toString('hex')
const idOf = (number: number): Uint8Array => new Uint8Array(32).fill(number)

/** Bob's messages arrive and are accepted: so many acknowledgements wait. */
async function owes(node: TestNode, ...numbers: readonly number[]): Promise<void> {
  const messages = numbers.map(number => ({
    groupId: groupId(alice, bob),
    timestamp: BigInt(number),
    body: text(`message ${number}`)
  }))
  await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages }))
}

const acksSent = (node: TestNode): number[] => node.sent.map(({ payload }) => counts(payload).acks)

test('an acknowledgement leaves once: with what was sent, and when nobody is there to get it', async () => {
  const node = testNode()
  await owes(node, 1, 2)
  await node.sync.tick()
  await node.sync.enqueue({ peer: bob, body: text('later'), tracking: 't' })
  await node.after(60_000)
  expect(acksSent(node)).toEqual([2, 0])
  await owes(node, 3)
  node.result = 'nobody'
  await node.after(60_000)
  node.result = 'sent'
  await node.after(60_000)
  expect(
    acksSent(node)
      .slice(2)
      .every(acks => acks === 0)
  ).toBe(true)
})

test('while the budget of a peer is unknown, its acknowledgements wait for the time of what was not sent, and lose nothing', async () => {
  const node = testNode({ options: { unsentMs: 5000 } })
  await owes(node, 1, 2)
  node.maxBytes = 63
  await node.sync.tick()
  node.maxBytes = 1000
  await node.after(4999)
  expect(acksSent(node)).toEqual([])
  await node.after(1)
  expect(acksSent(node)).toEqual([2])
})

test('a budget of exactly one identifier and its frame is enough', async () => {
  const node = testNode()
  await owes(node, 1)
  node.maxBytes = 64
  await node.sync.tick()
  expect(acksSent(node)).toEqual([1])
})

test('the acknowledgements of payloads behind one that was not sent wait with it', async () => {
  const node = testNode({ options: { unsentMs: 5000 } })
  await owes(node, 1, 2, 3)
  // One identifier a payload.
  node.maxBytes = 64
  let calls = 0
  node.output = async () => {
    calls += 1
    return 'not-sent'
  }
  await node.sync.tick()
  await node.after(4999)
  expect(calls).toBe(1)
  node.output = undefined
  await node.after(1)
  expect(acksSent(node)).toEqual([1, 1, 1])
})

test.each(['held', 'not-sent'] as const)('a retry while they are on their way wins over %s', async result => {
  const node = testNode()
  await owes(node, 1)
  node.output = async () => {
    await node.sync.retry(bob)
    return result
  }
  await node.sync.tick()
  node.output = undefined
  await node.after(0)
  expect(acksSent(node)).toEqual([1])
})

test('held ones are due neither now nor ever, until a retry; a peer with none left is forgotten', () => {
  const queue = new AckQueue(defaultLimits, () => true)
  queue.add(bob, idOf(1))
  queue.add(carol, idOf(1))
  expect(queue.dueMs(key(bob))).toBe(0)
  queue.postpone(key(bob), { dueMs: 50, held: false, retries: 0 })
  expect(queue.due(key(bob), 49)).toBeUndefined()
  expect(queue.due(key(bob), 50)?.ids).toEqual([idOf(1)])
  queue.postpone(key(bob), { dueMs: 50, held: true, retries: 0 })
  expect([queue.due(key(bob), 1e9), queue.dueMs(key(bob))]).toEqual([undefined, undefined])
  queue.retry(key(bob), 60)
  expect(queue.dueMs(key(bob))).toBe(60)
  // What was read before the retry no longer counts.
  queue.postpone(key(bob), { dueMs: 1e9, held: true, retries: 0 })
  expect(queue.dueMs(key(bob))).toBe(60)
  queue.remove(key(bob), [idOf(2)])
  expect([...queue.peers]).toEqual([key(bob), key(carol)])
  queue.remove(key(bob), [idOf(1)])
  expect([...queue.peers]).toEqual([key(carol)])
  queue.remove(key(bob), [idOf(1)])
  expect(queue.retries(key(bob))).toBe(0)
})
