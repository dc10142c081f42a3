import { describe, expect, test } from 'vitest'
import { encodePayload, memorySyncStore, type SyncChange, type SyncStore } from '../../src/index.ts'
import { appendedAtOnce, unwrittenMs } from '../../src/limits.ts'
import { bob, carol, type TestNode, testClock, testNode, text } from '../support/node.ts'

/** A store whose writes are recorded. */
function recorded(memory: SyncStore = memorySyncStore()) {
  const writes: (readonly SyncChange[])[] = []
  let isFull = false
  const store: SyncStore = {
    ...memory,
    write: async changes => {
      if (isFull) throw new Error('full')
      writes.push(changes)
      await memory.write(changes)
    }
  }
  return {
    store,
    writes,
    fill: (full: boolean): void => {
      isFull = full
    }
  }
}

const append = (node: TestNode, tracking: string, peer = bob): Promise<void> =>
  node.sync.enqueue({ peer, body: text(`body of ${tracking}`), tracking })

const names = (from: number, count: number): readonly string[] => Array.from({ length: count }, (_, n) => `${from + n}`)

describe('messages that are appended together', () => {
  test('share one write for each peer, and leave in their order', async () => {
    const { store, writes } = recorded()
    const node = testNode({ store })
    await node.sync.delivery('nothing')
    writes.length = 0
    await Promise.all([...names(0, 20).map(name => append(node, name)), append(node, 'other', carol)])
    expect(writes).toHaveLength(2)
    await node.sync.tick()
    const sent = node.sent.map(({ contains }) => contains)
    expect(sent).toHaveLength(2)
    expect(sent).toEqual(expect.arrayContaining([names(0, 20), ['other']]))
  })

  test('share it up to a bound', async () => {
    const { store, writes } = recorded()
    const node = testNode({ store })
    await node.sync.delivery('nothing')
    writes.length = 0
    await Promise.all(names(0, appendedAtOnce + 1).map(name => append(node, name)))
    expect(writes).toHaveLength(2)
  })

  test('are each refused or taken by themselves at the limit', async () => {
    const node = testNode({ options: { limits: { maxPendingPerPeer: 3 } } })
    const outcomes = await Promise.allSettled(names(0, 5).map(name => append(node, name)))
    expect(outcomes.map(({ status }) => status)).toEqual([...Array(3).fill('fulfilled'), ...Array(2).fill('rejected')])
    expect(outcomes[3]).toMatchObject({ reason: { code: 'too-many-pending' } })
    await node.sync.tick()
    expect(node.sent[0]?.contains).toEqual(names(0, 3))
  })

  test('are one message when they have one name, and differ when their bodies are equal', async () => {
    const node = testNode()
    const same = { peer: bob, body: text('same') }
    await Promise.all(['a', 'b', 'a', 'c'].map(tracking => node.sync.enqueue({ ...same, tracking })))
    await node.sync.tick()
    const messages = node.sent[0]?.payload.messages ?? []
    expect(node.sent[0]?.contains).toEqual(['a', 'b', 'c'])
    expect(new Set(messages.map(({ timestamp }) => timestamp)).size).toBe(3)
  })

  test('all fail with a write that fails, and can be appended again', async () => {
    const { store, fill } = recorded()
    const node = testNode({ store })
    await node.sync.delivery('nothing')
    fill(true)
    const outcomes = await Promise.allSettled(names(0, 3).map(name => append(node, name)))
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'store-failed' } })
    fill(false)
    await Promise.all(names(0, 3).map(name => append(node, name)))
    await node.sync.tick()
    expect(node.sent[0]?.contains).toEqual(names(0, 3))
  })
})

describe('what was sent', () => {
  test('is not stored again to be deleted, when it is acknowledged first', async () => {
    const { store, writes } = recorded()
    const node = testNode({ store, bodyOf: async name => text(`body of ${name}`) })
    await append(node, 'one')
    const id = writes.at(-1)?.find(({ table }) => table === 'slot')?.value ?? new Uint8Array()
    await node.sync.tick()
    writes.length = 0
    await node.sync.peerActive(bob)
    await node.sync.receive(bob, encodePayload({ acks: [id], offers: [], requests: [], messages: [] }))
    // Its record alone: the body was the caller's.
    expect(writes.flat().map(({ table, value }) => [table, value])).toEqual([['record', undefined]])
    expect(node.facts).toMatchObject([{ tracking: 'one', outcome: 'acknowledged' }])
  })

  test('is stored by ticks once it is so old, and at the end', async () => {
    const { store, writes } = recorded()
    const clock = testClock()
    let looks = 0
    const counted = {
      ...clock,
      nowMs: () => {
        looks += 1
        return clock.now
      }
    }
    const node = testNode({ store, clock: counted, options: { tickMs: 10 } })
    const ticks = async (): Promise<void> => {
      for (const from = looks; looks < from + 10; ) await new Promise(resolve => setImmediate(resolve))
    }
    const stored = () => writes.flat().filter(({ table, value }) => table === 'record' && value !== undefined).length
    await node.sync.start()
    await append(node, 'one')
    while (node.sent.length === 0) await new Promise(resolve => setImmediate(resolve))
    await ticks()
    expect(stored()).toBe(1)
    clock.now += unwrittenMs
    while (stored() < 2) await new Promise(resolve => setImmediate(resolve))
    await node.sync.peerActive(bob)
    await node.sync.stop()
    expect(stored()).toBe(3)
  })
})
