import { compareBytes } from '@status-stack/crypto'
import { timeSlicer } from '@status-stack/utils'
import {
  behindCursor,
  cursorLength,
  endOfSecond,
  fullKeyLength,
  isSameEnvelope,
  isTopicAdmitted,
  type KeyRange,
  keyOfSecond,
  topicOfStored,
  usableCursor
} from '../keys.ts'
import type { StoredEnvelope, StoreQuery } from '../ports.ts'
import { archiveKeyOf, type Database, entriesOf, envelopesEnd, isEnvelopeKey, plain } from './layout.ts'
import type { TopicIndex } from './topic-index.ts'

/** Keys that are looked at in one step: few at first, for a page may be full soon, many where little matches. */
const firstStep = 256
const lastStep = 4096
/** Bytes of keys that cross from the database at a time: a step in one go. */
const keyBytes = 256 * 1024
/** Envelopes that are read with their keys in one step, and their bytes. */
const valueStep = 256
const valueBytes = 256 * 1024
/** Envelopes that are read by their keys at a time: what a query holds is this many, or one bundle. */
const chunkEnvelopes = 32
/** Envelopes of one chunk. */
const mostInChunk = 64
/** Where this share of envelopes matches, reading all of them is cheaper than finding the ones that do. */
const worthReading = 0.25
/** More topics than these are looked for in the archive, not in the index: each is a walk of its own. */
const mostTopics = 64
/** Entries of one topic that are read at a time. */
const entriesStep = 128

type Chunks = AsyncGenerator<readonly StoredEnvelope[]>

function rangeOf(query: StoreQuery): KeyRange {
  const lower = keyOfSecond(query.lower)
  const lt = endOfSecond(query.upper) ?? envelopesEnd
  const cursor = usableCursor(query.cursor)
  return cursor !== undefined && compareBytes(cursor, lower) >= 0
    ? { gt: behindCursor(cursor), lt }
    : { gte: lower, lt }
}

/** The share of envelopes that a bloom lets through, topics being as good as random. */
function shareOf(bloom: Uint8Array): number {
  let bits = 0
  for (let byte of bloom) for (; byte > 0; byte &= byte - 1) bits += 1
  return (bits / (8 * bloom.length)) ** 3
}

/** An old key names no topic: whether it matches is known once its envelope is read. */
function mayMatch(bloom: Uint8Array, key: Uint8Array): boolean {
  return key.length !== fullKeyLength || isTopicAdmitted(bloom, key.subarray(cursorLength))
}

function isMatch(bloom: Uint8Array, key: Uint8Array, bytes: Uint8Array): boolean {
  if (key.length === fullKeyLength) return isTopicAdmitted(bloom, key.subarray(cursorLength))
  const topic = topicOfStored(key, bytes)
  return topic !== undefined && isTopicAdmitted(bloom, topic)
}

/** Reads envelopes by their keys; one that was deleted meanwhile is left out. */
async function read(level: Database, keys: readonly Uint8Array[], bloom: Uint8Array): Promise<StoredEnvelope[]> {
  const values = await level.getMany([...keys])
  return keys.flatMap((key, i) => {
    const bytes = values[i]
    return bytes === undefined || !isMatch(bloom, key, bytes) ? [] : [{ key: plain(key), bytes: plain(bytes) }]
  })
}

async function paused(signal: AbortSignal | undefined): Promise<void> {
  const pause = timeSlicer.background.yielded(signal)
  if (pause !== undefined) await pause
}

/**
 * A walk over the archive. It reads envelopes while most of them match, and else keys first, then the envelopes that do. No iterator
 * is open while a reader has its chunk: one that takes an hour pins nothing.
 */
async function* walk(level: Database, { bloom, limit, signal }: StoreQuery, start: KeyRange): Chunks {
  let range = start
  let left = limit
  let step = firstStep
  let previous: Uint8Array | undefined
  let readsAll = shareOf(bloom) >= worthReading

  const nextEnvelopes = async (): Promise<StoredEnvelope[]> => {
    const entries = level.iterator({ ...range, highWaterMarkBytes: valueBytes })
    try {
      const found = await entries.nextv(Math.min(valueStep, left))
      seen(found.length, found.at(-1)?.[0])
      const matching: StoredEnvelope[] = []
      for (const [key, bytes] of found) {
        if (!isNew(key) || !isMatch(bloom, key, bytes)) continue
        previous = key
        matching.push({ key: plain(key), bytes: plain(bytes) })
      }
      readsAll = matching.length >= found.length * worthReading
      return matching
    } finally {
      await entries.close()
    }
  }
  const nextKeys = async (): Promise<Uint8Array[]> => {
    const keys = level.keys({ ...range, highWaterMarkBytes: keyBytes })
    try {
      const found = await keys.nextv(step)
      seen(found.length, found.at(-1))
      step = Math.min(lastStep, step * 2)
      const matching: Uint8Array[] = []
      for (const key of found) {
        if (!isNew(key) || !mayMatch(bloom, key)) continue
        previous = key
        matching.push(key)
      }
      return matching
    } finally {
      await keys.close()
    }
  }
  // An envelope of before May 2019 that came again stands there with and without topic.
  const isNew = (key: Uint8Array): boolean => isEnvelopeKey(key) && !isSameEnvelope(previous, key)
  let ended = false
  const seen = (count: number, last: Uint8Array | undefined): void => {
    if (count === 0 || last === undefined) ended = true
    else range = { gt: last, ...(range.lt === undefined ? {} : { lt: range.lt }) }
  }

  while (left > 0) {
    signal?.throwIfAborted()
    if (readsAll) {
      const found = await nextEnvelopes()
      await paused(signal)
      left -= found.length
      for (let at = 0; at < found.length; at += mostInChunk) yield found.slice(at, at + mostInChunk)
    } else {
      const matching = await nextKeys()
      await paused(signal)
      for (let at = 0; at < matching.length && left > 0; ) {
        signal?.throwIfAborted()
        const part = matching.slice(at, at + Math.min(chunkEnvelopes, left))
        at += part.length
        const found = await read(level, part, bloom)
        left -= found.length
        if (found.length > 0) yield found
      }
    }
    if (ended) return
  }
}

/** The entries of one topic that were read and not yet taken. */
interface Source {
  readonly topic: number
  range: KeyRange | undefined
  entries: Uint8Array[]
  at: number
}

async function fill(level: Database, source: Source): Promise<void> {
  if (source.range === undefined || source.at < source.entries.length) return
  const keys = level.keys({ ...source.range, highWaterMarkBytes: keyBytes })
  try {
    const found = await keys.nextv(entriesStep)
    const last = found.at(-1)
    const { lt } = source.range
    source.range = last === undefined || lt === undefined ? undefined : { gt: last, lt }
    source.entries = found.map(archiveKeyOf)
    source.at = 0
  } finally {
    await keys.close()
  }
}

/** Takes the next archive keys of all topics in order; stops where a topic has to be read again. */
function take(sources: readonly Source[], most: number): Uint8Array[] {
  const taken: Uint8Array[] = []
  while (taken.length < most) {
    let first: Source | undefined
    for (const source of sources) {
      const key = source.entries[source.at]
      if (key === undefined) {
        if (source.range !== undefined) return taken
        continue
      }
      const other = first?.entries[first.at]
      if (other === undefined || compareBytes(key, other) < 0) first = source
    }
    const key = first?.entries[first.at]
    if (first === undefined || key === undefined) return taken
    first.at += 1
    taken.push(key)
  }
  return taken
}

/** A key without topic stands where one with it would: archives of before May 2019. */
async function readEither(level: Database, keys: readonly Uint8Array[], bloom: Uint8Array): Promise<StoredEnvelope[]> {
  const found = await read(level, keys, bloom)
  if (found.length === keys.length) return found
  const have = new Set(found.map(({ key }) => key.subarray(0, cursorLength).join()))
  const rest = keys.map(key => key.subarray(0, cursorLength)).filter(key => !have.has(key.join()))
  return [...found, ...(await read(level, rest, bloom))].sort((a, b) => compareBytes(a.key, b.key))
}

/** Envelopes of these topics, by the index: as much work as there are envelopes. */
async function* merge(level: Database, topics: readonly number[], query: StoreQuery, range: KeyRange): Chunks {
  const { bloom, limit, signal } = query
  const sources = topics.map((topic): Source => ({ topic, range: entriesOf(topic, range), entries: [], at: 0 }))
  for (let left = limit; left > 0; ) {
    signal?.throwIfAborted()
    await Promise.all(sources.map(source => fill(level, source)))
    const keys = take(sources, Math.min(chunkEnvelopes, left))
    await paused(signal)
    if (keys.length === 0) return
    const found = await readEither(level, keys, bloom)
    left -= found.length
    if (found.length > 0) yield found
  }
}

/** What an archive finds for a query. */
export function find(level: Database, index: TopicIndex, query: StoreQuery): Chunks {
  const range = rangeOf(query)
  const topics = shareOf(query.bloom) >= worthReading ? undefined : index.topicsOf(query.bloom)
  return topics !== undefined && topics.length <= mostTopics
    ? merge(level, topics, query, range)
    : walk(level, query, range)
}
