import { expect, test } from 'vitest'
import { createSyncHandOver, type HandOverPorts } from '../../src/sending/sync-hand-over.ts'
import type { OutboxRecord } from '../../src/storage/records.ts'
import { inside, somebody } from '../support/core.ts'

const [alice, bob] = [somebody(), somebody()] as const
const idOf = (index: number): string => `0x${index.toString(16).padStart(64, '0')}`
const chat = { kind: 'public', name: 'test' } as const

const recordOf = (index: number, peers: readonly Uint8Array[] = [alice, bob]): OutboxRecord => ({
  messageId: idOf(index),
  chat,
  queuedMs: index,
  via: { kind: 'sync', peers }
})

const failing = (code: string) => Object.assign(new Error(code), { code, origin: 'caller' })

/** Messages 1 to 3 in the outbox, for Alice and Bob; what sync is asked to take is noted as message and person. */
async function handing(change: Partial<HandOverPorts> = {}) {
  const { core } = await inside()
  const unit = core.store.unit()
  for (const index of [1, 2, 3]) {
    core.deliveries.open(unit, { messageId: idOf(index), chat, queuedMs: index }, [alice, bob])
    core.bodies.stage(unit, idOf(index), Uint8Array.of(index), [alice, bob])
  }
  await unit.commit()
  const taken: [number | undefined, Uint8Array, string][] = []
  const dropped: string[] = []
  const entries = {
    bytesOf: ({ messageId }: OutboxRecord) => core.bodies.get(messageId),
    drop: async (...records: readonly OutboxRecord[]) => {
      dropped.push(...records.map(({ messageId }) => messageId))
    }
  }
  const enqueue: HandOverPorts['enqueue'] = async item => {
    await change.enqueue?.(item)
    taken.push([item.body[0], item.peer, item.tracking])
  }
  const handOver = createSyncHandOver(core, entries, {
    isHeld: () => false,
    ending: new AbortController().signal,
    ...change,
    enqueue
  })
  return { core, handOver, taken, dropped }
}

test('each message is handed over for each of its people, and leaves the outbox then', async () => {
  const { handOver, taken, dropped } = await handing()
  expect(await handOver([recordOf(1), recordOf(2)])).toEqual(['handled', 'handled'])
  const byMessage = [...taken].sort(([a = 0], [b = 0]) => a - b)
  expect(byMessage).toEqual([
    [1, alice, idOf(1)],
    [1, bob, idOf(1)],
    [2, alice, idOf(2)],
    [2, bob, idOf(2)]
  ])
  expect(dropped).toEqual([idOf(1), idOf(2)])
})

test('what is held, and what sync has no room for, stays in the outbox; others go on', async () => {
  const { handOver, taken, dropped } = await handing({
    isHeld: messageId => messageId === idOf(1),
    enqueue: async ({ tracking }) => {
      if (tracking === idOf(2)) throw failing('too-many-pending')
    }
  })
  expect(await handOver([recordOf(1), recordOf(2), recordOf(3)])).toEqual(['waiting', 'waiting', 'handled'])
  expect(taken.map(([, , tracking]) => tracking)).toEqual([idOf(3), idOf(3)])
  expect(dropped).toEqual([idOf(3)])
})

test('a message that was given up meanwhile leaves the outbox and is handed to nobody', async () => {
  const { core, handOver, taken, dropped } = await handing()
  await core.bodies.release(idOf(1))
  expect(await handOver([recordOf(1)])).toEqual(['handled'])
  expect([taken, dropped]).toEqual([[], [idOf(1)]])
})

test('a message that is too large for one person is given up for that person alone', async () => {
  const { core, handOver, taken, dropped } = await handing({
    enqueue: async ({ peer }) => {
      if (peer === alice) throw failing('body-too-large')
    }
  })
  expect(await handOver([recordOf(1)])).toEqual(['handled'])
  expect(taken).toEqual([[1, bob, idOf(1)]])
  expect(dropped).toEqual([idOf(1)])
  expect((await core.deliveries.read(idOf(1)))?.legs).toMatchObject([
    { recipient: alice, state: 'given-up', reason: 'too-large' },
    { recipient: bob, state: 'queued' }
  ])
  // Bob's copy is still needed, and Alice's is not: the last release erases the bytes.
  await core.bodies.release(idOf(1), bob)
  expect(await core.bodies.get(idOf(1))).toBeUndefined()
})

test('any other failure of sync is passed on, and nothing leaves the outbox', async () => {
  const { handOver, dropped } = await handing({
    enqueue: async () => {
      throw failing('store-failed')
    }
  })
  await expect(handOver([recordOf(1)])).rejects.toMatchObject({ code: 'store-failed' })
  expect(dropped).toEqual([])
})

test('once the client stops nothing more is handed over: a message that one of two has stays in the outbox', async () => {
  const ending = new AbortController()
  const { handOver, taken, dropped } = await handing({
    ending: ending.signal,
    enqueue: async () => ending.abort()
  })
  expect(await handOver([recordOf(1)])).toEqual(['stop'])
  expect(await handOver([recordOf(2)])).toEqual(['stop'])
  expect(taken).toEqual([[1, alice, idOf(1)]])
  expect(dropped).toEqual([])
})
