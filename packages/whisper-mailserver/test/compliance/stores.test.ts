import { bytesToHex } from '@status-stack/crypto'
import { archivePortCases } from '@status-stack/whisper/testing'
import { describe, expect, test } from 'vitest'
import { createMailserver, type EnvelopeStore, memoryEnvelopeStore, type StoreQuery } from '../../src/index.ts'
import { hashOfKey } from '../../src/keys.ts'
import { envelopeStoreCases } from '../../src/testing/index.ts'
import { levelFactory } from '../support/level.ts'
import { everything } from '../support/world.ts'

const inMemory = (order: EnvelopeStore['order']) => ({
  create: async () => memoryEnvelopeStore(order),
  reopen: async (closed: EnvelopeStore) => closed
})

const implementations = {
  'memory, oldest first': inMemory('oldest-first'),
  'memory, newest first': inMemory('newest-first'),
  level: levelFactory
}

for (const [name, factory] of Object.entries(implementations)) {
  describe(name, () => {
    for (const { name: title, run } of envelopeStoreCases(factory)) test(title, run)
  })
}

describe('the archive of a mailserver', () => {
  for (const { name, run } of archivePortCases(async () => {
    const store = memoryEnvelopeStore()
    const mailserver = createMailserver({ store })
    await mailserver.start()
    return {
      port: mailserver.port.archive,
      stored: async () => {
        const all: string[] = []
        const query: StoreQuery = { lower: 0, upper: 0xffff_ffff, bloom: everything, limit: 1000 }
        for await (const chunk of store.query(query)) all.push(...chunk.map(({ key }) => bytesToHex(hashOfKey(key))))
        return all
      }
    }
  })) {
    test(name, run)
  }
})

/** A store that is right but for one thing. */
function flawed(flaw: (store: EnvelopeStore) => Partial<EnvelopeStore>): EnvelopeStore {
  const store = memoryEnvelopeStore()
  return { ...store, ...flaw(store) }
}

function changing(store: EnvelopeStore, change: (query: StoreQuery) => StoreQuery): Partial<EnvelopeStore> {
  return { query: query => store.query(change(query)) }
}

const broken: Readonly<Record<string, () => EnvelopeStore>> = {
  'keeps the array it was given': () => {
    const kept: Parameters<EnvelopeStore['put']>[0][number][] = []
    return flawed(store => ({
      put: async envelopes => {
        kept.push(...envelopes)
      },
      query: async function* (query) {
        await store.put(kept)
        yield* store.query(query)
      }
    }))
  },
  'keeps duplicates': () => {
    let count = 0
    return flawed(store => ({
      put: envelopes =>
        store.put(
          envelopes.map(envelope => ({
            ...envelope,
            hash: envelope.hash.map((byte, i) => (i === 31 ? byte + count++ : byte))
          }))
        )
    }))
  },
  'cuts batches at 1000': () => flawed(store => ({ put: envelopes => store.put(envelopes.slice(0, 1000)) })),
  'walks the other way': () => ({ ...memoryEnvelopeStore('newest-first'), order: 'oldest-first' }),
  'excludes the upper bound': () => flawed(store => changing(store, query => ({ ...query, upper: query.upper - 1 }))),
  'excludes the lower bound': () => flawed(store => changing(store, query => ({ ...query, lower: query.lower + 1 }))),
  'wraps the last second': () =>
    flawed(store => changing(store, query => ({ ...query, upper: ((query.upper + 1) >>> 0) - 1 }))),
  'gives one too many': () => flawed(store => changing(store, query => ({ ...query, limit: query.limit + 1 }))),
  'ignores cursors': () => flawed(store => changing(store, ({ cursor: _, ...query }) => query)),
  'begins at the cursor': () =>
    flawed(store =>
      changing(store, query => {
        if (query.cursor?.length !== 36) return query
        const cursor = query.cursor.slice()
        cursor[35] = (cursor[35] ?? 1) - 1
        return { ...query, cursor }
      })
    ),
  'takes any cursor': () =>
    flawed(store =>
      changing(store, query => {
        if (query.cursor === undefined || query.cursor.length === 0) return query
        const cursor = new Uint8Array(36)
        cursor.set(query.cursor.subarray(0, 36))
        return { ...query, cursor }
      })
    ),
  'ignores the bloom filter': () => flawed(store => changing(store, query => ({ ...query, bloom: everything }))),
  'deletes the second itself too': () =>
    flawed(store => ({ deleteOlderThan: (seconds, most) => store.deleteOlderThan(seconds + 1, most) })),
  'says that it deleted nothing': () =>
    flawed(store => ({
      deleteOlderThan: async (seconds, most) => {
        await store.deleteOlderThan(seconds, most)
        return 0
      }
    })),
  'never ends deleting': () => flawed(() => ({ deleteOlderThan: async () => 1 })),
  'walks by offset': () =>
    flawed(store => ({
      query: async function* (query) {
        for (let offset = 0; offset < query.limit; offset += 50) {
          const all = []
          for await (const chunk of store.query(query)) all.push(...chunk)
          const page = all.slice(offset, offset + 50)
          if (page.length === 0) return
          yield page
        }
      }
    })),
  'gives everything in one chunk': () =>
    flawed(store => ({
      query: async function* (query) {
        const all = []
        for await (const chunk of store.query(query)) all.push(...chunk)
        yield all
      }
    })),
  'goes on for a reader that is gone': () => flawed(store => changing(store, ({ signal: _, ...query }) => query)),
  'counts wrong': () =>
    flawed(store => ({ size: async () => ({ envelopes: (await store.size()).envelopes + 1, bytes: 0 }) })),
  'cuts large envelopes': () =>
    flawed(store => ({
      put: envelopes =>
        store.put(envelopes.map(envelope => ({ ...envelope, bytes: envelope.bytes.subarray(0, 500_000) })))
    })),
  'throws at a second close': () => {
    let closed = false
    return flawed(() => ({
      close: async () => {
        if (closed) throw new Error('closed already')
        closed = true
      }
    }))
  }
}

test.each(Object.entries(broken))('the cases reject a store that %s', async (_, create) => {
  const outcomes = await Promise.allSettled(
    envelopeStoreCases({ create: async () => create() }).map(({ run }) => run())
  )
  expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true)
})

test('the cases reject a store that forgets when it is closed', async () => {
  const cases = envelopeStoreCases({
    create: async () => memoryEnvelopeStore(),
    reopen: async () => memoryEnvelopeStore()
  })
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()))
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1)
})
