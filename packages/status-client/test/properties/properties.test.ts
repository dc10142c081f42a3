import { randomBytes } from '@status-stack/crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientError } from '../../src/index.ts'
import { createSubscriptions, type ListenTarget, selfOwner } from '../../src/listening/subscriptions.ts'
import { applyFact, type LegFact } from '../../src/sending/ledger-facts.ts'
import type { LegRecord } from '../../src/storage/records.ts'
import { decodeRecord, encodeRecord } from '../../src/storage/stores/record.ts'
import { createVault } from '../../src/storage/stores/vault.ts'
import { storageKey } from '../support/world.ts'

const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
  fc.bigInt()
)
const { record } = fc.letrec<{ readonly record: unknown }>(tie => ({
  record: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('record'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('record'), { maxKeys: 4, noNullPrototype: true })
  )
}))

test('every record comes back as it was', () => {
  fc.assert(
    fc.property(record, value => {
      expect(decodeRecord(encodeRecord(value))).toEqual(value)
    })
  )
})

test('any bytes are a record or our error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      try {
        decodeRecord(bytes)
      } catch (error) {
        expect(ClientError.is(error)).toBe(true)
      }
    })
  )
})

test('what the vault seals opens under its name, and any other bytes are refused with our error', () => {
  const vault = createVault(storageKey, { bytes: randomBytes })
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(fc.string(), bytes, (key, value) => {
      expect(vault.open(key, vault.seal(key, value))).toEqual(value)
    })
  )
  fc.assert(
    fc.property(fc.string(), bytes, (key, sealed) => {
      expect(() => vault.open(key, sealed)).toThrow(expect.objectContaining({ code: 'store-corrupt' }))
    })
  )
})

const fact: fc.Arbitrary<LegFact> = fc.oneof(
  fc.constantFrom<LegFact[]>(
    { state: 'sealed', protection: 'static-key' },
    { state: 'held', reason: 'policy' },
    { state: 'retrying', reason: 'offline' },
    { state: 'expired' },
    { state: 'given-up', reason: 'age' },
    { state: 'acknowledged', by: 'phone' }
  ),
  fc.integer({ min: 0, max: 30 }).map(number => ({
    state: 'posted' as const,
    envelope: { hash: new Uint8Array(32).fill(number), expiry: 1, sentTo: [] }
  })),
  fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom('confirmed' as const, 'archived' as const))
    .map(([number, state]) => ({
      state,
      hash: new Uint8Array(32).fill(number),
      by: `peer ${number % 7}`
    }))
)

test('whatever facts come in whatever order: an acknowledged leg stays so, attempts count posts, lists are bounded', () => {
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 80 }), facts => {
      let leg: LegRecord = { state: 'queued', attempts: 0, envelopes: [] }
      let acknowledged = false
      for (const one of facts) {
        leg = applyFact(leg, one)
        acknowledged ||= one.state === 'acknowledged'
        expect(leg.state === 'acknowledged').toBe(acknowledged)
        expect(leg.envelopes.length).toBeLessThanOrEqual(16)
      }
      expect(leg.attempts).toBe(facts.filter(one => one.envelope !== undefined).length)
    })
  )
})

test('model: after any acquiring and releasing exactly the places with an owner are open', async () => {
  const targets: readonly ListenTarget[] = ['a', 'b', 'c'].map(name => ({ kind: 'public', name }))
  const step = fc.record({
    place: fc.nat(2),
    owner: fc.constantFrom(selfOwner, 'x', 'y'),
    acquire: fc.boolean(),
    all: fc.boolean()
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
      const open = new Map<string, number>()
      const add = (name: string, by: number): void => void open.set(name, (open.get(name) ?? 0) + by)
      const subscriptions = createSubscriptions<string, never>({
        plan: async target => JSON.stringify(target),
        subscribe: (interest, { signal }) => {
          add(interest, 1)
          const ended = new Promise<IteratorResult<never>>(resolve => {
            signal.addEventListener('abort', () => {
              add(interest, -1)
              resolve({ done: true, value: undefined })
            })
          })
          return { ready: Promise.resolve(), [Symbol.asyncIterator]: () => ({ next: () => ended }) }
        },
        deliver: async () => {},
        opened: () => {},
        failed: () => {}
      })
      await subscriptions.open()
      const model = targets.map(() => new Set<string>())
      for (const { place, owner, acquire, all } of steps) {
        const target = targets[place]
        if (target === undefined) continue
        if (acquire) {
          await subscriptions.acquire(target, owner)
          model[place]?.add(owner)
        } else {
          subscriptions.release(owner, all ? undefined : target)
          if (owner !== selfOwner)
            for (const [index, owners] of model.entries()) if (all || index === place) owners.delete(owner)
        }
        for (const [index, owners] of model.entries()) {
          expect(open.get(JSON.stringify(targets[index])) ?? 0).toBe(owners.size > 0 ? 1 : 0)
        }
      }
      await subscriptions.close()
    }),
    { numRuns: 60 }
  )
})
