import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { createDeliveryLanes } from '../../src/receiving/delivery-lanes.ts'
import { blankChat } from '../../src/storage/chat-cache.ts'
import { arriving, befriend, liveOf, wrapped } from '../support/inbound.ts'
import { identityOf, until } from '../support/world.ts'

/** How many messages are shown before the friend's, who writes after a flood. */
async function shownBefore(flood: number, by: string, channel?: string): Promise<number> {
  const world = await arriving({ messageRequests: false })
  await befriend(world, 'alice', 'mallory')
  const unit = world.core.store.unit()
  world.core.chatCache.putChat(unit, blankChat({ kind: 'public', name: 'room' }))
  await unit.commit()
  const lanes = createDeliveryLanes(world.core, {
    handle: world.inbound.handle,
    lost: () => {},
    groupOf: () => undefined
  })
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
    lost: () => {},
    groupOf: () => undefined
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
    },
    groupOf: () => undefined
  })
  const signers = ['one', 'two', 'three'].map(name => identityOf(name).publicKey)
  for (let at = 0; at < limits.inboundLaneItems + 10; at++) {
    await lanes.push({ ...liveOf('one', Uint8Array.of(1)), signer: signers[at % signers.length] ?? new Uint8Array(65) })
  }
  expect(lost).toBe(10)
  release()
  await until('the rest handled', () => handled === limits.inboundLaneItems)
})

/** Lanes whose deliveries are handled one by one, when the test says so; `begun` is the first byte of each, in order. */
async function manualLanes(groups: Readonly<Record<string, string>> = {}) {
  const world = await arriving()
  const begun: number[] = []
  const lost: number[] = []
  const lostOf = new Set<string>()
  const groupOf = new Map(
    Object.entries(groups).map(([name, group]) => [bytesToHex(identityOf(name).publicKey), group])
  )
  const ends: (() => void)[] = []
  const lanes = createDeliveryLanes(world.core, {
    handle: ({ payload }) => {
      begun.push(payload[0] ?? 0)
      return new Promise(resolve => ends.push(resolve))
    },
    lost: ({ payload }, lane) => {
      lost.push(payload[0] ?? 0)
      lostOf.add(lane)
    },
    groupOf: person => groupOf.get(bytesToHex(person))
  })
  return { world, lanes, begun, lost, lostOf, end: () => ends.shift()?.() }
}

test('a public chat keeps its order, whoever writes there, and somebody who writes to us as well does not wait for it', async () => {
  const { world, lanes, begun, end } = await manualLanes()
  await befriend(world, 'alice', 'bob')
  await lanes.push(liveOf('alice', Uint8Array.of(1), 'room'))
  await lanes.push(liveOf('bob', Uint8Array.of(2), 'room'))
  await lanes.push(liveOf('alice', Uint8Array.of(3), 'other'))
  await lanes.push(liveOf('alice', Uint8Array.of(4)))
  expect(begun).toEqual([1, 3, 4])
  end()
  await until('the second of the room', () => begun.length === 4)
  expect(begun).toEqual([1, 3, 4, 2])
})

test('what has no signer is a stranger’s', async () => {
  const { lanes, begun } = await manualLanes()
  const { signer: _, ...unsigned } = liveOf('one', Uint8Array.of(1))
  await lanes.push(unsigned)
  await lanes.push(liveOf('two', Uint8Array.of(2)))
  expect(begun).toEqual([1])
})

test('a public chat that is full lets its source wait and loses nothing', async () => {
  const { lanes, lost } = await manualLanes()
  const pushed = Array.from({ length: limits.inboundLaneItems + 2 }, (_, at) =>
    lanes.push(liveOf('one', Uint8Array.of(at & 255), 'room'))
  )
  let all = false
  void Promise.all(pushed).then(() => {
    all = true
  })
  await Promise.all(pushed.slice(0, limits.inboundLaneItems))
  expect(all).toBe(false)
  expect(lost).toEqual([])
})

test('somebody we came to know leaves the strangers when nothing of theirs waits there any more', async () => {
  const { world, lanes, begun, end } = await manualLanes()
  await lanes.push(liveOf('alice', Uint8Array.of(1)))
  await lanes.push(liveOf('alice', Uint8Array.of(2)))
  await befriend(world, 'alice')
  end()
  await until('the second', () => begun.length === 2)
  end()
  await lanes.idle()
  await lanes.push(liveOf('other', Uint8Array.of(3)))
  await lanes.push(liveOf('alice', Uint8Array.of(4)))
  expect(begun).toEqual([1, 2, 3, 4])
})

test('nor does somebody wait behind what was lost of theirs', async () => {
  const { world, lanes, begun, lost } = await manualLanes()
  for (let at = 0; at < limits.inboundLaneItems; at++) await lanes.push(liveOf('other', Uint8Array.of(1)))
  await lanes.push(liveOf('alice', Uint8Array.of(2)))
  expect(lost).toEqual([2])
  await befriend(world, 'alice')
  await lanes.push(liveOf('alice', Uint8Array.of(3)))
  expect(begun).toEqual([1, 3])
})

test('what waits costs more than its bytes: empty deliveries fill a lane too', async () => {
  const { lanes, lost } = await manualLanes()
  const large = new Uint8Array(limits.inboundLaneBytes / 4)
  for (let at = 0; at < 4; at++) await lanes.push(liveOf('other', large))
  expect(lost).toEqual([0])
})

test('for as long as several of somebody’s wait among the strangers, all that come stay behind them', async () => {
  const { world, lanes, begun, end } = await manualLanes()
  for (const at of [1, 2, 3]) await lanes.push(liveOf('alice', Uint8Array.of(at)))
  end()
  await until('the second', () => begun.length === 2)
  await befriend(world, 'alice')
  await lanes.push(liveOf('alice', Uint8Array.of(4)))
  // In a lane of hers it would have begun beside the second.
  expect(begun).toEqual([1, 2])
  for (const count of [3, 4]) {
    end()
    await until('the next', () => begun.length === count)
  }
  expect(begun).toEqual([1, 2, 3, 4])
})

test('the lane of a friend that is full lets its source wait and loses nothing', async () => {
  const { world, lanes, lost } = await manualLanes()
  await befriend(world, 'alice')
  const pushed = Array.from({ length: limits.inboundLaneItems + 2 }, (_, at) =>
    lanes.push(liveOf('alice', Uint8Array.of(at & 255)))
  )
  await Promise.all(pushed.slice(0, limits.inboundLaneItems))
  expect(lost).toEqual([])
})

test('a flood of strangers, or of the members of one group, starves no member of another', async () => {
  const { lanes, begun, lost, lostOf } = await manualLanes({
    mallory: 'group:one',
    alice: 'group:two',
    carol: 'group:two'
  })
  for (let at = 0; at <= limits.inboundLaneItems; at++) {
    await lanes.push(liveOf('stranger', Uint8Array.of(1)))
    await lanes.push(liveOf('mallory', Uint8Array.of(2)))
  }
  expect(lost).toEqual([1, 2])
  expect([...lostOf]).toEqual(['strangers', 'group'])
  await lanes.push(liveOf('alice', Uint8Array.of(3)))
  await lanes.push(liveOf('carol', Uint8Array.of(4)))
  expect(begun).toEqual([1, 2, 3])
  expect(lost).toEqual([1, 2])
})

test('a member of a group who is a friend as well has a lane of their own', async () => {
  const { world, lanes, begun } = await manualLanes({ alice: 'group:one', mallory: 'group:one' })
  await befriend(world, 'alice')
  await lanes.push(liveOf('mallory', Uint8Array.of(1)))
  await lanes.push(liveOf('alice', Uint8Array.of(2)))
  expect(begun).toEqual([1, 2])
})

test('what members of many groups send makes no friend wait', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `member-${at}`)
  const { world, lanes, lost } = await manualLanes(Object.fromEntries(names.map(name => [name, `group:${name}`])))
  await befriend(world, 'alice')
  const large = new Uint8Array(limits.inboundLaneBytes / 4 - 1024)
  for (const name of names) for (let at = 0; at < 4; at++) await lanes.push(liveOf(name, large))
  expect(lost.length).toBeGreaterThan(0)
  let proceeded = 0
  for (let at = 0; at < 4; at++) void lanes.push(liveOf('alice', large)).then(() => (proceeded += 1))
  await until('a friend’s messages taken', () => proceeded === 4)
})
