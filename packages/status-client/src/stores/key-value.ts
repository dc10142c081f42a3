import { ClientError } from '../errors.ts'
import type { Database } from '../ports.ts'

export type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string }

export interface RangeQuery {
  readonly gte: string
  readonly lt: string
  readonly reverse?: boolean | undefined
  readonly limit?: number | undefined
}

/** All that the stores need from a database: reads, ordered ranges, one kind of write, which is atomic, and erasing. */
export interface KeyValue {
  readonly get: (key: string) => Promise<Uint8Array | undefined>
  /** `flush`: does not answer before the writes would survive a loss of power, where the database can promise that. */
  readonly write: (writes: readonly Write[], options?: { readonly flush?: boolean }) => Promise<void>
  readonly range: (query: RangeQuery) => AsyncIterable<readonly [key: string, value: Uint8Array]>
  readonly clear: () => Promise<void>
  /**
   * Takes out of the database's files what was overwritten or deleted in a range. `done` means that it is gone; `pinned` that a read
   * of a range was under way, which keeps what it may still come to; `unsupported` that this database cannot be told to.
   */
  readonly erase: (range: Pick<RangeQuery, 'gte' | 'lt'>) => Promise<'done' | 'pinned' | 'unsupported'>
}

/** What `classic-level` has beside the interface of its family. */
interface Compacting {
  readonly compactRange: (start: string, end: string, options: { readonly keyEncoding: 'utf8' }) => Promise<void>
}

const utf8Keys = { keyEncoding: 'utf8' } as const
const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const

/** LevelDB passes on the C library's sentence, Node the name of the number, browsers an error's name. */
const fullDisk = /no space left on device|disk quota exceeded|not enough space|\bENOSPC\b|\bEDQUOT\b|QuotaExceeded/i

/** An error and those that led to it. A chain that is deeper, or that leads to itself, is cut. */
function* chainOf(error: unknown): Generator<object> {
  let next = error
  for (let depth = 0; depth < 5 && typeof next === 'object' && next !== null; depth += 1) {
    yield next
    next = 'cause' in next ? next.cause : undefined
  }
}

const field = (error: object, name: 'code' | 'name' | 'message'): string =>
  String((error as Readonly<Record<string, unknown>>)[name] ?? '')

/**
 * Whether an error of a database or of the platform says that the disk is full, in itself or in what led to it.
 *
 * @example
 * ```ts
 * database.open().catch(error => {
 *   if (isDiskFull(error)) tellUser('the disk is full')
 * })
 * ```
 */
export function isDiskFull(error: unknown): boolean {
  for (const each of chainOf(error)) {
    if (field(each, 'code') === 'disk-full') return true
    if ((['code', 'name', 'message'] as const).some(name => fullDisk.test(field(each, name)))) return true
  }
  return false
}

function storeFailed(what: string, cause: unknown): ClientError {
  if (isDiskFull(cause)) {
    return new ClientError('disk-full', `store: ${what} failed, the disk is full`, { origin: 'environment', cause })
  }
  const locked = typeof cause === 'object' && cause !== null && 'code' in cause && String(cause.code).includes('LOCKED')
  return new ClientError(locked ? 'account-in-use' : 'store-failed', `store: ${what} failed`, {
    origin: 'environment',
    cause
  })
}

/**
 * Opens the database if it is not open.
 * @throws ClientError `store-failed`, `disk-full`, `account-in-use` when another process has it.
 */
export async function openKeyValue(database: Database): Promise<KeyValue> {
  try {
    await database.open()
  } catch (error) {
    const cause: unknown = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw storeFailed('open', cause)
  }
  // Reads under way: each keeps the tables that it reads from, a range also the values of its moment.
  let reading = 0
  return {
    get: async key => {
      reading += 1
      try {
        return await database.get<string, Uint8Array | undefined>(key, encodings)
      } catch (error) {
        throw storeFailed('read', error)
      } finally {
        reading -= 1
      }
    },
    write: async (writes, { flush = false } = {}) => {
      if (writes.length === 0) return
      try {
        // `sync` is an option of LevelDB; the other members of the family ignore it.
        await database.batch<string, Uint8Array>([...writes], flush ? { ...encodings, ...{ sync: true } } : encodings)
      } catch (error) {
        throw storeFailed('write', error)
      }
    },
    range: async function* ({ gte, lt, reverse, limit }) {
      const iterator = database.iterator<string, Uint8Array>({
        gte,
        lt,
        reverse: reverse ?? false,
        limit: limit ?? -1,
        ...encodings
      })
      reading += 1
      try {
        for await (const [key, value] of iterator) yield [key, value] as const
      } catch (error) {
        throw storeFailed('range read', error)
      } finally {
        reading -= 1
      }
    },
    clear: async () => {
      try {
        await database.clear()
      } catch (error) {
        throw storeFailed('clearing', error)
      }
    },
    erase: async ({ gte, lt }) => {
      if (!canCompact(database)) return 'unsupported'
      const before = reading
      try {
        // Memory is written to a table with all versions that it holds, and a compaction rewrites only tables with something above
        // them. So: write it; then put deletions of keys that do not exist at both ends of the range, above all that lies between.
        await database.compactRange(gte, gte, utf8Keys)
        await database.batch<string, Uint8Array>([...[gte, lt].map(key => ({ type: 'del', key }) as const)], encodings)
        await database.compactRange(gte, lt, utf8Keys)
        // Deletes the tables that some read made use of when the last step ended.
        await database.compactRange(gte, gte, utf8Keys)
      } catch (error) {
        throw storeFailed('erasing', error)
      }
      return before > 0 || reading > 0 ? 'pinned' : 'done'
    }
  }
}

function canCompact(database: Database): database is Database & Compacting {
  return 'compactRange' in database && typeof database.compactRange === 'function'
}
