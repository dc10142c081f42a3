import { expect, test } from 'vitest'
import { createKeyExpiry, expireEveryMs } from '../../src/maintenance/key-expiry.ts'
import { createMaintenance } from '../../src/maintenance/maintenance.ts'
import { blankChat } from '../../src/storage/chat-cache.ts'
import { inside } from '../support/core.ts'
import { chatWith, connect, during, movableClock, type Person, person, until } from '../support/world.ts'

const hour = 3_600_000

/** A client's inside whose clock stands still until it is moved, and a security layer that counts. */
async function tidied() {
  const { core: fixed } = await inside()
  let now = fixed.clock.nowMs()
  const profile = { ...fixed.profile(), createdMs: now }
  const stopping = new AbortController()
  const core = { ...fixed, clock: { nowMs: () => now }, profile: () => profile, stopping: stopping.signal }
  const calls: number[] = []
  let answer = async (_options?: { readonly signal?: AbortSignal | undefined }): Promise<void> => {}
  const sealer = {
    expire: (options?: { readonly signal?: AbortSignal | undefined }) => {
      calls.push(now)
      return answer(options)
    }
  }
  const run = () => {
    const tidying = createKeyExpiry(core, sealer)
    return async () => {
      await tidying.tick()
      await core.background.idle()
    }
  }
  return {
    core,
    stop: () => stopping.abort(),
    calls,
    run,
    forward: (ms: number) => {
      now += ms
    },
    answerWith: (next: typeof answer) => {
      answer = next
    }
  }
}

test('expired keys are erased once a day, also when no run lasts a day', async () => {
  const { calls, run, forward } = await tidied()
  let tick = run()
  await tick()
  expect(calls).toHaveLength(0)
  forward(expireEveryMs - 1)
  await tick()
  expect(calls).toHaveLength(0)
  forward(1)
  await tick()
  await tick()
  expect(calls).toHaveLength(1)
  // Ten hours a run: the third one is the first that starts or lasts a day after the last time.
  for (const expected of [1, 1, 2]) {
    tick = run()
    forward(10 * hour)
    await tick()
    expect(calls).toHaveLength(expected)
  }
})

test('what failed is tried again an hour later, what was interrupted at the next start', async () => {
  const { stop, calls, run, forward, answerWith } = await tidied()
  forward(expireEveryMs)
  answerWith(async () => Promise.reject(new Error('disk full')))
  const tick = run()
  await tick()
  forward(hour - 1)
  await tick()
  expect(calls).toHaveLength(1)
  forward(1)
  answerWith(
    options =>
      new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('stopped'))))
  )
  const interrupted = tick()
  await until('it runs', () => calls.length === 2)
  stop()
  await interrupted
  answerWith(async () => {})
  await run()()
  expect(calls).toHaveLength(3)
})

test('a last time in the future was noted by a clock that was wrong', async () => {
  const { calls, run, forward } = await tidied()
  forward(expireEveryMs)
  await run()()
  forward(-3 * expireEveryMs)
  await run()()
  await run()()
  expect(calls).toHaveLength(2)
})

/** Sizes of the security layer's records by their keys. */
async function sessionSizes({ database }: Person): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for await (const [key, value] of database.iterator<string, Uint8Array>({
    gte: 'session!',
    lt: 'session!~',
    keyEncoding: 'utf8',
    valueEncoding: 'view'
  })) {
    sizes.set(key, value.length)
  }
  return sizes
}

test('the key of a message that never came does not outlive its month in a session that nobody uses', async () => {
  const clock = movableClock()
  let losing = false
  const alice = await person('alice', { clock, sync: false })
  const bob = await person('bob', { clock, sync: false })
  await during([alice, bob], async () => {
    connect(alice, bob, { toB: () => !losing })
    const say = (from: Person, to: Person, text: string) => from.client.send(chatWith(to), { text })
    await say(alice, bob, 'one')
    await until('bob reads', () => bob.texts().includes('one'))
    await say(bob, alice, 'two')
    await until('alice reads', () => alice.texts().includes('two'))
    losing = true
    const { messageId } = await say(alice, bob, 'lost')
    await until('it was posted', async () => (await alice.client.ledger(messageId))?.legs[0]?.state === 'posted')
    losing = false
    await say(alice, bob, 'three')
    await until('bob reads on', () => bob.texts().includes('three'))
    await bob.client.idle()
    const before = await sessionSizes(bob)
    const shrunk = async () => {
      await bob.client.tick()
      await bob.client.idle()
      const now = await sessionSizes(bob)
      return [...before].some(([key, size]) => (now.get(key) ?? 0) < size)
    }
    clock.forward(20 * expireEveryMs)
    expect(await shrunk()).toBe(false)
    clock.forward(11 * expireEveryMs)
    expect(await shrunk()).toBe(false)
    // A month has passed, and is believed a day later.
    clock.forward(expireEveryMs + hour)
    await until('the key is gone', shrunk)
  })
})

test('a queue that cannot be read or posted keeps neither keys nor messages, and is told', async () => {
  const { core, calls, forward } = await tidied()
  const room = { kind: 'public', name: 'room' } as const
  const unit = core.store.unit()
  core.chatCache.putChat(unit, { ...blankChat(room), count: core.options.messagesPerChat + 1 })
  await unit.commit()
  const purged: unknown[] = []
  const maintenance = createMaintenance(
    {
      ...core,
      options: { ...core.options, publishContactCode: true },
      messages: {
        ...core.messages,
        purge: async (_unit, chat) => {
          purged.push(chat)
          return 0
        }
      }
    },
    {
      outbox: { pump: () => Promise.reject(new Error('no queue')) },
      poster: { advertise: () => Promise.reject(new Error('no room for a copy')) },
      ens: { start: () => undefined, tick: () => undefined },
      sessionEffects: { tick: async () => undefined },
      sealer: {
        expire: async () => {
          calls.push(1)
        }
      },
      eraser: { everything: async () => {}, tick: async () => {}, isDue: () => false }
    } as never
  )
  maintenance.start()
  forward(expireEveryMs)
  await expect(maintenance.tick()).rejects.toThrow('no queue')
  await core.background.idle()
  expect([calls, purged]).toEqual([[1], [room]])
})
