import type { OutputResult } from '../../sync.ts'
import { check } from '../case.ts'
import { always, longMs, type SyncClause, stepMs } from './fixture.ts'

/** What becomes of a payload that could not be sent, and when it is tried again. */
export const outputClauses: readonly SyncClause[] = [
  [
    'not-sent is tried again',
    async ({ time, aliceKey, side, enqueue }) => {
      let tries = 0
      const alice = await side(aliceKey, async () => (++tries < 3 ? 'not-sent' : 'sent'))
      await enqueue(alice, 'one')
      for (let passed = 0; passed < longMs && tries < 3; passed += stepMs) {
        await alice.layer.tick()
        await time.advance(stepMs)
      }
      check(tries >= 3, `three attempts, got ${tries}`)
    }
  ],
  [
    'held sleeps until retry',
    async ({ time, aliceKey, bobKey, side, enqueue }) => {
      let result: OutputResult = 'held'
      let tries = 0
      const alice = await side(aliceKey, async () => {
        tries += 1
        return result
      })
      await enqueue(alice, 'one')
      for (let passed = 0; passed < longMs; passed += longMs / 24) {
        await alice.layer.tick()
        await time.advance(longMs / 24)
      }
      const whileHeld: number = tries
      check(whileHeld === 1, `one attempt, got ${whileHeld}`)
      result = 'sent'
      await alice.layer.retry(bobKey)
      await alice.layer.tick()
      check(tries === 2, 'another attempt after retry')
    }
  ],
  [
    'nobody settles everything in the payload',
    async ({ aliceKey, side, enqueue }) => {
      const alice = await side(aliceKey, always('nobody'))
      await enqueue(alice, 'one')
      await alice.layer.tick()
      check(
        alice.settled.some(({ tracking, outcome }) => tracking === 'one' && outcome === 'nobody'),
        'nobody'
      )
    }
  ],
  [
    'peerActive and retry may be called from inside output',
    async ({ aliceKey, bobKey, side, enqueue }) => {
      const alice = await side(aliceKey, async (_, __, layer) => {
        await layer().peerActive(bobKey)
        await layer().retry(bobKey)
        return 'sent'
      })
      await enqueue(alice, 'one')
      await alice.layer.tick()
      check(alice.outputs.length >= 1, 'the payload to leave')
    }
  ],
  [
    'a failing output counts as not-sent',
    async ({ time, aliceKey, side, enqueue }) => {
      let fails = true
      const alice = await side(aliceKey, async () => {
        if (fails) throw new Error('no way out')
        return 'sent'
      })
      await enqueue(alice, 'one')
      await alice.layer.tick()
      fails = false
      for (let passed = 0; passed < longMs && alice.outputs.length === 0; passed += stepMs) {
        await time.advance(stepMs)
        await alice.layer.tick()
      }
      check(alice.outputs.length > 0, 'a later attempt')
    }
  ]
]
