import { forEachSliced } from '@status-stack/utils'
import type { KeyValue, RangeQuery, Write } from './key-value.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import type { Vault } from './vault.ts'

/** Reads and writes of one batch: staged entries are seen by its own reads, and all reach the disk together or not at all. */
export interface Unit {
  /** What this unit has staged under a key: a value, `null` for a deletion, `undefined` for nothing. */
  readonly staged: <T>(key: string) => T | null | undefined
  /** Keys of a range under which this unit has staged a value; not what is on the disk. */
  readonly stagedIn: (range: Pick<RangeQuery, 'gte' | 'lt'>) => readonly string[]
  readonly get: <T>(key: string) => Promise<T | undefined>
  /** The value is the unit's from then on: it must not be changed. */
  readonly put: (key: string, value: unknown) => void
  readonly putBytes: (key: string, value: Uint8Array) => void
  readonly delete: (key: string) => void
  /** Runs after the batch is on disk, in order: where events are emitted. */
  readonly after: (then: () => void) => void
  /** Encrypts what is staged, while others get their turn, and writes it at once. Of two units with one key the later call's value stays. */
  readonly commit: () => Promise<void>
}

/** Encrypted records under string keys; the tables in `keys.ts` say which. */
export interface Store {
  readonly vault: Vault
  readonly get: <T>(key: string) => Promise<T | undefined>
  readonly getBytes: (key: string) => Promise<Uint8Array | undefined>
  /** Nothing is decrypted. */
  readonly has: (key: string) => Promise<boolean>
  readonly range: <T>(query: RangeQuery) => AsyncIterable<{ readonly key: string; readonly value: T }>
  /** Keys alone, nothing decrypted. */
  readonly keys: (query: RangeQuery) => AsyncIterable<string>
  readonly unit: () => Unit
}

/** Lets commits overtake each other, except where they write the same key: the one that was called last has the last word. */
function createCommits() {
  // BOUNDED: the keys of the units in progress
  const writing = new Map<string, Promise<void>>()
  return {
    inOrder: async (keys: readonly string[], write: () => Promise<void>): Promise<void> => {
      const before = new Set(keys.flatMap(key => writing.get(key) ?? []))
      let settle = (): void => {}
      const settled = new Promise<void>(resolve => {
        settle = resolve
      })
      for (const key of keys) writing.set(key, settled)
      try {
        if (before.size > 0) await Promise.all(before)
        await write()
      } finally {
        for (const key of keys) if (writing.get(key) === settled) writing.delete(key)
        settle()
      }
    }
  }
}

export function createStore(kv: KeyValue, vault: Vault): Store {
  const commits = createCommits()
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
    has: async key => (await kv.get(key)) !== undefined,
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
        stagedIn: ({ gte, lt }) =>
          [...staged].flatMap(([key, entry]) => (entry !== undefined && key >= gte && key < lt ? [key] : [])),
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
          const entries = [...staged]
          staged.clear()
          await commits.inOrder(
            entries.map(([key]) => key),
            async () => {
              const writes: Write[] = []
              await forEachSliced(entries, ([key, entry]) => {
                if (entry === undefined) {
                  writes.push({ type: 'del', key })
                  return
                }
                const bytes = 'value' in entry ? encodeRecord(entry.value) : entry.bytes
                writes.push({ type: 'put', key, value: vault.seal(key, bytes) })
              })
              if (writes.length > 0) await kv.write(writes)
            }
          )
          for (const callback of then.splice(0)) callback()
        }
      }
    }
  }
}
