import type { KeyValue, Write } from './key-value.ts'
import type { Vault } from './vault.ts'

type SyncTable = 'record' | 'body' | 'seen' | 'slot' | 'peer'

/** Structurally the store port of `status-sync`: tables of opaque keys and values, changed together. */
export interface SyncStore {
  /** The value under a key, or `undefined`. */
  readonly get: (table: SyncTable, key: Uint8Array) => Promise<Uint8Array | undefined>
  /** The values under several keys, in their order. */
  readonly getMany: (table: SyncTable, keys: readonly Uint8Array[]) => Promise<readonly (Uint8Array | undefined)[]>
  /** All values of a table, in any order, without their keys. */
  readonly list: (table: SyncTable) => Promise<readonly Uint8Array[]>
  /** All changes or none; a value of `undefined` deletes its key. Durable when it resolves. */
  readonly write: (
    changes: readonly { readonly table: SyncTable; readonly key: Uint8Array; readonly value: Uint8Array | undefined }[]
  ) => Promise<void>
}

/** The store port of data sync. Its keys hold peers, so they are HMACed; its values are encrypted. */
export function createSyncStore(kv: KeyValue, vault: Vault): SyncStore {
  const keyOf = (table: string, key: Uint8Array): string => `sync-${table}!${vault.name(`sync ${table}`, key)}`
  const get: SyncStore['get'] = async (table, key) => {
    const name = keyOf(table, key)
    const sealed = await kv.get(name)
    return sealed === undefined ? undefined : vault.open(name, sealed)
  }
  return {
    get,
    getMany: (table, keys) => Promise.all(keys.map(key => get(table, key))),
    list: async table => {
      const values: Uint8Array[] = []
      for await (const [key, sealed] of kv.range({ gte: `sync-${table}!`, lt: `sync-${table}!~` })) {
        values.push(vault.open(key, sealed))
      }
      return values
    },
    write: async changes => {
      // A batch applies in order, so a later change of the same key wins by itself.
      const writes: Write[] = changes.map(({ table, key, value }) => {
        const name = keyOf(table, key)
        return value === undefined
          ? { type: 'del', key: name }
          : { type: 'put', key: name, value: vault.seal(name, value) }
      })
      await kv.write(writes)
    }
  }
}
