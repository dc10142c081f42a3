import { expect } from 'vitest'
import { lossyLink, repeatableNumbers } from '../../support/lossy-link.ts'
import { type Person, reads, times } from '../../support/person.ts'
import { until } from '../../support/until.ts'
import { datasyncAtBoth, eachWay, pairOf, type Scenario } from './scenario.ts'
import { tells } from './tells.ts'

const overBadNetworks = { role: 'messenger', peer: 'status-go messenger', settings: datasyncAtBoth } as const

/** status-go repeats a message after half a minute, then later and later. */
const repeatedMs = 300_000
const awayMs = 40_000

const texts = (count: number, name: string): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${name} ${i}`)

async function readsAll(who: Person, all: readonly string[]): Promise<void> {
  for (const text of all) await reads(who, text, repeatedMs)
  expect(all.map(text => times(who, text))).toEqual(all.map(() => 1))
}

/** What data sync is for. */
export const badNetworks: readonly Scenario[] = [
  {
    ...overBadNetworks,
    name: '30 % of our packets lost, 20 messages each way',
    directions: ['both'],
    play: async stage => {
      const random = repeatableNumbers(30)
      let losing = false
      const link = (whole: Parameters<typeof lossyLink>[0]) => lossyLink(whole, () => losing && random() < 0.3)
      const ours = await stage.ours('Alice', { link, options: { syncRetryMs: 3000 } })
      const theirs = await stage.theirs('Bob')
      await theirs.openChat(ours.key)
      await tells(ours, theirs, 'hello')
      await tells(theirs, ours, 'hello to you')
      losing = true
      const [out, back] = [texts(20, 'lossy out'), texts(20, 'lossy back')]
      for (const text of out) await ours.say(theirs.key, text)
      for (const text of back) await theirs.say(ours.key, text)
      await readsAll(theirs, out)
      await readsAll(ours, back)
    }
  },
  {
    ...overBadNetworks,
    name: 'the reader is away for 40 s, longer than envelopes live; no mailserver',
    directions: eachWay,
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      await tells(from, to, 'hello')
      await tells(to, from, 'hello to you')
      await to.stop()
      const missed = texts(5, 'while you were away')
      for (const text of missed) await from.say(to.key, text)
      await new Promise(resolve => setTimeout(resolve, awayMs))
      await to.start()
      await readsAll(to, missed)
      await tells(to, from, 'back')
    }
  },
  {
    ...overBadNetworks,
    name: 'what we wrote is acknowledged by status-go',
    directions: ['ours → theirs'],
    play: async stage => {
      const [ours, theirs] = [await stage.ours('Alice'), await stage.theirs('Bob')]
      await theirs.openChat(ours.key)
      await tells(theirs, ours, 'write to me')
      const { id } = await tells(ours, theirs, 'here it is')
      await until('the acknowledgement', async () => (await ours.client().ledger(id))?.complete === true)
      expect((await ours.client().ledger(id))?.legs[0]).toMatchObject({ acknowledgedBy: theirs.installation })
    }
  }
]
