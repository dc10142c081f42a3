import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { faultyDatabase, type LinkPair } from '../../src/testing/index.ts'
import { chatWith, connect, type Person, person, until } from '../support/world.ts'

/** Messages each way; the nightly run sets 1000. */
const count = Number(process.env['STATUS_LOSS_MESSAGES'] ?? 60)
const restarts = 3

/** A generator of the same numbers in every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** One of two people who write to each other while their processes come and go. */
interface Side {
  readonly name: string
  readonly disk: MemoryLevel
  now: Person
}

test('two clients, 20 % loss, restarts and a kill -9 each: everything arrives once and the ledger is complete', {
  timeout: 60_000 + count * 500
}, async () => {
  const roll = dice(20_191_122)
  const options = { syncRetryMs: 100, syncTickMs: 15 }
  const open = async (name: string, disk: MemoryLevel): Promise<Person> => {
    const one = await person(name, { ...options, database: disk })
    await one.client.start()
    return one
  }
  const disks = { alice: new MemoryLevel(), bob: new MemoryLevel() }
  const alice: Side = { name: 'alice', disk: disks.alice, now: await open('alice', disks.alice) }
  const bob: Side = { name: 'bob', disk: disks.bob, now: await open('bob', disks.bob) }
  let link: LinkPair | undefined
  const lossy = ({ code }: { readonly code: number }): boolean => code !== 1 || roll() >= 0.2
  const relink = (): void => {
    link?.cut()
    link = connect(alice.now, bob.now, { toA: lossy, toB: lossy })
  }
  relink()

  const restart = async (side: Side): Promise<void> => {
    await side.now.client.stop()
    side.now = await open(side.name, side.disk)
    relink()
  }
  /** The process dies in the middle of a write and comes back with what is on the disk. */
  const kill = async (side: Side, other: Side): Promise<void> => {
    await side.now.client.stop()
    const faulty = faultyDatabase(side.disk, { failAt: 12 })
    side.now = await person(side.name, { ...options, database: faulty.database })
    await side.now.client.start().catch(() => undefined)
    relink()
    await other.now.client.retry()
    for (let index = 0; !faulty.crashed() && index < 50; index += 1) {
      await side.now.client.joinPublic(`noise ${index}`).catch(() => undefined)
    }
    expect(faulty.crashed()).toBe(true)
    await side.now.client.stop().catch(() => undefined)
    side.now = await open(side.name, side.disk)
    relink()
  }

  const say = async (from: Side, to: Side, index: number): Promise<void> => {
    const text = `${from.name} ${index}`
    await from.now.client.send(chatWith(to.now), { text }, { clientTag: text })
  }
  const every = Math.ceil(count / (restarts + 2))
  for (let index = 0; index < count; index += 1) {
    await say(alice, bob, index)
    await say(bob, alice, index)
    if (index % every !== every - 1) continue
    const turn = Math.floor(index / every)
    if (turn < restarts) {
      await restart(alice)
      await restart(bob)
    } else if (turn === restarts) {
      await kill(alice, bob)
      await kill(bob, alice)
    }
  }
  const stored = async (side: Side, other: Side) => {
    const found = []
    let before: string | undefined
    for (;;) {
      const page = await side.now.client.messages(chatWith(other.now), { before, limit: 500 })
      found.push(...page)
      before = page.at(-1)?.messageId
      if (page.length < 500) return found
    }
  }
  try {
    for (const [side, other] of [
      [alice, bob],
      [bob, alice]
    ] as const) {
      await until(
        `${side.name} has everything`,
        async () => (await stored(side, other)).length >= 2 * count,
        30_000 + count * 200
      )
      const messages = await stored(side, other)
      expect(messages).toHaveLength(2 * count)
      expect(new Set(messages.map(message => message.text)).size).toBe(2 * count)
      await until(
        `the ledger of ${side.name} is complete`,
        async () => {
          for (const { messageId, outgoing } of messages) {
            if (outgoing && (await side.now.client.ledger(messageId))?.complete !== true) return false
          }
          return true
        },
        30_000 + count * 200
      )
    }
  } finally {
    await alice.now.client.stop()
    await bob.now.client.stop()
  }
})
