import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import type { ChatRef, Client, ClientOptions } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { type ClockRecord, createExpiryClock } from '../../src/maintenance/expiry-clock.ts'
import { during, identityOf, movableClock, person, until } from '../support/world.ts'

const [hour, day] = [3_600_000, 86_400_000]
const start = 1_600_000_000_000

/** A clock that is looked at each time it was moved, and how far expiry is behind it. */
function expiring(before?: ClockRecord, at = start) {
  let nowMs = at
  const expiry = createExpiryClock({ nowMs: () => nowMs }, before)
  return {
    expiry,
    behind: () => nowMs - expiry.nowMs(),
    move: (ms: number): number => {
      nowMs += ms
      return nowMs - expiry.nowMs()
    }
  }
}

test('time that passes counts at once, also between two runs', () => {
  const { expiry, move } = expiring()
  for (let days = 0; days < 40; days += 1) expect(move(limits.clockStepMs)).toBe(0)
  expect(expiring(expiry.record(), start + 82 * day).behind()).toBe(0)
})

test('a jump counts once the clock has stood by it for a day; the time that passes meanwhile counts', () => {
  const { move } = expiring()
  expect(move(30 * day)).toBe(30 * day)
  for (let hours = 0; hours < 24; hours += 1) expect(move(hour)).toBe(30 * day)
  expect(move(1)).toBe(0)
})

test('a jump that is taken back never counted; one that is corrected a little is in doubt as before', () => {
  const { move } = expiring()
  expect(move(30 * day)).toBe(30 * day)
  expect(move(-5000)).toBe(30 * day - 5000)
  expect(move(23 * hour)).toBe(30 * day - 5000)
  expect(move(-30 * day)).toBe(0)
  expect(move(limits.clockStepMs)).toBe(0)
  expect(move(limits.clockStepMs + 1)).toBe(limits.clockStepMs + 1)
})

test('of jumps that follow each other none counts before its day; what was shown before the first does', () => {
  const { move } = expiring()
  move(hour)
  move(30 * day)
  expect(move(30 * day)).toBe(60 * day)
  expect(move(-60 * day)).toBe(0)
})

test('a run takes over the doubts of the one before, and has its own about the time in between', () => {
  const jumped = expiring()
  jumped.move(30 * day)
  const stored = jumped.expiry.record()
  expect(expiring(stored, start + 30 * day + hour).behind()).toBe(30 * day)
  expect(expiring(stored, start + 31 * day + 1).behind()).toBe(0)
  expect(expiring(stored, start + 33 * day).behind()).toBe(3 * day)
  expect(expiring(stored, start + hour).behind()).toBe(0)
  const absent = expiring({ seenMs: start }, start + 40 * day)
  expect(absent.behind()).toBe(40 * day)
  expect(absent.move(day)).toBe(40 * day)
  expect(absent.move(1)).toBe(0)
})

test('a client that runs for a minute every few days is behind by one of its pauses, and no more', () => {
  let record: ClockRecord | undefined
  for (let run = 0; run < 10; run += 1) {
    const { expiry, behind } = expiring(record, start + run * 3 * day)
    expect(behind()).toBe(run === 0 ? 0 : 3 * day)
    record = expiry.record()
  }
})

type Kept = (client: Client, chat: ChatRef, messageId: string) => Promise<boolean>

test.each<[string, ClientOptions, Kept]>([
  ['deleted', { messageAgeMs: 7 * day }, async (client, chat) => (await client.messages(chat)).length === 1],
  [
    'given up',
    {},
    async (client, _, messageId) =>
      (await client.ledger(messageId))?.legs.some(({ state }) => state === 'retrying') ?? false
  ]
])('a clock that is a month ahead for an hour has nothing %s, also over a restart', async (_, more, isKept) => {
  const clock = movableClock()
  const [database, options] = [new MemoryLevel(), { clock, timers: false, ...more }] as const
  const carol = { kind: 'one-to-one', publicKey: identityOf('carol').publicKey } as const
  let alice = await person('alice', { database, ...options })
  let messageId = ''
  await during([alice], async () => {
    messageId = (await alice.client.send(carol, { text: 'later' })).messageId
    await alice.client.idle()
  })
  const kept = async (): Promise<boolean> => {
    await alice.client.tick()
    await alice.client.idle()
    return isKept(alice.client, carol, messageId)
  }
  clock.forward(31 * day)
  alice = await person('alice', { database, ...options })
  await during([alice], async () => {
    expect(await kept()).toBe(true)
    clock.forward(hour)
    expect(await kept()).toBe(true)
  })
  clock.forward(-31 * day)
  alice = await person('alice', { database, ...options })
  await during([alice], async () => {
    expect(await kept()).toBe(true)
    clock.forward(31 * day)
    expect(await kept()).toBe(true)
    clock.forward(23 * hour)
    expect(await kept()).toBe(true)
    clock.forward(2 * hour)
    await until('what is due goes after a day', async () => !(await kept()), 30_000)
  })
})
