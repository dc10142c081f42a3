import { compareBytes } from '@status-stack/crypto'
import { archiveKey, filterBloom } from '@status-stack/whisper/wire'
import { ClassicLevel } from 'classic-level'
import { afterEach, expect, test, vi } from 'vitest'
import { limits } from '../../src/index.ts'
import { type Database, envelopesEnd } from '../../src/level/layout.ts'
import { createLevelStore } from '../../src/level/level-store.ts'
import { find } from '../../src/level/query.ts'
import { createTopicIndex, type TopicIndex } from '../../src/level/topic-index.ts'
import type { StoreQuery } from '../../src/ports.ts'
import { folder, openLevel } from '../support/level.ts'
import { archived, envelope, epoch, otherTopic, topic } from '../support/world.ts'

const third = Uint8Array.of(5, 5, 6, 7)
const topics = [topic, otherTopic, third]
const empty = new Uint8Array(0)

async function rawLevel(location: string): Promise<Database> {
  const level: Database = new ClassicLevel(location, { keyEncoding: 'view', valueEncoding: 'view' })
  await level.open()
  return level
}

/** Envelopes of three topics in turn, three a second; each with a nonce of its own. */
const samples = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const [sent, of] = [epoch + Math.floor(i / 3), topics[i % 3] ?? topic]
    return { ...archived(envelope(sent, { topic: of, nonce: i }), sent, of), topic: of }
  })

const queryOf = (wanted: readonly Uint8Array[], rest: Partial<StoreQuery> = {}): StoreQuery => ({
  lower: 0,
  upper: 0xffff_ffff,
  bloom: filterBloom([...wanted]),
  limit: 1000,
  ...rest
})

async function keysOf(chunks: AsyncIterable<readonly { readonly key: Uint8Array }[]>): Promise<string[]> {
  const keys: string[] = []
  for await (const chunk of chunks) keys.push(...chunk.map(({ key }) => key.join()))
  return keys
}

/** An index that is never of use: what is found without one. */
const noIndex: TopicIndex = {
  ready: Promise.resolve(),
  entry: () => empty,
  entriesOf: async () => [],
  topicsOf: () => undefined,
  recount: async () => undefined,
  close: async () => undefined
}

const open: Database[] = []
async function filled(count: number, isWhole = false): Promise<{ level: Database; index: TopicIndex }> {
  const level = await rawLevel(await folder())
  open.push(level)
  await level.batch(samples(count).map(each => ({ type: 'put' as const, key: archiveKey(each), value: each.bytes })))
  const index = createTopicIndex(level, isWhole, 'MANIFEST-1')
  await index.ready
  return { level, index }
}
afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(open.splice(0).map(level => level.close()))
})

test('what the index finds is what a walk finds, in its order, from every cursor and in every range', async () => {
  const { level, index } = await filled(600)
  for (const wanted of [[topic], [topic, third], [Uint8Array.of(9, 9, 9, 9)]]) {
    const all = await keysOf(find(level, noIndex, queryOf(wanted)))
    expect(await keysOf(find(level, index, queryOf(wanted)))).toEqual(all)
    const ranges = [{ limit: 7 }, { lower: epoch + 20, upper: epoch + 100 }, { upper: epoch }]
    const cursors = samples(600)
      .filter((_, i) => i % 97 === 0)
      .map(each => ({ limit: 150, cursor: archiveKey(each).subarray(0, 36) }))
    for (const rest of [...ranges, ...cursors]) {
      const expected = await keysOf(find(level, noIndex, queryOf(wanted, rest)))
      expect(await keysOf(find(level, index, queryOf(wanted, rest)))).toEqual(expected)
    }
  }
})

test('a query for a topic reads nothing else', async () => {
  const { level, index } = await filled(300)
  const [iterator, getMany] = [vi.spyOn(level, 'iterator'), vi.spyOn(level, 'getMany')]
  expect(await keysOf(find(level, index, queryOf([otherTopic])))).toHaveLength(100)
  const starts = iterator.mock.calls.map(([range]) => (range?.gte ?? range?.gt) as Uint8Array | undefined)
  expect(starts.length).toBeGreaterThan(0)
  expect(starts.every(start => start !== undefined && compareBytes(start, envelopesEnd) > 0)).toBe(true)
  expect(getMany.mock.calls.flatMap(([wanted]) => wanted)).toHaveLength(100)
})

test('an archive of before there was an index gets one, keys of 36 bytes included', async () => {
  const location = await folder()
  const level = await rawLevel(location)
  const all = samples(90)
  await level.batch(
    all.map((each, i) => ({
      type: 'put' as const,
      key: archiveKey(each).subarray(0, i % 2 === 0 ? 40 : 36),
      value: each.bytes
    }))
  )
  const index = createTopicIndex(level, false, undefined)
  await index.ready
  expect(index.topicsOf(filterBloom([third]))).toHaveLength(1)
  expect(await keysOf(find(level, index, queryOf([third])))).toEqual(
    await keysOf(find(level, noIndex, queryOf([third])))
  )
  await level.close()
  const store = await openLevel(location)
  expect(await keysOf(store.query(queryOf([third])))).toHaveLength(30)
  await store.close()
})

test('what another program stored meanwhile is found', async () => {
  const location = await folder()
  const all = samples(60)
  const store = await openLevel(location)
  await store.put(all.slice(0, 30))
  await store.close()
  // A program that knows nothing of the index, such as status-go's mailserver.
  const level = await rawLevel(location)
  await level.batch(all.slice(30).map(each => ({ type: 'put' as const, key: archiveKey(each), value: each.bytes })))
  await level.close()
  for (let opened = 0; opened < 2; opened++) {
    const again = await openLevel(location)
    // Walks until the index is whole, and the index then: the same at any moment.
    for (let asked = 0; asked < 5; asked++) expect(await keysOf(again.query(queryOf([topic])))).toHaveLength(20)
    await again.close()
  }
  const raw = await rawLevel(location)
  expect(await raw.keys({ gt: envelopesEnd }).all()).toHaveLength(60 + 1)
  await raw.close()
})

test('what is deleted leaves the index too', async () => {
  const location = await folder()
  const store = await openLevel(location)
  await store.put(samples(60))
  expect(await store.deleteOlderThan(epoch + 10, 1000)).toBe(30)
  expect(await keysOf(store.query(queryOf([topic])))).toHaveLength(10)
  expect((await store.size()).envelopes).toBe(30)
  await store.close()
  const raw = await rawLevel(location)
  expect(await raw.keys({ gt: envelopesEnd }).all()).toHaveLength(30 + 1)
  await raw.close()
})

test('BOUNDED indexedTopics: with more topics than that, queries walk and find the same', async () => {
  const { level, index } = await filled(30)
  expect(index.topicsOf(filterBloom([topic]))).toHaveLength(1)
  const key = archiveKey(samples(1)[0] ?? { sentSeconds: 0, hash: empty, topic })
  for (let i = 0; i <= limits.indexedTopics; i++) {
    index.entry(key, Uint8Array.of(i >> 24, i >> 16, i >> 8, i))
  }
  expect(index.topicsOf(filterBloom([topic]))).toBeUndefined()
  expect(await keysOf(find(level, index, queryOf([topic])))).toHaveLength(10)
})

test('topics that were too many are counted again once their envelopes are gone, with those that come meanwhile', async () => {
  const { index } = await filled(30)
  const key = archiveKey(samples(1)[0] ?? { sentSeconds: 0, hash: empty, topic })
  for (let i = 0; i <= limits.indexedTopics; i++) {
    index.entry(key, Uint8Array.of(i >> 24, i >> 16, i >> 8, i))
  }
  const late = Uint8Array.of(9, 9, 9, 9)
  let written = false
  const counted = index.recount(async () => {
    expect(index.topicsOf(filterBloom([topic]))).toBeUndefined()
    index.entry(key, late)
    written = true
  })
  await counted
  expect(written).toBe(true)
  expect(index.topicsOf(filterBloom([topic]))).toHaveLength(1)
  expect(index.topicsOf(filterBloom([late]))).toHaveLength(1)
  // Nothing to count while the index is of use.
  await index.recount(() => Promise.reject(new Error('not asked')))
})

test('a store counts its topics again after a pass of the retention', async () => {
  const store = createLevelStore({ location: await folder() })
  await store.open()
  const number = (i: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length)
    new DataView(bytes.buffer).setUint32(0, i)
    return bytes
  }
  // The store looks at no bytes of an envelope.
  const some = (from: number, count: number, sentSeconds: number) =>
    Array.from({ length: count }, (_, i) => ({
      bytes: number(from + i, 4),
      hash: number(from + i, 32),
      topic: number(from + i, 4),
      sentSeconds,
      expirySeconds: sentSeconds
    }))
  await store.put(some(0, limits.indexedTopics + 1, epoch))
  await store.put(some(100_000, 1, epoch + 100))
  while ((await store.deleteOlderThan(epoch + 50, 10_000)) > 0);
  const iterator = vi.spyOn(ClassicLevel.prototype, 'iterator')
  await vi.waitFor(async () => {
    iterator.mockClear()
    expect(await keysOf(store.query(queryOf([number(100_000, 4)])))).toHaveLength(1)
    // Behind the envelopes lies the index.
    const starts = iterator.mock.calls.map(([range]) => (range?.gte ?? range?.gt) as Uint8Array)
    expect(starts.every(start => compareBytes(start, envelopesEnd) > 0)).toBe(true)
  })
  await store.close()
})

test('an archive closes while its index is being made', async () => {
  const level = await rawLevel(await folder())
  await level.batch(samples(3000).map(each => ({ type: 'put' as const, key: archiveKey(each), value: each.bytes })))
  const index = createTopicIndex(level, false, 'MANIFEST-1')
  await index.close()
  expect(index.topicsOf(filterBloom([topic]))).toBeUndefined()
  await level.close()
})
