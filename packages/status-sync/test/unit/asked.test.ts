import { describe, expect, test } from 'vitest'
import { encodePayload, groupId, memorySyncStore, messageId } from '../../src/index.ts'
import { PendingRecords } from '../../src/pending-records.ts'
import { recordOf } from '../../src/state.ts'
import { alice, bob, carol, receiveAndAccept, seeded, testNode, text } from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }
const said = (body: string, peer = bob) => ({ groupId: groupId(alice, peer), timestamp: 7n, body: text(body) })
const payloadOf = (...messages: ReturnType<typeof said>[]): Uint8Array => encodePayload({ ...empty, messages })

describe('whether a payload is known to be of a peer', () => {
  test('only once all of its messages were accepted', async () => {
    const { sync } = testNode()
    const [first, both] = [payloadOf(said('one')), payloadOf(said('one'), said('two'))]
    expect(await sync.knows(bob, first)).toBe(false)
    await sync.receive(bob, first)
    expect(await sync.knows(bob, first)).toBe(false)
    await sync.accept(bob, [messageId(said('one'))])
    expect(await sync.knows(bob, first)).toBe(true)
    expect(await sync.knows(bob, both)).toBe(false)
    expect(await sync.knows(carol, first)).toBe(false)
  })

  test('not without messages, nor for bytes that are something else, nor for messages of ours', async () => {
    const node = testNode()
    expect(await node.sync.knows(bob, encodePayload({ ...empty, acks: [new Uint8Array(32)] }))).toBe(false)
    expect(await node.sync.knows(bob, text('something else'))).toBe(false)
    await node.sync.enqueue({ peer: bob, body: text('ours'), tracking: 't' })
    await node.after(1000)
    expect(node.sent).toHaveLength(1)
    expect(await node.sync.knows(bob, node.sent[0]!.bytes)).toBe(false)
    await expect(node.sync.knows(new Uint8Array(3), new Uint8Array(1))).rejects.toMatchObject({
      code: 'invalid-argument'
    })
  })
})

describe('when the next thing is to be done', () => {
  const options = { baseMs: 1000, jitter: 0, giveUpMs: 50_000, requestGiveUpMs: 9000, unsentMs: 700 }

  test('what is held waits for its end alone, a request for its own', async () => {
    const node = testNode({ options })
    const start = node.clock.now
    node.result = 'held'
    await node.sync.enqueue({ peer: bob, body: text('held'), tracking: 't' })
    expect(await node.sync.nextMs()).toBe(start)
    await node.sync.tick()
    expect(await node.sync.nextMs()).toBe(start + 50_000 + 1)
    await node.sync.receive(carol, encodePayload({ ...empty, offers: [new Uint8Array(32).fill(1)] }))
    expect(await node.sync.nextMs()).toBe(start)
    await node.sync.tick()
    expect(await node.sync.nextMs()).toBe(start + 9000 + 1)
  })

  test('acknowledgements are due at once, and later when they did not leave', async () => {
    const node = testNode({ options })
    await receiveAndAccept(node.sync, bob, payloadOf(said('one')))
    expect(await node.sync.nextMs()).toBeLessThanOrEqual(node.clock.now)
    node.result = 'not-sent'
    await node.sync.tick()
    expect(await node.sync.nextMs()).toBe(node.clock.now + 700)
    node.result = 'held'
    await node.after(700)
    expect(await node.sync.nextMs()).toBeUndefined()
    await node.sync.retry()
    expect(await node.sync.nextMs()).toBe(node.clock.now)
  })

  test('an end that could not be told is told again', async () => {
    const node = testNode({ options: { ...options, mode: 'direct' } })
    node.output = async () => 'sent'
    node.settled = () => Promise.reject(new Error('full'))
    await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
    await node.sync.tick()
    expect(node.warnings).toEqual(['a settlement failed and will be repeated'])
    expect(await node.sync.nextMs()).toBe(node.clock.now + 700)
  })
})

test('of a message that is sent again under its name only what is pending is told', async () => {
  const node = testNode({ options: { mode: 'direct' } })
  node.output = async () => 'sent'
  for (const peer of [bob, carol]) await node.sync.enqueue({ peer, body: text('x'), tracking: 't' })
  await node.after(1000)
  expect((await node.sync.delivery('t')).map(({ state }) => state)).toEqual(['abandoned', 'abandoned'])
  await node.sync.enqueue({ peer: bob, body: text('again'), tracking: 't' })
  const now = await node.sync.delivery('t')
  expect(now.map(({ state }) => state)).toEqual(['pending', 'abandoned'])
  expect(now.map(({ peer }) => peer)).toEqual([bob, carol])
})

describe('records in memory', () => {
  const next = seeded(1)
  const timing = {
    baseMs: 1000,
    ceilingMs: 2000,
    jitter: 0,
    unsentMs: 500,
    random: { bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) }
  }
  const draft = (peer: Uint8Array, number: number, tracking = 't') => ({
    peer,
    id: new Uint8Array(32).fill(number),
    tracking,
    timestamp: 0n,
    size: 1,
    nowMs: 5
  })
  const fresh = (isKnown = (_: Uint8Array) => false) => new PendingRecords(memorySyncStore(), timing, isKnown)

  test('counts are of what is there, however often something is taken out', () => {
    const records = fresh()
    const [one, two] = [1, 2].map(number => records.add(recordOf('message', draft(bob, number))))
    const asked = records.add(recordOf('request', draft(bob, 3, '')))
    expect([records.size, records.requests, records.strangers]).toEqual([2, 1, 1])
    const key = asked.peerKey
    expect([records.count(key, 'own'), records.count(key, 'requests')]).toEqual([2, 1])
    for (let times = 0; times < 2; times++) {
      records.remove(one!)
      records.remove(asked)
    }
    expect([records.size, records.requests, records.strangers]).toEqual([1, 0, 0])
    expect(records.tracked('t')).toEqual([two])
    expect([records.has(one!), records.has(two!)]).toEqual([false, true])
    records.remove(two!)
    expect([records.size, [...records.peers], records.tracked('t')]).toEqual([0, [], []])
  })

  test('an entry that took the place of another is not taken out with it', () => {
    const records = fresh()
    const before = records.add(recordOf('message', draft(bob, 1)))
    records.remove(before)
    const after = records.add(recordOf('message', draft(bob, 1)))
    records.remove(before)
    expect([records.has(before), records.has(after), records.size]).toEqual([false, true, 1])
  })

  test('a stranger who became known is not among the strangers, and messages are nobody’s request', () => {
    let known: Uint8Array | undefined
    const records = fresh(peer => peer === known)
    records.add(recordOf('message', draft(bob, 1)))
    const [first, second] = [bob, carol].map(peer => records.add(recordOf('request', draft(peer, 2, ''))))
    expect([...records.strangerRequests()]).toEqual([first, second])
    known = bob
    expect([...records.strangerRequests()]).toEqual([second])
    expect(records.strangers).toBe(1)
  })

  test('what changes while it is written is written again, what does not is done', () => {
    const records = fresh()
    const [one, two] = [1, 2].map(number => records.add(recordOf('message', draft(bob, number))))
    expect(records.isDirty).toBe(false)
    for (const entry of [one!, two!]) records.apply(entry, { kind: 'retry', nowMs: 9 })
    const { changes, done } = records.unwritten()
    expect(changes).toHaveLength(2)
    records.apply(one!, { kind: 'held' })
    done()
    expect(records.isDirty).toBe(true)
    expect(records.unwritten().changes).toHaveLength(1)
    records.unwritten().done()
    expect(records.isDirty).toBe(false)
  })
})
