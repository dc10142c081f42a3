import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeAttacks } from '../../fairness/all-attacks.ts'
import type { Attack } from '../../fairness/attacks.ts'
import { growthOf, most, turnMs } from '../../fairness/growth.ts'
import { smallSize, startVictim, type Victim } from '../../fairness/victim.ts'

let victim: Victim
beforeAll(async () => {
  victim = await startVictim(smallSize)
})
afterAll(() => victim.stop())

/** Each door in its dearest form, and how much of what the table shows is enough to see growth. */
const subset: readonly (readonly [door: string, name: string, scale: number])[] = [
  ['handshake', '20 connections that want everything and leave', 0.5],
  ['packet 1', 'items of ten bytes, 1 MB', 0.2],
  ['packet 1', 'envelopes without work to a topic with a filter, 1 MB', 0.2],
  ['packet 1', '100 envelopes to a topic that many filters share', 1],
  ['packet 1', '1 000 envelopes to a public key, sealed for another', 0.1],
  ['packet 2', '250 changes', 1],
  ['packet 3', '250 changes', 1],
  ['packet 11', 'batches that were never sent', 0.2],
  ['packet 12', 'thousands of errors for one batch', 1],
  ['packet 20', 'changing limits', 0.5],
  ['packet 125', 'answers that no request waits for', 0.5],
  ['packet 127', 'items of ten bytes from a trusted peer, 1 MB', 0.5],
  ['packet 124', 'envelopes that were not asked for, 1 MB', 0.5],
  ['mailserver 126', 'plain request that matches nothing', 1],
  ['mailserver 123', 'sync requests in a flood, 50', 0.2],
  ['JSON-RPC', 'nested arrays, 5 MB', 1],
  ['JSON-RPC', '1.7 million empty arrays', 1],
  ['JSON-RPC', 'a batch of 1 000 calls', 1],
  ['JSON-RPC shh_newMessageFilter', '200 filters of 100 topics, made and deleted', 0.1],
  ['JSON-RPC shh_getFilterMessages', 'a filter with 2 000 messages of 1 kB', 0.5]
]

function attackOf(door: string, name: string): Attack {
  const found = nodeAttacks.find(attack => attack.door === door && attack.name === name)
  if (found === undefined) throw new Error(`no attack ${door}, ${name}`)
  return found
}

describe('an attack that is twice as long costs at most three times the work, and others have their turns', () => {
  test.each(subset)('%s: %s', async (door, name, scale) => {
    const { factor, longer } = await growthOf(victim, attackOf(door, name), scale)
    expect(factor).toBeLessThanOrEqual(most)
    expect(longer.turns).toBeGreaterThanOrEqual(Math.floor(longer.cpuMs / turnMs))
  })
})
