import { timeSlicer } from '@status-stack/utils'
import type { Archived } from '@status-stack/whisper'
import { archiveKey } from '@status-stack/whisper/wire'
import { ClassicLevel } from 'classic-level'
import { check } from '../checks.ts'
import { invalidOption, MailserverError } from '../errors.ts'
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
import { hardLimits } from '../limits.ts'
import type { EnvelopeStore, StoredEnvelope, StoreQuery, StoreSize } from '../ports.ts'

export interface LevelStoreOptions {
  /** Directory of the database; made when it is not there. That of a status-go mailserver can be used. */
  readonly location: string
  /** Survive a loss of power too: each put waits for the medium. @default false */
  readonly fsync?: boolean | undefined
  /** Bytes of blocks kept in memory. @default 8 MiB */
  readonly cacheBytes?: number | undefined
}

/** Keys that are looked at in one step: few at first, for a page may be full soon, many where little matches. */
const firstStep = 256
const lastStep = 4096
/** Bytes of keys that cross from the database at a time: a step in one go. */
const stepBytes = 256 * 1024
/** Envelopes that are read at a time: what a query holds is this many, or one bundle. */
const chunkEnvelopes = 32

type Database = ClassicLevel<Uint8Array, Uint8Array>

function compares(key: Uint8Array, other: Uint8Array): boolean {
  for (let i = 0; i < other.length; i++) {
    const difference = (key[i] ?? 0) - (other[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

function rangeOf(query: StoreQuery): KeyRange {
  const lower = keyOfSecond(query.lower)
  const lt = endOfSecond(query.upper)
  const cursor = usableCursor(query.cursor)
  const start = cursor !== undefined && compares(cursor, lower) ? { gt: behindCursor(cursor) } : { gte: lower }
  return lt === undefined ? start : { ...start, lt }
}

/** LevelDB's own arrays are Node Buffers, which slice and print in ways of their own. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

function isKey(key: Uint8Array): boolean {
  return key.length === fullKeyLength || key.length === cursorLength
}

function isCorruption(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === 'LEVEL_CORRUPTION') return true
    if (/corrupt|missing files|CURRENT/i.test(cause.message)) return true
  }
  return false
}

/** An old key names no topic: whether it matches is known once its envelope is read. */
function mayMatch(bloom: Uint8Array, key: Uint8Array): boolean {
  return key.length !== fullKeyLength || isTopicAdmitted(bloom, key.subarray(cursorLength))
}

/** The embedded archive, in LevelDB's format, keys and values those of status-go. @throws MailserverError `invalid-option` */
export function createLevelStore(options: LevelStoreOptions): EnvelopeStore {
  check.object('options', options)
  const { location, fsync = false, cacheBytes = 8 * 1024 * 1024 } = options
  if (typeof location !== 'string' || location === '') throw invalidOption('data directory not provided')
  if (!(Number.isInteger(cacheBytes) && cacheBytes >= 0)) throw invalidOption(`cacheBytes: expected 0 or more`)
  let open: Database | undefined
  let opening: Promise<void> | undefined

  const database = (): Database => {
    if (open === undefined) throw new MailserverError('not-running', 'archive: not open', { origin: 'caller' })
    return open
  }

  const tryOpen = async (): Promise<Database> => {
    const level: Database = new ClassicLevel(location, {
      keyEncoding: 'view',
      valueEncoding: 'view',
      cacheSize: cacheBytes
    })
    await level.open()
    return level
  }

  const openOrRepair = async (): Promise<Database> => {
    try {
      return await tryOpen()
    } catch (error) {
      if (!isCorruption(error)) throw error
      // SPEC: status-go tries once to recover a corrupt archive.
      await ClassicLevel.repair(location)
      return tryOpen()
    }
  }

  const walkOf = (range: KeyRange) => database().keys({ ...range, highWaterMarkBytes: stepBytes })

  const read = async (level: Database, keys: readonly Uint8Array[], bloom: Uint8Array): Promise<StoredEnvelope[]> => {
    const values = await level.getMany([...keys])
    return keys.flatMap((key, i) => {
      const bytes = values[i]
      // Deleted since its key was seen.
      if (bytes === undefined) return []
      if (key.length !== fullKeyLength) {
        const topic = topicOfStored(key, bytes)
        if (topic === undefined || !isTopicAdmitted(bloom, topic)) return []
      }
      return [{ key: plain(key), bytes: plain(bytes) }]
    })
  }

  async function* query(asked: StoreQuery): AsyncGenerator<readonly StoredEnvelope[]> {
    let range = rangeOf(asked)
    let left = asked.limit
    let step = firstStep
    let previous: Uint8Array | undefined
    let walk: ReturnType<typeof walkOf> | undefined
    try {
      while (left > 0) {
        asked.signal?.throwIfAborted()
        walk ??= walkOf(range)
        const keys = await walk.nextv(step)
        const last = keys.at(-1)
        if (last === undefined) return
        const { lt } = range
        range = lt === undefined ? { gt: last } : { gt: last, lt }
        step = Math.min(lastStep, step * 2)
        const matching: Uint8Array[] = []
        for (const key of keys) {
          // An envelope of before May 2019 that came again stands there with and without topic.
          if (!isKey(key) || isSameEnvelope(previous, key) || !mayMatch(asked.bloom, key)) continue
          previous = key
          matching.push(key)
        }
        const pause = timeSlicer.yielded(asked.signal)
        if (pause !== undefined) await pause
        if (matching.length === 0) continue
        // Not kept open while what was found is read: a reader that takes an hour pins nothing.
        await walk.close()
        walk = undefined
        for (let at = 0; at < matching.length && left > 0; ) {
          asked.signal?.throwIfAborted()
          const part = matching.slice(at, at + Math.min(chunkEnvelopes, left))
          at += part.length
          const found = await read(database(), part, asked.bloom)
          left -= found.length
          if (found.length > 0) yield found
        }
      }
    } finally {
      await walk?.close()
    }
  }

  const putSome = (envelopes: readonly Archived[]): Promise<void> =>
    database().batch(
      envelopes.map(envelope => ({ type: 'put' as const, key: archiveKey(envelope), value: envelope.bytes })),
      { sync: fsync }
    )

  const size = async (): Promise<StoreSize> => {
    const level = database()
    let envelopes = 0
    const walk = walkOf({})
    try {
      for (;;) {
        const keys = await walk.nextv(lastStep)
        if (keys.length === 0) break
        envelopes += keys.filter(isKey).length
      }
    } finally {
      await walk.close()
    }
    const bytes = await level.approximateSize(new Uint8Array(0), new Uint8Array(fullKeyLength + 1).fill(0xff))
    return { envelopes, bytes }
  }

  return {
    order: 'oldest-first',
    open: () => {
      opening ??= openOrRepair().then(
        level => {
          open = level
        },
        cause => {
          opening = undefined
          throw new MailserverError('store-failed', 'archive: the database does not open', {
            origin: 'environment',
            cause
          })
        }
      )
      return opening
    },
    close: async () => {
      await opening?.catch(() => undefined)
      const level = open
      open = undefined
      opening = undefined
      await level?.close()
    },
    put: async envelopes => {
      // One batch is one entry of the log, all or nothing.
      for (let at = 0; at < envelopes.length; at += hardLimits.putBatch) {
        await putSome(envelopes.slice(at, at + hardLimits.putBatch))
        const pause = timeSlicer.yielded()
        if (pause !== undefined) await pause
      }
    },
    query,
    deleteOlderThan: async (seconds, most) => {
      const level = database()
      const keys = await level.keys({ lt: keyOfSecond(seconds), limit: most }).all()
      if (keys.length > 0) await level.batch(keys.map(key => ({ type: 'del', key })))
      return keys.length
    },
    size
  }
}
