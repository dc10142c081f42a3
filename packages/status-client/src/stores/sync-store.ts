import type { SyncStore } from '@status-stack/status-sync'
import type { KeyValue, Write } from './key-value.ts'
import type { Vault } from './vault.ts'

/** The store port of data sync. Its keys hold peers, so they are HMACed; its values are encrypted. */
export function createSyncStore(kv: KeyValue, vault: Vault): SyncStore {
  const keyOf = (table: string, key: Uint8Array): string => `sync-${table}!${vault.name(`sync ${table}`, key)}`
  return {
    get: async (table, key) => {
      const name = keyOf(table, key)
      const sealed = await kv.get(name)
      return sealed === undefined ? undefined : vault.open(name, sealed)
    },
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
