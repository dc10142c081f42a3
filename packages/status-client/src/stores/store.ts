import type { KeyValue, RangeQuery, Write } from './key-value.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import type { Vault } from './vault.ts'

/** Reads and writes of one batch: staged entries are seen by its own reads, and all reach the disk together or not at all. */
export interface Unit {
  /** What this unit has staged under a key: a value, `null` for a deletion, `undefined` for nothing. */
  readonly staged: <T>(key: string) => T | null | undefined
  readonly get: <T>(key: string) => Promise<T | undefined>
  readonly put: (key: string, value: unknown) => void
  readonly putBytes: (key: string, value: Uint8Array) => void
  readonly delete: (key: string) => void
  /** Runs after the batch is on disk, in order: where events are emitted. */
  readonly after: (then: () => void) => void
  readonly commit: () => Promise<void>
}

/** Encrypted records under string keys; the tables in `keys.ts` say which. */
export interface Store {
  readonly vault: Vault
  readonly get: <T>(key: string) => Promise<T | undefined>
  readonly getBytes: (key: string) => Promise<Uint8Array | undefined>
  readonly range: <T>(query: RangeQuery) => AsyncIterable<{ readonly key: string; readonly value: T }>
  /** Keys alone, nothing decrypted. */
  readonly keys: (query: RangeQuery) => AsyncIterable<string>
  readonly unit: () => Unit
}

export function createStore(kv: KeyValue, vault: Vault): Store {
  const getBytes = async (key: string): Promise<Uint8Array | undefined> => {
    const sealed = await kv.get(key)
    return sealed === undefined ? undefined : vault.open(key, sealed)
  }
  const get = async <T>(key: string): Promise<T | undefined> => {
    const bytes = await getBytes(key)
    return bytes === undefined ? undefined : decodeRecord<T>(bytes)
  }
  return {
    vault,
    get,
    getBytes,
    range: async function* <T>(query: RangeQuery) {
      for await (const [key, sealed] of kv.range(query)) {
        yield { key, value: decodeRecord<T>(vault.open(key, sealed)) }
      }
    },
    keys: async function* (query) {
      for await (const [key] of kv.range(query)) yield key
    },
    unit: () => {
      const staged = new Map<string, Uint8Array | undefined>()
      const then: (() => void)[] = []
      return {
        staged: <T>(key: string) => {
          if (!staged.has(key)) return undefined
          const bytes = staged.get(key)
          return bytes === undefined ? null : decodeRecord<T>(bytes)
        },
        get: async <T>(key: string) => {
          if (!staged.has(key)) return get<T>(key)
          const bytes = staged.get(key)
          return bytes === undefined ? undefined : decodeRecord<T>(bytes)
        },
        put: (key, value) => {
          staged.set(key, encodeRecord(value))
        },
        putBytes: (key, value) => {
          staged.set(key, value)
        },
        delete: key => {
          staged.set(key, undefined)
        },
        after: callback => {
          then.push(callback)
        },
        commit: async () => {
          const writes: Write[] = []
          for (const [key, value] of staged) {
            writes.push(
              value === undefined ? { type: 'del', key } : { type: 'put', key, value: vault.seal(key, value) }
            )
          }
          staged.clear()
          await kv.write(writes)
          for (const callback of then.splice(0)) callback()
        }
      }
    }
  }
}
