import { bytesToHex, compareBytes, equalBytes } from '@status-stack/crypto'
import { archiveKey, bloomAdmits, envelopeBloom, filterBloom } from '@status-stack/whisper/wire'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EnvelopeStore, memoryEnvelopeStore } from '../../src/index.ts'
import { createPostgresStore } from '../../src/postgres/index.ts'
import { packBundles } from '../../src/serving/packing.ts'
import { openLevel } from '../support/level.ts'
import { type Postgres, postgresBinaries, startPostgres } from '../support/postgres.ts'
import { archived, envelope, epoch, nothing } from '../support/world.ts'

type Sample = ReturnType<typeof archived>

let postgres: Postgres | undefined
beforeAll(async () => {
  if (postgresBinaries === undefined) console.log('skipped in part: no PostgreSQL here')
  else postgres = await startPostgres(postgresBinaries)
}, 120_000)
afterAll(() => postgres?.stop(), 60_000)

const topics = [0, 1, 2, 3, 4].map(i => Uint8Array.of(i * 40, i * 40 + 1, 255 - i, i))

/** Seconds close together, so that many share one; the topic by index. */
const samples: fc.Arbitrary<Sample[]> = fc
  .array(
    fc.record({
      second: fc.integer({ min: 0, max: 12 }),
      topic: fc.nat(4),
      nonce: fc.nat(5),
      bytes: fc.integer({ min: 1, max: 300 })
    }),
    {
      maxLength: 60
    }
  )
  .map(all =>
    all.map(({ second, topic, nonce, bytes }) => {
      const at = topics[topic] ?? nothing
      return archived(envelope(epoch + second, { topic: at, nonce, bytes }), epoch + second, at)
    })
  )

const asked = fc.record({
  lower: fc.integer({ min: 0, max: 12 }),
  span: fc.integer({ min: 0, max: 12 }),
  wanted: fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
  limit: fc.integer({ min: 1, max: 25 })
})

interface Asked {
  readonly lower: number
  readonly span: number
  readonly wanted: readonly number[]
  readonly limit: number
}

/** What any archive has to answer, oldest first. */
function model(all: readonly Sample[], { lower, span, wanted }: Asked): Uint8Array[] {
  const bloom = filterBloom(wanted.map(i => topics[i] ?? nothing))
  const keys = new Map(all.map(each => [bytesToHex(archiveKey(each)), each]))
  return [...keys.values()]
    .filter(({ sentSeconds: sent }) => sent >= epoch + lower && sent <= epoch + lower + span)
    .filter(({ topic }) => bloomAdmits(bloom, envelopeBloom(topic)))
    .map(archiveKey)
    .sort(compareBytes)
}

/** Every page until no cursor is left, as a client would. */
async function followed(store: EnvelopeStore, { lower, span, wanted, limit }: Asked): Promise<Uint8Array[]> {
  const bloom = filterBloom(wanted.map(i => topics[i] ?? nothing))
  const keys: Uint8Array[] = []
  let cursor: Uint8Array = nothing
  for (let pages = 0; pages < 100; pages++) {
    const query = { lower: epoch + lower, upper: epoch + lower + span, bloom, limit, cursor }
    const before = keys.length
    const seen = async function* () {
      for await (const chunk of store.query(query)) {
        keys.push(...chunk.map(({ key }) => key))
        yield chunk
      }
    }
    const bundles = packBundles(seen(), limit, 4)
    let next = await bundles.next()
    while (next.done !== true) next = await bundles.next()
    const { cursor: end, lastHash } = next.value
    expect(keys.length - before).toBeLessThanOrEqual(limit)
    if (end.length === 0) return keys
    expect(keys.length - before).toBe(limit)
    expect(equalBytes(end.subarray(4), lastHash)).toBe(true)
    cursor = end
  }
  throw new Error('the pages do not end')
}

async function stores(): Promise<readonly EnvelopeStore[]> {
  const all = [memoryEnvelopeStore(), memoryEnvelopeStore('newest-first'), await openLevel()]
  if (postgres === undefined) return all
  const store = createPostgresStore({ uri: await postgres.fresh() })
  await store.open()
  return [...all, store]
}

test('M-15 following cursors returns every envelope once, in every store and either order, whatever is stored and asked', async () => {
  await fc.assert(
    fc.asyncProperty(samples, fc.array(asked, { minLength: 1, maxLength: 3 }), async (all, questions) => {
      const made = await stores()
      try {
        for (const store of made) {
          // In parts, so that what is stored later lies between.
          await store.put(all.slice(0, all.length >> 1))
          await store.put(all.slice(all.length >> 1))
          for (const question of questions) {
            const expected = model(all, question)
            if (store.order === 'newest-first') expected.reverse()
            expect((await followed(store, question)).map(bytesToHex)).toEqual(expected.map(bytesToHex))
          }
        }
      } finally {
        await Promise.all(made.map(store => store.close()))
      }
    }),
    { numRuns: 25 }
  )
}, 120_000)

type Command =
  | { readonly kind: 'put'; readonly all: readonly Sample[] }
  | { readonly kind: 'delete'; readonly second: number; readonly most: number }
  | ({ readonly kind: 'ask' } & Asked)

const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    samples.map(all => ({ kind: 'put' as const, all })),
    fc.record({
      kind: fc.constant('delete' as const),
      second: fc.integer({ min: 0, max: 13 }),
      most: fc.integer({ min: 1, max: 20 })
    }),
    asked.map(question => ({ kind: 'ask' as const, ...question }))
  ),
  { minLength: 1, maxLength: 8 }
)

test('every store does what a plain list would, up to the order', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async schedule => {
      const made = await stores()
      try {
        for (const store of made) {
          let kept: Sample[] = []
          for (const command of schedule) {
            if (command.kind === 'put') {
              await store.put(command.all)
              kept.push(...command.all)
            } else if (command.kind === 'delete') {
              for (let steps = 0; (await store.deleteOlderThan(epoch + command.second, command.most)) > 0; steps++) {
                if (steps > 100) throw new Error('deleting does not end')
              }
              kept = kept.filter(({ sentSeconds }) => sentSeconds >= epoch + command.second)
            } else {
              const expected = model(kept, command)
              if (store.order === 'newest-first') expected.reverse()
              expect((await followed(store, command)).map(bytesToHex)).toEqual(expected.map(bytesToHex))
            }
          }
          const distinct = new Set(kept.map(each => bytesToHex(archiveKey(each))))
          expect((await store.size()).envelopes).toBe(distinct.size)
        }
      } finally {
        await Promise.all(made.map(store => store.close()))
      }
    }),
    { numRuns: 20 }
  )
}, 120_000)

/** status-go's packing, word by word: the sizes of the bundles for these envelopes. */
function statusGoPacking(sizes: readonly number[], limit: number, room: number): number[][] {
  const batches: number[][] = []
  let bundle: number[] = []
  let bundleSize = 0
  let processed = 0
  for (const size of sizes) {
    processed++
    const limitReached = processed >= limit
    if (!limitReached && bundleSize + size < room) {
      bundle.push(size)
      bundleSize += size
      continue
    }
    if (bundle.length !== 0) batches.push(bundle)
    bundle = [size]
    bundleSize = size
    if (limitReached) break
  }
  if (bundle.length > 0) batches.push(bundle)
  return batches
}

test('M-17 bundles are those of status-go for any sizes and limits', async () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 100, max: 5000 }), fc.integer({ min: 100_000, max: 1_048_576 })), {
    maxLength: 40
  })
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 1, max: 45 }),
      fc.integer({ min: 1, max: 7 }),
      async (lengths, limit, chunk) => {
        const key = new Uint8Array(40)
        const chunks = async function* () {
          const left = lengths.slice(0, limit)
          for (let at = 0; at < left.length; at += chunk) {
            yield left.slice(at, at + chunk).map(length => ({ key, bytes: new Uint8Array(length) }))
          }
        }
        const got: number[][] = []
        for await (const bundle of packBundles(chunks(), limit, 4)) got.push(bundle.map(({ length }) => length))
        expect(got).toEqual(statusGoPacking(lengths, limit, 1024 * 1024 - 4))
      }
    ),
    { numRuns: 100 }
  )
})
