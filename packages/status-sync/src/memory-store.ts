import { bytesToHex } from '@status-stack/crypto'
import type { SyncStore, SyncTable } from './ports.ts'

/**
 * A store that forgets with the process.
 *
 * @example
 * ```ts
 * const sync = createSync({ ...deps, store: memorySyncStore() })
 * ```
 */
export function memorySyncStore(): SyncStore {
  const tables = new Map<SyncTable, Map<string, Uint8Array>>()
  const of = (table: SyncTable): Map<string, Uint8Array> => {
    const rows = tables.get(table) ?? new Map<string, Uint8Array>()
    tables.set(table, rows)
    return rows
  }
  return {
    get: async (table, key) => {
      const value = of(table).get(bytesToHex(key))
      return value === undefined ? undefined : new Uint8Array(value)
    },
    getMany: async (table, keys) => {
      const rows = of(table)
      return keys.map(key => {
        const value = rows.get(bytesToHex(key))
        return value === undefined ? undefined : new Uint8Array(value)
      })
    },
    list: async table => [...of(table).values()].map(value => new Uint8Array(value)),
    write: async changes => {
      for (const { table, key, value } of changes) {
        if (value === undefined) of(table).delete(bytesToHex(key))
        else of(table).set(bytesToHex(key), new Uint8Array(value))
      }
    }
  }
}
