import { isDiskFull } from '@status-stack/utils'
import { ClientError } from '../../errors.ts'
import type { Database } from '../../ports.ts'
import { createFiles } from './files.ts'

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

const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const

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
  const files = createFiles(database)
  // One record of LevelDB, mostly from memory, takes some microseconds; handing it to another thread and back takes ten times that.
  const readsAtOnce = 'getSync' in database.supports && database.supports.getSync === true
  // Reads under way: each keeps the tables that it reads from, a range also the values of its moment.
  let reading = 0
  return {
    get: async key => {
      reading += 1
      try {
        if (readsAtOnce) return database.getSync<string, Uint8Array | undefined>(key, encodings)
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
        await files.mend()
      } catch (error) {
        files.failed()
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
    erase: async range => {
      const before = reading
      try {
        if (!(await files.erase(range))) return 'unsupported'
      } catch (error) {
        files.failed()
        throw storeFailed('erasing', error)
      }
      return before > 0 || reading > 0 ? 'pinned' : 'done'
    }
  }
}
