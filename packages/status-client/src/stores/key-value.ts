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

/** All that the stores need from a database: reads, ordered ranges and one kind of write, which is atomic. */
export interface KeyValue {
  readonly get: (key: string) => Promise<Uint8Array | undefined>
  readonly write: (writes: readonly Write[]) => Promise<void>
  readonly range: (query: RangeQuery) => AsyncIterable<readonly [key: string, value: Uint8Array]>
}

const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const

function storeFailed(what: string, cause: unknown): ClientError {
  const locked = typeof cause === 'object' && cause !== null && 'code' in cause && String(cause.code).includes('LOCKED')
  return new ClientError(locked ? 'account-in-use' : 'store-failed', `store: ${what} failed`, {
    origin: 'environment',
    cause
  })
}

/** Opens the database if it is not open. @throws ClientError `store-failed`, `account-in-use` when another process has it. */
export async function openKeyValue(database: Database): Promise<KeyValue> {
  try {
    await database.open()
  } catch (error) {
    const cause: unknown = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw storeFailed('open', cause)
  }
  return {
    get: async key => {
      try {
        return await database.get<string, Uint8Array | undefined>(key, encodings)
      } catch (error) {
        throw storeFailed('read', error)
      }
    },
    write: async writes => {
      if (writes.length === 0) return
      try {
        await database.batch<string, Uint8Array>([...writes], encodings)
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
      try {
        for await (const [key, value] of iterator) yield [key, value] as const
      } catch (error) {
        throw storeFailed('range read', error)
      }
    }
  }
}
