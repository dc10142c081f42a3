import { randomBytes } from '@status-stack/crypto'
import type { ReceivedMessage } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { createDeliveryLanes } from '../../src/receiving/delivery-lanes.ts'
import { createFairQueue } from '../../src/receiving/fair-queue.ts'
import { blankChat, blankContact } from '../../src/storage/chat-cache.ts'
import { arriving, wrapped } from '../support/inbound.ts'
import { identityOf, until } from '../support/world.ts'

interface Item {
  readonly lane: string
  readonly number: number
  readonly bytes?: number
  readonly lossy?: boolean
}

/** A queue whose items are handled when the test says so. */
function manual(bounds: { laneBytes?: number; laneItems?: number; bytes?: number; atOnce?: number } = {}) {
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

type World = Awaited<ReturnType<typeof arriving>>

async function befriend({ core }: World, ...names: readonly string[]): Promise<void> {
  const unit = core.store.unit()
  for (const name of names)
    core.chatCache.putContact(unit, { ...blankContact(identityOf(name).publicKey), added: true })
  await unit.commit()
}

function liveOf(by: string, payload: Uint8Array, channel?: string): ReceivedMessage {
  return {
    payload,
    signer: identityOf(by).publicKey,
    sentSeconds: 1_600_000_000,
    hash: randomBytes(32),
    arrival: channel === undefined ? { kind: 'identity' } : { kind: 'public', name: channel },
    guarantee: channel === undefined ? 'addressee-confidential' : 'group-readable',
    source: 'live'
  }
}

/** How many messages are shown before the friend's, who writes after a flood. */
async function shownBefore(flood: number, by: string, channel?: string): Promise<number> {
  const world = await arriving({ messageRequests: false })
  await befriend(world, 'alice', 'mallory')
  const unit = world.core.store.unit()
  world.core.chatCache.putChat(unit, blankChat({ kind: 'public', name: 'room' }))
  await unit.commit()
  const lanes = createDeliveryLanes(world.core, { handle: world.inbound.handle, lost: () => {} })
  const now = world.core.clock.nowMs()
  const deliveries = Array.from({ length: flood }, (_, at) =>
    liveOf(by, wrapped(by, `${at}`, now + at, channel), channel)
  )
  deliveries.push(liveOf('alice', wrapped('alice', 'hello', now)))
  // All within one turn of the event loop: nothing is handled before the friend's is there.
  await Promise.all(deliveries.map(lanes.push))
  await lanes.idle()
  await world.core.background.idle()
  expect(world.failures).toEqual([])
  return world.heard.message.findIndex(({ text }) => text === 'hello')
}

test.each([
  ['a contact', 'mallory', undefined],
  ['a stranger', 'stranger', undefined],
  ['a public chat', 'stranger', 'room']
])(
  'a friend is heard after a few messages of %s who floods us, however many there are',
  async (_, by, channel) => {
    // How many the others get through while his is opened is the moment's; without lanes it would be all of them.
    for (const flood of [60, 120]) {
      const before = await shownBefore(flood, by, channel)
      expect(before).toBeGreaterThanOrEqual(0)
      expect(before).toBeLessThan(30)
    }
  },
  120_000
)

test('someone whom we come to know while something of theirs waits stays behind it', async () => {
  const world = await arriving()
  const order: number[] = []
  let release: () => void = () => {}
  const blocked = new Promise<void>(resolve => {
    release = resolve
  })
  const lanes = createDeliveryLanes(world.core, {
    handle: async ({ payload }) => {
      await blocked
      order.push(payload[0] ?? 0)
    },
    lost: () => {}
  })
  await lanes.push(liveOf('other', Uint8Array.of(1)))
  await lanes.push(liveOf('alice', Uint8Array.of(2)))
  await befriend(world, 'alice')
  await lanes.push(liveOf('alice', Uint8Array.of(3)))
  release()
  await lanes.idle()
  expect(order).toEqual([1, 2, 3])
})

test('strangers share one lane, which is bounded; what is over it is told and not kept', async () => {
  const world = await arriving()
  let handled = 0
  let lost = 0
  let release: () => void = () => {}
  const blocked = new Promise<void>(resolve => {
    release = resolve
  })
  const lanes = createDeliveryLanes(world.core, {
    handle: async () => {
      await blocked
      handled += 1
    },
    lost: () => {
      lost += 1
    }
  })
  const signers = ['one', 'two', 'three'].map(name => identityOf(name).publicKey)
  for (let at = 0; at < limits.inboundLaneItems + 10; at++) {
    await lanes.push({ ...liveOf('one', Uint8Array.of(1)), signer: signers[at % signers.length] ?? new Uint8Array(65) })
  }
  expect(lost).toBe(10)
  release()
  await until('the rest handled', () => handled === limits.inboundLaneItems)
})
