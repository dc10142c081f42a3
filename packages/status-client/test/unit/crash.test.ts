import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { faultyDatabase } from '../../src/testing/index.ts'
import { chatWith, connect, during, type Person, person, until } from '../support/world.ts'

/**
 * A conversation in which Bob's process dies at his k-th write, over the stores of security, sync and client together, and comes
 * back with what is on the disk. Alice lives on. At the end each message is there exactly once on both sides.
 */
async function conversation(failAt: number, mode: 'before' | 'after'): Promise<{ writes: number; crashed: boolean }> {
  const disk = new MemoryLevel()
  const faulty = faultyDatabase(disk, { failAt, mode })
  const alice = await person('alice', { syncRetryMs: 100 })
  let bob: Person | undefined
  const reported: string[] = []
  const expected = ['a1', 'a2', 'a3', 'b1', 'b2']
  const say = async (who: Person, to: Person['client']['publicKey'], text: string): Promise<void> => {
    const { messageId } = await who.client.send({ kind: 'one-to-one', publicKey: to }, { text }, { clientTag: text })
    if (who !== alice) reported.push(messageId)
  }
  const aliceKey = alice.client.publicKey
  await alice.client.start()
  try {
    try {
      bob = await person('bob', { database: faulty.database, syncRetryMs: 100 })
      await bob.client.start()
      connect(alice, bob)
      await say(alice, bob.client.publicKey, 'a1')
      await until('a1', () => faulty.crashed() || bob?.texts().includes('a1') === true)
      await say(bob, aliceKey, 'b1')
      await until('b1', () => faulty.crashed() || alice.texts().includes('b1'))
      await say(alice, bob.client.publicKey, 'a2')
      await until('a2', () => faulty.crashed() || bob?.texts().includes('a2') === true)
      await bob.client.idle()
    } catch (error) {
      if (!faulty.crashed()) throw error
    }
    const { writes } = { writes: faulty.writes() }
    const crashed = faulty.crashed()
    await bob?.client.stop().catch(() => undefined)
    const back = await person('bob', { database: disk, syncRetryMs: 100 })
    await during([back], async () => {
      // What was reported as stored before the crash is there.
      for (const messageId of reported) expect(await back.client.message(messageId)).toBeDefined()
      connect(alice, back)
      for (const text of ['a1', 'a2', 'a3']) await say(alice, back.client.publicKey, text)
      for (const text of ['b1', 'b2']) await say(back, aliceKey, text)
      await until('everything arrived on both sides', async () => {
        const here = await back.client.messages(chatWith(alice))
        const there = await alice.client.messages(chatWith(back))
        return here.length >= expected.length && there.length >= expected.length
      })
      await until('the ledger is complete', async () => {
        for (const { messageId, outgoing } of await back.client.messages(chatWith(alice))) {
          if (outgoing && (await back.client.ledger(messageId))?.complete !== true) return false
        }
        return true
      })
      for (const [who, other] of [
        [back, alice],
        [alice, back]
      ] as const) {
        const texts = (await who.client.messages(chatWith(other))).map(message => message.text).sort()
        expect(texts, `after a crash ${mode} write ${failAt}`).toEqual(expected)
      }
    })
    return { writes, crashed }
  } finally {
    await alice.client.stop()
  }
}

for (const mode of ['before', 'after'] as const) {
  test(`a crash ${mode} every k-th write over all stores loses nothing and repeats nothing`, {
    timeout: 600_000
  }, async () => {
    const whole = await conversation(0, mode)
    expect(whole.crashed).toBe(false)
    expect(whole.writes).toBeGreaterThan(20)
    let crashes = 0
    for (let k = 1; k <= whole.writes; k += 1) if ((await conversation(k, mode)).crashed) crashes += 1
    // A busy machine repeats more while nothing crashes, so the last places may not be reached again.
    expect(crashes).toBeGreaterThan(14)
  })
}
