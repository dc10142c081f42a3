import { compareBytes } from '@status-stack/crypto'
import type { Clock } from '@status-stack/interface'
import { longestDelayMs, timeSlicer } from '@status-stack/utils'
import type { Archived } from '@status-stack/whisper'
import { archiveKey } from '@status-stack/whisper/wire'
import { Pool, type PoolClient } from 'pg'
import { check } from '../checks.ts'
import { systemClock } from '../defaults.ts'
import { invalidOption, MailserverError } from '../errors.ts'
import { endOfSecond, usableCursor } from '../keys.ts'
import { limits } from '../limits.ts'
import type { EnvelopeStore, StoredEnvelope, StoreQuery } from '../ports.ts'
import { deleteRows, findRows, insertRows, readRows, sizeOfTable } from './rows.ts'
import { type Day, dayOf, dropPartition, type Layout, makePartitions, migrate, partitionsBefore } from './schema.ts'
import { assertUri } from './uri.ts'

/** Which database an archive is in, and how it is used. */
export interface PostgresStoreOptions {
  /** `postgresql://user:password@host:port/database`, or with `?host=` a Unix socket. */
  readonly uri: string
  /** Connections at a time. @default 10 */
  readonly maxConnections?: number | undefined
  /** After which a statement is given up, milliseconds. @default 60000 */
  readonly statementTimeoutMs?: number | undefined
  /** Decides which partitions of the table are made ahead. @default the system clock */
  readonly clock?: Clock | undefined
}

/** Rows whose ids and sizes are looked at in one step. */
const scanRows = 1000
/** Envelopes, and their bytes, that are read at a time; one larger envelope goes alone. */
const chunkEnvelopes = 64
const chunkBytes = 1024 * 1024
/** How long after its own limit a statement may take to say so, milliseconds: a database that says nothing any more is given up by us. */
const answerMs = 1_000
/** Bytes of one insert. */
const insertBytes = 4 * 1024 * 1024

/** Cut where the rows or the bytes are many; no part is empty. */
function* parts<T>(items: readonly T[], most: number, mostBytes: number, sizeOf: (item: T) => number): Generator<T[]> {
  let part: T[] = []
  let bytes = 0
  for (const item of items) {
    if (part.length > 0 && (part.length >= most || bytes + sizeOf(item) > mostBytes)) {
      yield part
      part = []
      bytes = 0
    }
    part.push(item)
    bytes += sizeOf(item)
  }
  if (part.length > 0) yield part
}

/** @throws MailserverError `invalid-argument` */
function checked(options: PostgresStoreOptions) {
  check.options('options', options, ['uri', 'maxConnections', 'statementTimeoutMs', 'clock'])
  check.ports(options, { clock: ['nowMs'] })
  const { uri, maxConnections = 10, statementTimeoutMs = 60_000, clock = systemClock } = options
  if (typeof uri !== 'string' || uri === '') throw invalidOption('uri', 'expected a PostgreSQL connection string')
  assertUri(uri)
  check.integer('maxConnections', maxConnections, 1, 1000)
  // PostgreSQL takes as much as a timer does, and ours has to be the later one.
  check.integer('statementTimeoutMs', statementTimeoutMs, 1, longestDelayMs - answerMs)
  return { uri, maxConnections, statementTimeoutMs, clock }
}

/** What an archive has of a range, newest first, in chunks. `connected` throws once it is closed. */
async function* found(connected: () => Pool, asked: StoreQuery): AsyncGenerator<readonly StoredEnvelope[]> {
  const end = endOfSecond(asked.upper)
  const cursor = usableCursor(asked.cursor)
  // A key that begins with the cursor is greater than the cursor: the walk goes on behind it.
  let before = end === undefined || (cursor !== undefined && compareBytes(cursor, end) < 0) ? cursor : end
  let left = asked.limit
  while (left > 0) {
    asked.signal?.throwIfAborted()
    const most = Math.min(left, scanRows)
    const rows = await findRows(connected(), asked, before, most)
    const last = rows.at(-1)
    for (const part of parts(rows, chunkEnvelopes, chunkBytes, ({ bytes }) => bytes)) {
      asked.signal?.throwIfAborted()
      const read = await readRows(connected(), part)
      left -= read.length
      if (read.length > 0) yield read
    }
    if (last === undefined || rows.length < most) return
    before = last.id
  }
}

/** In one order everywhere: two servers that insert the same envelopes crosswise would wait for each other. */
function inKeyOrder(envelopes: readonly Archived[]): readonly Archived[] {
  const keyed = envelopes.map(envelope => ({ key: archiveKey(envelope), envelope }))
  return keyed.sort((a, b) => compareBytes(a.key, b.key)).map(({ envelope }) => envelope)
}

function poolOf(uri: string, maxConnections: number, statementTimeoutMs: number): Pool {
  const made = new Pool({
    connectionString: uri,
    max: maxConnections,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + answerMs,
    connectionTimeoutMillis: 10_000,
    allowExitOnIdle: true
  })
  // An idle connection that breaks is replaced at the next use; unheard, the event would end the process.
  made.on('error', () => undefined)
  return made
}

/** Whole days go at once; answers how many envelopes that were. */
async function dropDays(client: PoolClient, seconds: number): Promise<number> {
  for (const day of await partitionsBefore(client, dayOf(seconds))) {
    const dropped = await dropPartition(client, day)
    if (dropped > 0) return dropped
  }
  return 0
}

/**
 * An archive in PostgreSQL, newest first; several mailservers may share one, status-go's among them. The tables are made when
 * they are not there. @throws MailserverError `invalid-argument` for a URI that is none
 *
 * @example
 * ```ts
 * const store = createPostgresStore({ uri: 'postgresql://mail@localhost/archive' })
 * ```
 */
export function createPostgresStore(options: PostgresStoreOptions): EnvelopeStore {
  const { uri, maxConnections, statementTimeoutMs, clock } = checked(options)
  let pool: Pool | undefined
  let layout: Layout = 'partitioned'
  let opening: Promise<void> | undefined
  let partitionedFor: Day | undefined

  const connected = (): Pool => {
    if (pool === undefined) throw new MailserverError('not-running', 'archive: not open', { origin: 'caller' })
    return pool
  }

  const withClient = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await connected().connect()
    try {
      const result = await work(client)
      client.release()
      return result
    } catch (error) {
      // What it was asked may still be under way: nobody is to wait behind that.
      client.release(true)
      throw error
    }
  }

  const preparePartitions = async (): Promise<void> => {
    const today = dayOf(clock.nowMs() / 1000)
    if (layout === 'plain' || partitionedFor === today) return
    await withClient(client => makePartitions(client, today))
    partitionedFor = today
  }

  const connect = async (): Promise<void> => {
    const made = poolOf(uri, maxConnections, statementTimeoutMs)
    pool = made
    try {
      layout = await withClient(migrate)
      await preparePartitions()
    } catch (cause) {
      pool = undefined
      await made.end()
      throw new MailserverError('store-failed', 'archive: the database cannot be used', {
        origin: 'environment',
        cause
      })
    }
  }

  return {
    order: 'newest-first',
    open: () => {
      opening ??= connect().catch(error => {
        opening = undefined
        throw error
      })
      return opening
    },
    close: async () => {
      await opening?.catch(() => undefined)
      const ending = pool
      pool = undefined
      opening = undefined
      partitionedFor = undefined
      await ending?.end()
    },
    put: async envelopes => {
      if (envelopes.length === 0) return
      await preparePartitions()
      for (const part of parts(inKeyOrder(envelopes), limits.putBatch, insertBytes, ({ bytes }) => bytes.length)) {
        await insertRows(connected(), part)
        const pause = timeSlicer.yielded()
        if (pause !== undefined) await pause
      }
    },
    query: asked => found(connected, asked),
    deleteOlderThan: async (seconds, most) => {
      const dropped = layout === 'partitioned' ? await withClient(client => dropDays(client, seconds)) : 0
      if (dropped > 0) return dropped
      return deleteRows(connected(), seconds, most)
    },
    size: async () => sizeOfTable(connected())
  }
}
