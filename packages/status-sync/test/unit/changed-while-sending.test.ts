import { expect, test } from 'vitest'
import { encodeMessage, encodePayload, messageId } from '../../src/index.ts'
import { messageEntryBytes } from '../../src/split.ts'
import { isDue, isOver, recordOf, type Timing, transition } from '../../src/state.ts'
import { bob, counts, record, type TestNode, testNode, text } from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }

/** Runs once, while the first payload of the next tick is on its way. */
function during(node: TestNode, act: () => Promise<void>): void {
  let isFirst = true
  node.output = async (peer, bytes, { contains }) => {
    record(node, peer, bytes, contains)
    if (isFirst) {
      isFirst = false
      await act()
    }
    return 'sent'
  }
}

const contents = (node: TestNode): (readonly string[])[] => node.sent.map(({ contains }) => contains)

async function two(node: TestNode): Promise<void> {
  // One message a payload.
  node.maxBytes = 100
  for (const tracking of ['a', 'b']) await node.sync.enqueue({ peer: bob, body: text(tracking), tracking })
}

test('a message that is cancelled while an earlier payload is on its way is not sent', async () => {
  const node = testNode()
  await two(node)
  during(node, () => node.sync.cancel('b'))
  await node.sync.tick()
  expect(contents(node)).toEqual([['a']])
  await node.after(3_600_000)
  expect(contents(node).flat()).not.toContain('b')
})

test('one that is acknowledged meanwhile is not sent either, and ends once', async () => {
  const node = testNode()
  await two(node)
  await node.sync.tick()
  const [, second] = node.sent.flatMap(({ payload }) => payload.messages)
  if (second === undefined) throw new Error('two messages')
  node.sent.length = 0
  during(node, async () => {
    await node.sync.receive(bob, encodePayload({ ...empty, acks: [messageId(second)] }))
  })
  await node.after(3_600_000)
  expect(contents(node)).toEqual([['a']])
  expect(node.facts.map(({ tracking, outcome }) => [tracking, outcome])).toEqual([['b', 'acknowledged']])
})

test('an offer that is asked for meanwhile is no longer offered: the message follows', async () => {
  const node = testNode({ options: { mode: 'interactive' } })
  await two(node)
  await node.sync.tick()
  const offers = node.sent.flatMap(({ payload }) => payload.offers)
  expect(offers).toHaveLength(2)
  node.sent.length = 0
  // One identifier a payload.
  node.maxBytes = 64
  during(node, async () => {
    await node.sync.receive(bob, encodePayload({ ...empty, requests: offers.slice(1) }))
  })
  await node.after(3_600_000)
  expect(node.sent.map(({ payload }) => counts(payload).offers)).toEqual([1])
  node.maxBytes = 100
  await node.after(0)
  expect(contents(node).at(-1)).toEqual(['b'])
})

test('direct: a message that is cancelled while it leaves is not told of as sent', async () => {
  const node = testNode({ options: { mode: 'direct' } })
  await node.sync.enqueue({ peer: bob, body: text('a'), tracking: 'a' })
  node.output = async () => {
    await node.sync.cancel('a')
    return 'sent'
  }
  await node.sync.tick()
  expect(node.facts).toEqual([])
})

test.each([
  [0, 'sent'],
  [-1, 'too-large']
])('direct: with a budget that differs from the size of a message by %i it is %s', async (more, outcome) => {
  const item = { peer: bob, body: new Uint8Array(200), tracking: 'a' }
  const batch = testNode()
  await batch.sync.enqueue(item)
  await batch.sync.tick()
  const [message] = batch.sent.flatMap(({ payload }) => payload.messages)
  if (message === undefined) throw new Error('no message')
  const node = testNode({ options: { mode: 'direct' } })
  node.maxBytes = messageEntryBytes(encodeMessage(message).length) + more
  await node.sync.enqueue(item)
  let outputs = 0
  node.output = async () => {
    outputs += 1
    return 'sent'
  }
  await node.sync.tick()
  expect([node.facts.map(fact => fact.outcome), outputs]).toEqual([[outcome], outcome === 'sent' ? 1 : 0])
})

test('an end that could not be told is told again after the time of what was not sent, and no sooner', async () => {
  const node = testNode({ options: { unsentMs: 5000, mode: 'direct' } })
  let told = 0
  node.settled = async () => {
    told += 1
    if (told === 1) throw new Error('disk full')
  }
  await node.sync.enqueue({ peer: bob, body: text('a'), tracking: 'a' })
  node.output = async () => 'sent'
  await node.sync.tick()
  await node.after(0)
  await node.after(4999)
  expect(told).toBe(1)
  await node.after(1)
  expect(told).toBe(2)
  expect(node.facts.map(({ outcome }) => outcome)).toEqual(['sent'])
})

const timing: Timing = {
  baseMs: 1000,
  ceilingMs: 8000,
  jitter: 0,
  unsentMs: 500,
  random: { bytes: length => new Uint8Array(length) }
}
const draft = { peer: bob, id: new Uint8Array(32), tracking: 't', timestamp: 1n, size: 10, nowMs: 10_000 }

test('a due time is believed up to the longest wait and that of what was not sent, and no further', () => {
  const at = (dueMs: number): boolean => isDue({ ...recordOf('message', draft), dueMs }, 10_000, timing)
  expect([at(10_000), at(10_001), at(10_000 + 8500), at(10_000 + 8501)]).toEqual([true, false, false, true])
})

test('a request is over once its last attempt had its time, a message only by age', () => {
  const ages = { giveUpMs: 5000, requestGiveUpMs: 3000, lagMs: 0, maxRequestAttempts: 2 }
  const request = { ...recordOf('request', draft), attempts: 2, dueMs: 11_000 }
  expect(isOver(request, 10_999, ages)).toBe(false)
  expect(isOver(request, 11_000, ages)).toBe(true)
  expect(isOver({ ...request, attempts: 1 }, 11_000, ages)).toBe(false)
  expect(isOver({ ...request, attempts: 0 }, 13_000, ages)).toBe(false)
  expect(isOver({ ...request, attempts: 0 }, 13_001, ages)).toBe(true)
  const message = { ...recordOf('message', draft), attempts: 9, dueMs: 11_000 }
  expect([isOver(message, 15_000, ages), isOver(message, 15_001, ages)]).toEqual([false, true])
})

test('being asked for what we asked for ourselves changes nothing', () => {
  const request = { ...recordOf('request', draft), attempts: 1, count: 1, dueMs: 99_000 }
  expect(transition(request, { kind: 'requested', nowMs: 20_000 }, timing)).toBe(request)
})

test('a sign of life brings a retry forward, and never puts one off', () => {
  const tried = { ...recordOf('message', draft), lastAttemptMs: 10_000, attempts: 3, count: 3 }
  const heard = (dueMs: number) => transition({ ...tried, dueMs }, { kind: 'heard', nowMs: 12_000 }, timing)
  expect(heard(50_000)).toMatchObject({ dueMs: 12_000, count: 0 })
  expect(heard(11_000)).toMatchObject({ dueMs: 11_000, count: 0 })
  const fresh = { ...tried, count: 0, dueMs: 50_000 }
  expect(transition(fresh, { kind: 'heard', nowMs: 12_000 }, timing)).toMatchObject({ dueMs: 12_000 })
})
