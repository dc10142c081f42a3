import { createGatherer, timeSlicer } from '@status-stack/utils'
import type { Archived } from '@status-stack/whisper'
import { archiveKey } from '@status-stack/whisper/wire'
import { ClassicLevel } from 'classic-level'
import { check } from '../checks.ts'
import { invalidOption, MailserverError } from '../errors.ts'
import { fullKeyLength, keyOfSecond } from '../keys.ts'
import { limits } from '../limits.ts'
import type { EnvelopeStore, StoreQuery, StoreSize } from '../ports.ts'
import { type Database, envelopesEnd, indexStateKey, isEnvelopeKey } from './layout.ts'
import { manifestOf } from './manifest.node.ts'
import { find } from './query.ts'
import { createTopicIndex, type TopicIndex } from './topic-index.ts'

/** Where an archive in LevelDB lies, and how it is written. */
export interface LevelStoreOptions {
  /** Directory of the database; made when it is not there. That of a status-go mailserver can be used. */
  readonly location: string
  /** Survive a loss of power too: each put waits for the medium. @default false */
  readonly fsync?: boolean | undefined
  /** Bytes of blocks kept in memory. @default 8 MiB */
  readonly cacheBytes?: number | undefined
}

const noBytes = new Uint8Array(0)
/** Keys that are counted in one step. */
const countStep = 4096

/** A database that is open, and its index. */
interface Archive {
  readonly level: Database
  readonly index: TopicIndex
}

function isCorruption(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === 'LEVEL_CORRUPTION') return true
    if (/corrupt|missing files|CURRENT/i.test(cause.message)) return true
  }
  return false
}

/** Whether nobody has opened the archive since its index was whole. */
async function isIndexWhole(level: Database, manifestBefore: string | undefined): Promise<boolean> {
  if (manifestBefore === undefined) return true
  const state = await level.get(indexStateKey)
  return state !== undefined && new TextDecoder().decode(state) === manifestBefore
}

async function tryOpen(location: string, cacheBytes: number): Promise<Archive> {
  const before = await manifestOf(location)
  const level: Database = new ClassicLevel(location, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    cacheSize: cacheBytes
  })
  await level.open()
  try {
    const isWhole = await isIndexWhole(level, before)
    return { level, index: createTopicIndex(level, isWhole, await manifestOf(location)) }
  } catch (error) {
    await level.close()
    throw error
  }
}

async function openOrRepair(location: string, cacheBytes: number): Promise<Archive> {
  try {
    return await tryOpen(location, cacheBytes)
  } catch (error) {
    if (!isCorruption(error)) throw error
    // SPEC: status-go tries once to recover a corrupt archive.
    await ClassicLevel.repair(location)
    return tryOpen(location, cacheBytes)
  }
}

async function write({ level, index }: Archive, envelopes: readonly Archived[], fsync: boolean): Promise<void> {
  const operations = envelopes.flatMap(envelope => {
    const key = archiveKey(envelope)
    return [
      { type: 'put' as const, key, value: envelope.bytes },
      { type: 'put' as const, key: index.entry(key, envelope.topic), value: noBytes }
    ]
  })
  await level.batch(operations, { sync: fsync })
}

async function sizeOf({ level }: Archive): Promise<StoreSize> {
  let envelopes = 0
  const walk = level.keys({ lt: envelopesEnd, highWaterMarkBytes: countStep * fullKeyLength })
  try {
    for (;;) {
      const keys = await walk.nextv(countStep)
      if (keys.length === 0) break
      envelopes += keys.filter(isEnvelopeKey).length
    }
  } finally {
    await walk.close()
  }
  const bytes = await level.approximateSize(new Uint8Array(0), new Uint8Array(fullKeyLength + 1).fill(0xff))
  return { envelopes, bytes }
}

/**
 * The embedded archive, in LevelDB's format, keys and values those of status-go; an index by topic lies behind them, where status-go
 * does not look. @throws MailserverError `invalid-argument`
 *
 * @example
 * ```ts
 * const mailserver = createMailserver({ store: createLevelStore({ location: './archive' }) })
 * ```
 */
export function createLevelStore(options: LevelStoreOptions): EnvelopeStore {
  check.options('options', options, ['location', 'fsync', 'cacheBytes'])
  const { location, fsync = false, cacheBytes = 8 * 1024 * 1024 } = options
  check.text('location', location)
  if (location === '') throw invalidOption('location', 'expected the name of a directory')
  check.boolean('fsync', fsync)
  check.integer('cacheBytes', cacheBytes, 0, Number.MAX_SAFE_INTEGER)
  let open: Archive | undefined
  let opening: Promise<void> | undefined

  const archive = (): Archive => {
    if (open === undefined) throw new MailserverError('not-running', 'archive: not open', { origin: 'caller' })
    return open
  }

  async function* query(asked: StoreQuery): ReturnType<typeof find> {
    const { level, index } = archive()
    yield* find(level, index, asked)
  }

  // Packets of several peers, and those of one peer that sends them one by one, share a batch.
  const putSome = createGatherer<readonly Archived[]>(async some => write(archive(), some.flat(), fsync), {
    most: limits.putBatch,
    costOf: ({ length }) => length
  })

  return {
    order: 'oldest-first',
    open: () => {
      opening ??= openOrRepair(location, cacheBytes).then(
        opened => {
          open = opened
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
      // What was asked for before; one that fails is told its caller.
      if (open !== undefined) await putSome([]).catch(() => undefined)
      const closing = open
      open = undefined
      opening = undefined
      await closing?.index.close()
      await closing?.level.close()
    },
    put: async envelopes => {
      // One batch is one entry of the log, all or nothing.
      for (let at = 0; at < envelopes.length; at += limits.putBatch) {
        await putSome(envelopes.slice(at, at + limits.putBatch))
        const pause = timeSlicer.yielded()
        if (pause !== undefined) await pause
      }
    },
    query,
    deleteOlderThan: async (seconds, most) => {
      const { level, index } = archive()
      const keys = await level.keys({ lt: keyOfSecond(seconds), limit: most }).all()
      if (keys.length === 0) {
        void index.recount(() => putSome([]))
        return 0
      }
      const gone = [...keys, ...(await index.entriesOf(keys))]
      await level.batch(gone.map(key => ({ type: 'del', key })))
      return keys.length
    },
    size: async () => sizeOf(archive())
  }
}
