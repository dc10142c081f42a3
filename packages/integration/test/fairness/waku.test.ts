import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { growthOf, most, turnMs } from '../../fairness/growth.ts'
import { startWakuVictim, type WakuVictim, wakuAttacks } from '../../fairness/waku-attacks.ts'

let victim: WakuVictim
beforeAll(async () => {
  victim = await startWakuVictim(2000)
})
afterAll(() => victim.stop())

describe('Waku and the bridge: twice the attack costs at most three times the work, and others have their turns', () => {
  test.each(wakuAttacks)('$door: $name', async attack => {
    const { factor, longer } = await growthOf(victim, attack, 0.5)
    expect(factor).toBeLessThanOrEqual(most)
    expect(longer.turns).toBeGreaterThanOrEqual(Math.floor(longer.cpuMs / turnMs))
  })
})

test('the links of those who send rubbish stay, and what is bridged is bounded', async () => {
  const rubbish = wakuAttacks.find(({ door }) => door === 'bad packets')
  const run = await rubbish?.prepare(victim, 0.1)
  expect(await run?.()).toMatchObject({ outcome: 'kept' })
  expect(victim.waku.counters().events.packetrefused).toBeGreaterThan(0)
  const { waitingBytes, dropped } = victim.bridge.counters().toWhisper
  expect([waitingBytes, dropped]).toEqual([0, 0])
})
