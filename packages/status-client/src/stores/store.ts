import type { KeyValue, RangeQuery, Write } from './key-value.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import type { Vault } from './vault.ts'

/** Reads and writes of one batch: staged entries are seen by its own reads, and all reach the disk together or not at all. */
export interface Unit {
  /** What this unit has staged under a key: a value, `null` for a deletion, `undefined` for nothing. */
  readonly staged: <T>(key: string) => T | null | undefined
  readonly get: <T>(key: string) => Promise<T | undefined>
  /** The value is the unit's from then on: nobody changes it. */
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
      // Encoded once, at the end: a record that changes with each message of a batch would cost its size each time.
      const staged = new Map<string, { readonly value: unknown } | { readonly bytes: Uint8Array } | undefined>()
      const then: (() => void)[] = []
      const read = <T>(key: string): T | undefined => {
        const entry = staged.get(key)
        if (entry === undefined) return undefined
        return 'value' in entry ? (entry.value as T) : decodeRecord<T>(entry.bytes)
      }
      return {
        staged: <T>(key: string) => (staged.has(key) ? (read<T>(key) ?? null) : undefined),
        get: async <T>(key: string) => (staged.has(key) ? read<T>(key) : get<T>(key)),
        put: (key, value) => {
          staged.set(key, { value })
        },
        putBytes: (key, bytes) => {
          staged.set(key, { bytes })
        },
        delete: key => {
          staged.set(key, undefined)
        },
        after: callback => {
          then.push(callback)
        },
        commit: async () => {
          const writes: Write[] = []
          for (const [key, entry] of staged) {
            if (entry === undefined) {
              writes.push({ type: 'del', key })
              continue
            }
            const bytes = 'value' in entry ? encodeRecord(entry.value) : entry.bytes
            writes.push({ type: 'put', key, value: vault.seal(key, bytes) })
          }
          staged.clear()
          await kv.write(writes)
          for (const callback of then.splice(0)) callback()
        }
      }
    }
  }
}
