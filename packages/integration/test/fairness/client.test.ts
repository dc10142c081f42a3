import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientAttacks } from '../../fairness/all-attacks.ts'
import { type ClientVictim, startClientVictim } from '../../fairness/client-victim.ts'
import { growthOf, most, turnMs } from '../../fairness/growth.ts'

let victim: ClientVictim
beforeAll(async () => {
  victim = await startClientVictim()
})
afterAll(() => victim.stop())

const subset: readonly (readonly [name: string, scale: number])[] = [
  ['1 MiB of sync acks', 0.25],
  ['1 MiB of sync messages, all the same', 0.25],
  ['50 messages with 4 bundles of 8 and 64 entries', 0.1],
  ['4 groups of 1 000 events', 0.25],
  ['20 pages of 100 envelopes to us that nothing opens', 0.1]
]

describe('an attack on a messenger that is twice as long costs at most three times the work', () => {
  test.each(subset)('%s', async (name, scale) => {
    const attack = clientAttacks.find(each => each.name === name)
    if (attack === undefined) throw new Error(`no attack ${name}`)
    const { factor, longer } = await growthOf(victim, attack, scale)
    expect(factor).toBeLessThanOrEqual(most)
    expect(longer.turns).toBeGreaterThanOrEqual(Math.floor(longer.cpuMs / turnMs))
  })
})
