import { expect, test } from 'vitest'
import { createFairQueue } from '../../src/receiving/fair-queue.ts'

interface Item {
  readonly lane: string
  readonly number: number
  readonly bytes?: number
  readonly lossy?: boolean
}

/** A queue whose items are handled when the test says so. */
function manual(
  bounds: { laneBytes?: number; laneItems?: number; bytes?: number; lossyBytes?: number; atOnce?: number } = {}
) {
  const begun: Item[] = []
  const lost: Item[] = []
  const ends: (() => void)[] = []
  const queue = createFairQueue<Item>({
    laneOf: ({ lane, lossy = false }) => ({ name: lane, lossy }),
    bytesOf: ({ bytes = 1 }) => bytes,
    handle: item => {
      begun.push(item)
      return new Promise(resolve => ends.push(resolve))
    },
    lost: item => lost.push(item),
    laneBytes: 1000,
    laneItems: 1000,
    bytes: 10_000,
    lossyBytes: 10_000,
    atOnce: 1,
    ...bounds
  })
  return {
    queue,
    begun,
    lost,
    names: () => begun.map(({ lane, number }) => `${lane}${number}`),
    /** Ends what is in progress and lets the next begin; false when nothing was. */
    step: async (): Promise<boolean> => {
      const end = ends.shift()
      end?.()
      // The shared slicer may let a turn pass before the next one begins.
      for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
      return end !== undefined
    }
  }
}

const settledNow = async (promise: Promise<void>): Promise<boolean> => {
  let done = false
  void promise.then(() => {
    done = true
  })
  for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
  return done
}

test.each([10, 100, 1000])('after a flood of %i the next lane waits for one item, not for all', async flood => {
  const { queue, names, step } = manual()
  for (let number = 0; number < flood; number++) await queue.push({ lane: 'flood', number })
  await queue.push({ lane: 'friend', number: 0 })
  await step()
  expect(names()).toEqual(['flood0', 'friend0'])
})

test('lanes take turns, and each keeps its order', async () => {
  const { queue, names, step } = manual()
  for (let number = 0; number < 3; number++) await queue.push({ lane: 'a', number })
  for (let number = 0; number < 2; number++) await queue.push({ lane: 'b', number })
  await queue.push({ lane: 'c', number: 0 })
  while (await step());
  expect(names()).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'a2'])
})

test('no more lanes than allowed are in progress, and never two items of one lane', async () => {
  const { queue, names, step } = manual({ atOnce: 2 })
  for (const lane of ['a', 'b', 'c']) for (let number = 0; number < 2; number++) await queue.push({ lane, number })
  expect(names()).toEqual(['a0', 'b0'])
  await step()
  expect(names()).toEqual(['a0', 'b0', 'c0'])
  while (await step());
  expect(names()).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'c1'])
})

test.each([{ laneItems: 3 }, { laneBytes: 3 }])(
  'a full lane holds up what feeds it, and nothing else: %o',
  async bounds => {
    const { queue, names, step, lost } = manual(bounds)
    for (let number = 0; number < 3; number++) expect(await settledNow(queue.push({ lane: 'a', number }))).toBe(true)
    const over = queue.push({ lane: 'a', number: 3 })
    expect(await settledNow(over)).toBe(false)
    expect(await settledNow(queue.push({ lane: 'b', number: 0 }))).toBe(true)
    await step()
    expect(await settledNow(over)).toBe(true)
    while (await step());
    expect(names()).toEqual(['a0', 'b0', 'a1', 'a2', 'a3'])
    expect(lost).toEqual([])
  }
)

test('what is larger than a lane is taken all the same, alone', async () => {
  const { queue, names, step } = manual({ laneBytes: 3, bytes: 5 })
  const large = queue.push({ lane: 'a', number: 0, bytes: 100 })
  expect(await settledNow(large)).toBe(false)
  await step()
  expect(await settledNow(large)).toBe(true)
  await queue.push({ lane: 'strangers', number: 0, bytes: 100, lossy: true })
  while (await step());
  expect(names()).toEqual(['a0', 'strangers0'])
})

test('a full lane of strangers loses what comes and holds nothing up', async () => {
  const { queue, names, lost, step } = manual({ laneItems: 2 })
  for (let number = 0; number < 5; number++) {
    expect(await settledNow(queue.push({ lane: 's', number, lossy: true }))).toBe(true)
  }
  while (await step());
  expect(names()).toEqual(['s0', 's1'])
  expect(lost.map(({ number }) => number)).toEqual([2, 3, 4])
})

test('when all lanes together are full, strangers lose first and people we know wait', async () => {
  const { queue, lost, step } = manual({ bytes: 10 })
  await queue.push({ lane: 's', number: 0, bytes: 1, lossy: true })
  await queue.push({ lane: 'a', number: 0, bytes: 9 })
  await queue.push({ lane: 's', number: 1, bytes: 1, lossy: true })
  expect(lost.map(({ number }) => number)).toEqual([1])
  const waits = queue.push({ lane: 'b', number: 0, bytes: 1 })
  expect(await settledNow(waits)).toBe(false)
  while (await step());
  expect(await settledNow(waits)).toBe(true)
  expect(await settledNow(queue.idle())).toBe(true)
})

test('it is idle when all is handled, not before', async () => {
  const { queue, step } = manual()
  expect(await settledNow(queue.idle())).toBe(true)
  await queue.push({ lane: 'a', number: 0 })
  await queue.push({ lane: 'b', number: 0 })
  const idle = queue.idle()
  await step()
  expect(await settledNow(idle)).toBe(false)
  await step()
  expect(await settledNow(idle)).toBe(true)
})

test.each([
  ['as many items as it may have', { laneItems: 2 }, { laneItems: 1 }],
  ['as many bytes as it may have', { laneBytes: 6 }, { laneBytes: 5 }],
  ['as many bytes as all may have', { bytes: 6 }, { bytes: 5 }]
])('a lossy lane takes %s, and loses what is one more', async (_, fits, isOver) => {
  const lossOf = async (bounds: Parameters<typeof manual>[0]): Promise<number> => {
    const { queue, lost } = manual(bounds)
    for (const number of [0, 1]) await queue.push({ lane: 's', number, bytes: 3, lossy: true })
    return lost.length
  }
  expect(await lossOf(fits)).toBe(0)
  expect(await lossOf(isOver)).toBe(1)
})

test('those who wait for a lane wait while it is full, whatever others have finished', async () => {
  const { queue, names, step } = manual({ laneItems: 1, atOnce: 1 })
  await queue.push({ lane: 'other', number: 0 })
  await queue.push({ lane: 'a', number: 0 })
  const waits = queue.push({ lane: 'a', number: 1 })
  await step()
  expect(names()).toEqual(['other0', 'a0'])
  expect(await settledNow(waits)).toBe(false)
  await step()
  expect(await settledNow(waits)).toBe(true)
})

test('lossy lanes have a share of all that waits; what is handled makes room in it', async () => {
  const { queue, lost, step } = manual({ bytes: 100, lossyBytes: 10 })
  for (const lane of ['a', 'b']) {
    await queue.push({ lane, number: 1, lossy: true, bytes: 3 })
    await queue.push({ lane, number: 2, lossy: true, bytes: 3 })
  }
  expect(lost).toMatchObject([{ lane: 'b', number: 2 }])
  await queue.push({ lane: 'kept', number: 1, bytes: 80 })
  await step()
  await queue.push({ lane: 'b', number: 3, lossy: true, bytes: 3 })
  expect(lost).toHaveLength(1)
})
