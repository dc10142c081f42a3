import { timeSlicer } from '@status-stack/utils'
import { cursorLength, fullKeyLength, isTopicAdmitted, type KeyRange } from '../keys.ts'
import { limits } from '../limits.ts'
import {
  type Database,
  entriesBehind,
  envelopesEnd,
  indexKey,
  indexKeyOf,
  indexStateKey,
  isEnvelopeKey,
  topicBytes,
  topicOfEntry
} from './layout.ts'

/** Keys that are looked at in one step. */
const step = 1024
const stepBytes = 256 * 1024

/** Which envelopes are of which topic. */
export interface TopicIndex {
  /** What a batch puts beside an envelope. */
  readonly entry: (key: Uint8Array, topic: Uint8Array) => Uint8Array
  /** What a batch deletes beside these envelopes. */
  readonly entriesOf: (keys: readonly Uint8Array[]) => Promise<Uint8Array[]>
  /** Topics that a bloom admits; `undefined` when the index is not whole yet, or knows too many of them to be of use. */
  readonly topicsOf: (bloom: Uint8Array) => readonly number[] | undefined
  /** Counts the topics again where they had become too many, once envelopes were deleted. @param written resolves when all that is being put is */
  readonly recount: (written: () => Promise<void>) => Promise<void>
  /** Resolves when the index is whole, or was closed. */
  readonly ready: Promise<void>
  readonly close: () => Promise<void>
}

async function* keysFrom(level: Database, range: KeyRange, closed: AbortSignal): AsyncGenerator<Uint8Array[]> {
  const walk = level.keys({ ...range, highWaterMarkBytes: stepBytes })
  try {
    while (!closed.aborted) {
      const keys = await walk.nextv(step)
      if (keys.length === 0) return
      yield keys
      const pause = timeSlicer.background.yielded()
      if (pause !== undefined) await pause
    }
  } finally {
    await walk.close()
  }
}

/** Index keys of envelopes, those of before May 2019 by what their bytes say. */
async function entriesOfKeys(level: Database, keys: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const old = keys.filter(({ length }) => length === cursorLength)
  const values = old.length === 0 ? [] : await level.getMany(old)
  const ofOld = old.flatMap((key, i) => {
    const bytes = values[i]
    return (bytes === undefined ? undefined : indexKeyOf(key, bytes)) ?? []
  })
  const rest = keys.filter(({ length }) => length === fullKeyLength)
  return [...rest.map(key => indexKey(key.subarray(cursorLength), key)), ...ofOld]
}

/** Adds what is missing: of an archive of before there was an index, or that another program had open. */
async function complete(level: Database, closed: AbortSignal): Promise<void> {
  for await (const keys of keysFrom(level, { lt: envelopesEnd }, closed)) {
    const entries = await entriesOfKeys(level, keys.filter(isEnvelopeKey))
    await level.batch(entries.map(key => ({ type: 'put' as const, key, value: new Uint8Array(0) })))
  }
}

/** All topics, a step at each; `undefined` when they are too many. */
async function topicsIn(level: Database, closed: AbortSignal): Promise<Set<number> | undefined> {
  const topics = new Set<number>()
  let last: number | undefined
  while (!closed.aborted) {
    const walk = level.keys({ ...entriesBehind(last), highWaterMarkBytes: stepBytes })
    let entries: Uint8Array[]
    try {
      entries = await walk.nextv(step)
    } finally {
      await walk.close()
    }
    if (entries.length === 0) break
    for (const entry of entries) {
      last = topicOfEntry(entry)
      topics.add(last)
    }
    if (topics.size > limits.indexedTopics) return undefined
    const pause = timeSlicer.background.yielded()
    if (pause !== undefined) await pause
  }
  return topics
}

/**
 * The index of an open archive. `isWhole`: nobody else had the archive open since it was whole; else it is completed in the
 * background, and queries walk the archive until then.
 */
export function createTopicIndex(level: Database, isWhole: boolean, manifest: string | undefined): TopicIndex {
  const closing = new AbortController()
  // BOUNDED: indexedTopics; beyond it the index answers nothing.
  let known: Set<number> | undefined = new Set()
  let whole = false

  const note = (topic: number): void => {
    known?.add(topic)
    if (known !== undefined && known.size > limits.indexedTopics) known = undefined
  }
  const count = async (): Promise<void> => {
    const topics = await topicsIn(level, closing.signal)
    if (closing.signal.aborted) return
    for (const topic of topics ?? []) note(topic)
    if (topics === undefined) known = undefined
  }
  const prepare = async (): Promise<void> => {
    if (!isWhole) await complete(level, closing.signal)
    if (closing.signal.aborted) return
    await count()
    if (closing.signal.aborted) return
    if (manifest !== undefined) await level.put(indexStateKey, new TextEncoder().encode(manifest))
    whole = true
  }
  // A store that fails now fails the next query too, which says so; without the index queries walk.
  const ready = prepare().catch(() => undefined)
  let counting: Promise<void> = ready

  const countAgain = async (written: () => Promise<void>): Promise<void> => {
    whole = false
    // What is put from now on is noted; what was put before is in the archive once it is written.
    known = new Set()
    await written()
    await count()
    if (!closing.signal.aborted) whole = true
  }

  return {
    ready,
    entry: (key, topic) => {
      const entry = indexKey(topic, key)
      note(topicOfEntry(entry))
      return entry
    },
    entriesOf: keys => entriesOfKeys(level, keys),
    topicsOf: bloom => {
      if (!whole || known === undefined) return undefined
      return [...known].filter(topic => isTopicAdmitted(bloom, topicBytes(topic)))
    },
    recount: written => {
      if (!whole || known !== undefined) return Promise.resolve()
      counting = countAgain(written).catch(() => {
        known = undefined
        whole = true
      })
      return counting
    },
    close: async () => {
      closing.abort()
      await ready
      await counting
    }
  }
}
