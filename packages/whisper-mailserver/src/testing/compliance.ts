import { bytesToHex, compareBytes } from '@status-stack/crypto'
import type { ComplianceCase } from '@status-stack/interface/testing'
import { archiveKey, cursorOfArchiveKey, envelopeBloom, filterBloom } from '@status-stack/whisper/wire'
import type { EnvelopeStore, StoredEnvelope } from '../ports.ts'
import { base, chat, check, crowded, everythingOf, found, ids, inOrder, pages, sample, samples } from './samples.ts'

export type { ComplianceCase }

/** An open and empty store each time; the case closes it. `reopen` answers a store over the same data after a close. */
export interface StoreFactory {
  /** A new store each time, open and empty. */
  readonly create: () => Promise<EnvelopeStore>
  /** Tests what survives a close. @default such cases are left out */
  readonly reopen?: (closed: EnvelopeStore) => Promise<EnvelopeStore>
}

/** Envelopes that one chunk of a query may hold. */
export const mostInChunk = 64

type Body = (store: EnvelopeStore) => Promise<void>

const bodies: Readonly<Record<string, Body>> = {
  'gives back the bytes and a key of 40 bytes, whatever becomes of the array it was given': async store => {
    const stored = sample(1)
    const given = { ...stored, bytes: stored.bytes.slice() }
    await store.put([given])
    given.bytes.fill(0)
    const [got, more] = await found(store, everythingOf())
    check(more === undefined && got !== undefined, 'expected one envelope')
    check(bytesToHex(got?.bytes ?? chat) === bytesToHex(stored.bytes), 'other bytes came back')
    check(bytesToHex(got?.key ?? chat) === bytesToHex(archiveKey(stored)), 'the key is not sent ‖ hash ‖ topic')
  },
  'keeps the same envelope once, in one batch and in several': async store => {
    await store.put([sample(1), sample(1)])
    await store.put([sample(1)])
    await Promise.all([store.put([sample(1)]), store.put([sample(1)])])
    check((await found(store, everythingOf())).length === 1, 'kept more than once')
  },
  'takes nothing, and answers nothing': async store => {
    await store.put([])
    check((await found(store, everythingOf())).length === 0, 'an empty store found something')
    check((await store.deleteOlderThan(base, 10)) === 0, 'an empty store deleted something')
    check((await store.size()).envelopes === 0, 'an empty store is not empty')
  },
  'takes a batch of any size whole, and overlapping batches': async store => {
    const many = Array.from({ length: 2500 }, (_, i) => sample(i))
    await Promise.all([store.put(many.slice(0, 2100)), store.put(many.slice(2000)), store.put(many.slice(1000, 1010))])
    check((await store.size()).envelopes === 2500, 'envelopes of a batch are missing')
  },
  'walks in its order, the hash deciding within a second': async store => {
    const all = samples(30)
    await store.put(all)
    check(ids(await found(store, everythingOf())) === ids(inOrder(store, all)), 'another order')
  },
  'both bounds are inclusive': async store => {
    await store.put([1, 2, 3, 4, 5].map(second => sample(second)))
    const got = await found(store, everythingOf({ lower: base + 2, upper: base + 4 }))
    check(
      ids(got) ===
        ids(
          inOrder(
            store,
            [2, 3, 4].map(second => sample(second))
          )
        ),
      'expected the seconds 2, 3 and 4'
    )
  },
  'the last second of all is a bound like any other': async store => {
    const last = { ...sample(1), sentSeconds: 0xffff_ffff }
    await store.put([last, sample(2)])
    check((await found(store, everythingOf({ upper: 0xffff_ffff }))).length === 2, 'upper 2^32 − 1 misses something')
    check((await found(store, everythingOf({ upper: 0xffff_fffe }))).length === 1, 'upper 2^32 − 2 finds too much')
  },
  'gives as many as the limit says': async store => {
    const all = samples(200)
    await store.put(all)
    for (const limit of [1, 31, 32, 33, 64, 65, 199, 200, 201]) {
      const got = await found(store, everythingOf({ limit }))
      check(ids(got) === ids(inOrder(store, all).slice(0, limit)), `limit ${limit}: got ${got.length}`)
    }
  },
  'following cursors meets every envelope once': async store => {
    const all = samples(23)
    await store.put(all)
    for (const limit of [1, 2, 3, 7, 23, 24]) {
      check(ids(await pages(store, limit)) === ids(inOrder(store, all)), `pages of ${limit} differ from the whole`)
    }
  },
  'a cursor goes on when its envelope has been deleted, and keeps to both bounds': async store => {
    await store.put([1, 2, 3, 4, 5, 6].map(second => sample(second)))
    const cursor = cursorOfArchiveKey(archiveKey(sample(3, 2)))
    const expected = store.order === 'oldest-first' ? [4, 5] : [2]
    const got = await found(store, everythingOf({ lower: base + 2, upper: base + 5, cursor }))
    const afterThree = got.filter(({ bytes }) => ids([{ bytes }]) !== ids([sample(3)]))
    check(
      ids(afterThree) ===
        ids(
          inOrder(
            store,
            expected.map(second => sample(second))
          )
        ),
      'lost or repeated one'
    )
    for (const second of [0, 9]) {
      const outside = cursorOfArchiveKey(archiveKey(sample(second)))
      const beyond = await found(store, everythingOf({ lower: base + 2, upper: base + 5, cursor: outside }))
      const goesOn = (store.order === 'oldest-first') === (second === 0)
      check(beyond.length === (goesOn ? 4 : 0), `a cursor outside the range: got ${beyond.length}`)
    }
  },
  'a cursor of another length is ignored': async store => {
    await store.put(samples(5))
    for (const length of [0, 1, 35, 37, 40, 100]) {
      const got = await found(store, everythingOf({ cursor: new Uint8Array(length).fill(0x7f) }))
      check(got.length === 5, `a cursor of ${length} bytes: got ${got.length}`)
    }
  },
  'the bloom filter selects, with either way of building it': async store => {
    const other = Uint8Array.of(200, 201, 202, 7)
    await store.put([sample(1), sample(2, 0, crowded), sample(3, 0, other)])
    for (const bloom of [filterBloom([crowded]), envelopeBloom(crowded)]) {
      const got = await found(store, everythingOf({ bloom }))
      check(ids(got) === ids([sample(2, 0, crowded)]), 'expected the envelope of that topic alone')
    }
    check((await found(store, everythingOf({ bloom: filterBloom([chat, other]) }))).length === 2, 'expected two topics')
    check((await found(store, everythingOf({ bloom: new Uint8Array(64) }))).length === 0, 'no bits found something')
  },
  'deletes what was sent before a second, a step at a time': async store => {
    const all = Array.from({ length: 50 }, (_, i) => sample(i))
    await store.put(all)
    let deleted = 0
    for (let steps = 0; ; steps++) {
      check(steps <= 50, 'deleting does not end')
      const step = await store.deleteOlderThan(base + 40, 15)
      if (step === 0) break
      deleted += step
    }
    check(deleted === 40, `expected 40 to go, ${deleted} did`)
    check(ids(await found(store, everythingOf())) === ids(inOrder(store, all.slice(40))), 'others were deleted')
  },
  'deleting leaves the rest to a query that is under way': async store => {
    const all = Array.from({ length: 300 }, (_, i) => sample(i))
    await store.put(all)
    const got: StoredEnvelope[] = []
    for await (const chunk of store.query(everythingOf())) {
      got.push(...chunk)
      for (let steps = 0; (await store.deleteOlderThan(base + 100, 1000)) > 0; steps++) {
        check(steps < 100, 'deleting does not end')
      }
    }
    const seen = new Set(got.map(({ bytes }) => ids([{ bytes }])))
    check(seen.size === got.length, 'an envelope came twice')
    check(
      all.slice(100).every(envelope => seen.has(ids([envelope]))),
      'an envelope that was not deleted is missing'
    )
  },
  'chunks are small, and a reader may leave': async store => {
    await store.put(Array.from({ length: 500 }, (_, i) => sample(i, 0, chat, 2000)))
    for await (const chunk of store.query(everythingOf())) {
      check(chunk.length <= mostInChunk, `a chunk of ${chunk.length}`)
    }
    for await (const chunk of store.query(everythingOf())) {
      check(chunk.length > 0, 'an empty chunk')
      break
    }
    await store.put([sample(501)])
  },
  'a query whose signal was aborted rejects': async store => {
    await store.put(Array.from({ length: 200 }, (_, i) => sample(i)))
    const stop = new AbortController()
    const reason = new Error('enough')
    let got: unknown
    try {
      for await (const _ of store.query(everythingOf({ signal: stop.signal }))) stop.abort(reason)
    } catch (error) {
      got = error
    }
    const sawAll = got === undefined
    // One last chunk may have been on its way; a walk that never looks at its signal is another thing.
    check(!sawAll && got === reason, 'the walk went on')
  },
  'queries side by side do not disturb each other': async store => {
    const all = samples(150)
    await store.put(all)
    const results = await Promise.all([1, 2, 3, 4].map(() => found(store, everythingOf())))
    for (const got of results) check(ids(got) === ids(inOrder(store, all)), 'one walk disturbed another')
  },
  'keeps large envelopes': async store => {
    const large = sample(1, 0, chat, 700_000)
    await store.put([large, sample(2, 0, chat, 900_000)])
    const got = await found(store, everythingOf())
    check(
      got.some(({ bytes }) => compareBytes(bytes, large.bytes) === 0),
      'a large envelope is missing or cut'
    )
  },
  'close may be called twice': async store => {
    await store.close()
    await store.close()
  }
}

/**
 * The contract of {@link EnvelopeStore}.
 *
 * @example
 * ```ts
 * const create = async () => {
 *   const store = memoryEnvelopeStore()
 *   await store.open()
 *   return store
 * }
 * for (const { name, run } of envelopeStoreCases({ create })) test(name, run)
 * ```
 */
export function envelopeStoreCases(factory: StoreFactory): readonly ComplianceCase[] {
  const { create, reopen } = factory
  const cases = Object.entries(bodies).map(([name, body]) => ({
    name,
    run: async () => {
      const store = await create()
      try {
        await body(store)
      } finally {
        await store.close()
      }
    }
  }))
  if (reopen === undefined) return cases
  const durable: ComplianceCase = {
    name: 'what it took is there after it was closed and opened again',
    run: async () => {
      const first = await create()
      await first.put(samples(40))
      await first.deleteOlderThan(base + 2, 1000)
      await first.close()
      const second = await reopen(first)
      try {
        check((await found(second, everythingOf())).length === 34, 'other envelopes than before')
      } finally {
        await second.close()
      }
    }
  }
  return [...cases, durable]
}
