import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { createOutboxQueue, type EntryOutcome } from '../../src/sending/outbox-queue.ts'
import type { OutboxRecord } from '../../src/storage/records.ts'
import type { RangeQuery } from '../../src/storage/stores/key-value.ts'

const keyOf = (index: number): string => `k${String(index).padStart(6, '0')}`
const count = (length: number, from = 0): number[] => Array.from({ length }, (_, at) => from + at)

interface Behaviour {
  /** What becomes of an entry. */
  outcome: (index: number) => EntryOutcome | undefined
  room: () => number
  /** While all entries are being read. */
  reading: () => void
}

/** A part of the outbox over a disk that counts what is read of it; what is handed over leaves the disk. */
function queueing(atOnce = 2) {
  const disk = new Map<string, OutboxRecord>()
  const reads: number[] = []
  const asked: number[][] = []
  const be: Behaviour = { outcome: () => 'handled', room: () => 1000, reading: () => {} }
  const range = async function* ({ gte = '', lt = '', limit = 0 }: RangeQuery) {
    const keys = [...disk.keys()].sort().filter(key => key >= gte && key < lt)
    const page = keys.slice(0, limit).map(key => ({ key, value: disk.get(key) }))
    reads.push(page.length)
    be.reading()
    yield* page
  }
  const store = { range } as unknown as Parameters<typeof createOutboxQueue>[0]
  const queue = createOutboxQueue(
    store,
    { gte: 'k', lt: 'l' },
    {
      handle: async records => {
        asked.push(records.map(({ queuedMs }) => queuedMs))
        const outcomes: EntryOutcome[] = []
        for (const { queuedMs } of records) {
          const outcome = be.outcome(queuedMs)
          if (outcome === undefined) break
          outcomes.push(outcome)
          if (outcome === 'stop') break
          if (outcome === 'handled') remove(queuedMs)
        }
        return outcomes
      },
      room: () => be.room(),
      atOnce
    }
  )
  const remove = (index: number): void => {
    disk.delete(keyOf(index))
    queue.wrote(keyOf(index), undefined)
  }
  const put = (...indices: readonly number[]): void => {
    for (const index of indices) {
      const record = { messageId: keyOf(index), queuedMs: index } as OutboxRecord
      disk.set(keyOf(index), record)
      queue.wrote(keyOf(index), record)
    }
  }
  /** What was handed over in a pass, and how much was read for that. */
  const pass = async () => {
    asked.length = 0
    reads.length = 0
    await queue.pass()
    return { asked: [...asked], reads: [...reads] }
  }
  return { be, disk, put, remove, pass }
}

test('entries go in their order, some at once; what is written later is not read back', async () => {
  const { put, pass } = queueing()
  put(...count(5))
  expect(await pass()).toEqual({ asked: [[0, 1], [2, 3], [4]], reads: [5] })
  expect(await pass()).toEqual({ asked: [], reads: [] })
  put(5)
  expect(await pass()).toEqual({ asked: [[5]], reads: [] })
})

test('no more go than there is room for, and none without', async () => {
  const { be, put, pass } = queueing()
  put(...count(3))
  be.room = () => 0
  expect((await pass()).asked).toEqual([])
  be.room = () => 1
  expect((await pass()).asked).toEqual([[0], [1], [2]])
  put(...count(3, 3))
  let left = 2
  be.room = () => left
  be.outcome = () => {
    left -= 1
    return 'handled'
  }
  expect((await pass()).asked).toEqual([[3, 4]])
})

test('a stop, or no word about an entry, ends the pass, and the next one goes on with that entry', async () => {
  const { be, put, pass } = queueing()
  put(...count(5))
  be.outcome = index => (index === 3 ? 'stop' : 'waiting')
  expect((await pass()).asked).toEqual([
    [0, 1],
    [2, 3]
  ])
  be.outcome = index => (index === 4 ? undefined : 'waiting')
  expect((await pass()).asked).toEqual([[3, 4]])
  be.outcome = () => 'handled'
  expect((await pass()).asked).toEqual([[4, 0], [1, 2], [3]])
})

test('a pass ends with a page of entries that wait, and the next one goes on behind them', async () => {
  const { be, put, pass } = queueing(1)
  const page = limits.outboxPage
  put(...count(2 * page + 1))
  be.outcome = index => (index === 2 * page ? 'handled' : 'waiting')
  const flat = async () => (await pass()).asked.flat()
  expect(await flat()).toEqual(count(page))
  expect(await flat()).toEqual(count(page, page))
  expect(await flat()).toEqual([2 * page, ...count(page)])
  // Just less than a page waits: the pass comes to the end.
  const few = queueing(1)
  few.put(...count(page))
  few.be.outcome = index => (index === page - 1 ? 'handled' : 'waiting')
  expect((await few.pass()).asked.flat()).toEqual(count(page))
})

test('what is written and deleted while all entries are being read counts', async () => {
  const { be, put, remove, pass } = queueing()
  put(...count(3))
  be.reading = () => {
    put(7)
    remove(1)
  }
  expect((await pass()).asked).toEqual([[0, 2], [7]])
})

test('entries that could not be read are read again by the next pass', async () => {
  const { be, put, pass } = queueing()
  put(0)
  be.reading = () => {
    throw new Error('the disk')
  }
  await expect(pass()).rejects.toThrow('the disk')
  be.reading = () => {}
  expect(await pass()).toEqual({ asked: [[0]], reads: [1] })
})

const { outboxKept: kept, outboxPage: page } = limits

test('outboxKept: so many are kept in memory; with one more a part is read in pages until it has been seen to its end', async () => {
  const full = queueing(page)
  full.put(...count(kept))
  expect((await full.pass()).reads).toEqual([kept])
  const long = queueing(page)
  long.put(...count(kept + 1))
  const first = await long.pass()
  expect(first.asked.flat()).toEqual(count(kept + 1))
  expect(first.reads).toEqual([kept + 1, ...Array.from({ length: kept / page }, () => page), 1])
  // It is short again, and known from now on.
  expect((await long.pass()).reads).toEqual([0])
  long.put(1)
  expect(await long.pass()).toEqual({ asked: [[1]], reads: [] })
})

test('a part that grows too long while it is known is read in pages from then on', async () => {
  const { put, pass } = queueing(page)
  await pass()
  put(...count(kept))
  expect((await pass()).reads).toEqual([])
  put(...count(kept + 1))
  const { asked, reads } = await pass()
  expect(asked.flat()).toEqual(count(kept + 1))
  expect(reads[0]).toBe(page)
})

test('in a long part a pass that began behind what waits comes round to it', async () => {
  const { be, put, pass } = queueing(page)
  put(...count(kept + page))
  be.outcome = () => 'waiting'
  const flat = async () => (await pass()).asked.flat()
  expect(await flat()).toEqual(count(page))
  expect(await flat()).toEqual(count(page, page))
  be.outcome = () => 'handled'
  expect(await flat()).toEqual([...count(kept - page, 2 * page), ...count(2 * page)])
  expect(await flat()).toEqual([])
})

test('of a long part no more is read than there is room for, and a stop ends the reading', async () => {
  const { be, put, pass } = queueing(2)
  put(...count(kept + 1))
  be.room = () => 0
  expect(await pass()).toEqual({ asked: [], reads: [kept + 1] })
  let left = 5
  be.room = () => left
  be.outcome = () => {
    left -= 1
    return 'handled'
  }
  expect(await pass()).toEqual({ asked: [[0, 1], [2, 3], [4]], reads: [5] })
  be.room = () => page
  be.outcome = index => (index === 7 ? 'stop' : 'handled')
  expect(await pass()).toEqual({
    asked: [
      [5, 6],
      [7, 8]
    ],
    reads: [page]
  })
})
