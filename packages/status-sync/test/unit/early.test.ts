import { afterEach, describe, expect, test } from 'vitest'
import { memorySyncStore, type OutputResult, type SyncStore } from '../../src/index.ts'
import { gatherMs } from '../../src/limits.ts'
import { bob, carol, type TestNode, testClock, testNode, text } from '../support/node.ts'

/** A tick comes only after the test's own watchdog: what leaves here has not waited for one. */
const noTicks = { tickMs: 60_000 }

const nodes: TestNode[] = []

async function started(store?: SyncStore): Promise<TestNode> {
  const node = testNode({ options: noTicks, clock: testClock(), ...(store === undefined ? {} : { store }) })
  nodes.push(node)
  await node.sync.start()
  return node
}

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.sync.stop()
})

const append = (node: TestNode, tracking: string, peer = bob): Promise<void> =>
  node.sync.enqueue({ peer, body: text(`body of ${tracking}`), tracking })

/** Answers sends by hand, in the order in which they came. */
function held(node: TestNode) {
  const sends: { readonly contains: readonly string[]; readonly answer: (result: OutputResult) => void }[] = []
  const waiting: (() => void)[] = []
  node.output = (_, __, { contains }) =>
    new Promise(answer => {
      sends.push({ contains, answer })
      for (const wake of waiting.splice(0)) wake()
    })
  return {
    sends,
    until: async (count: number): Promise<void> => {
      while (sends.length < count) await new Promise<void>(resolve => waiting.push(resolve))
    }
  }
}

describe('a message that is appended while the node runs', () => {
  test('D-5 leaves before the next tick', async () => {
    const node = await started()
    const { sends, until } = held(node)
    await append(node, 'first')
    await until(1)
    expect(sends[0]?.contains).toEqual(['first'])
    sends[0]?.answer('sent')
  })

  test('D-15 leaves in one payload with all that come while the one before is on its way', async () => {
    const node = await started()
    const { sends, until } = held(node)
    await append(node, 'first')
    await until(1)
    for (const tracking of ['second', 'third', 'fourth']) await append(node, tracking)
    expect(sends).toHaveLength(1)
    sends[0]?.answer('sent')
    await until(2)
    expect(sends[1]?.contains).toEqual(['second', 'third', 'fourth'])
    sends[1]?.answer('sent')
  })

  test('does not wait for another peer', async () => {
    const node = await started()
    const { sends, until } = held(node)
    await append(node, 'to bob')
    await until(1)
    await append(node, 'to carol', carol)
    await until(2)
    expect(sends[1]?.contains).toEqual(['to carol'])
    for (const { answer } of sends) answer('sent')
  })

  test('waits as long as ever after a send that failed', async () => {
    const node = await started()
    const { sends, until } = held(node)
    await append(node, 'first')
    await until(1)
    sends[0]?.answer('not-sent')
    await append(node, 'to carol', carol)
    await until(2)
    expect(sends.map(({ contains }) => contains)).toEqual([['first'], ['to carol']])
    sends[1]?.answer('sent')
    expect(await node.sync.delivery('first')).toMatchObject([{ state: 'pending', attempts: 0 }])
  })

  test('waits for a tick when its peer could not be served', async () => {
    const memory = memorySyncStore()
    let reads = 0
    const node = await started({
      ...memory,
      get: (table, key) => {
        if (table !== 'body') return memory.get(table, key)
        reads += 1
        return Promise.reject(new Error('unreadable'))
      }
    })
    await append(node, 'first')
    while (node.warnings.length === 0) await new Promise(resolve => setImmediate(resolve))
    const { sends } = held(node)
    await append(node, 'to carol', carol)
    while (node.warnings.length < 2) await new Promise(resolve => setImmediate(resolve))
    expect([reads, sends.length]).toEqual([2, 0])
  })

  test('stays where it is once the node is stopped', async () => {
    const node = await started()
    await append(node, 'first')
    await node.sync.stop()
    const before = node.sent.length
    await append(node, 'second')
    await new Promise(resolve => setTimeout(resolve, 10 * gatherMs))
    expect(node.sent).toHaveLength(before)
    expect(await node.sync.delivery('second')).toMatchObject([{ state: 'pending', attempts: 0 }])
  })
})
