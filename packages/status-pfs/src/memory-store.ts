import { bytesToHex } from '@status-stack/crypto'
import { check } from './checks.ts'
import type { SessionStore, StoredRecord } from './ports.ts'

/**
 * Keeps records in memory; nothing survives the process. For tests, demos and short-lived clients.
 *
 * @example
 * ```ts
 * const sealer = await createSealer({ identity, clock, random, store: memorySessionStore() }, { installationId })
 * ```
 */
export function memorySessionStore(): SessionStore {
  const records = new Map<string, StoredRecord>()
  // One counter for all: a record that was deleted and made again does not look like the old one.
  let last = 0
  const revisionOf = (key: string) => records.get(key)?.revision ?? 0
  return {
    get: async id => {
      check.bytes('id', id)
      const stored = records.get(bytesToHex(id))
      return stored === undefined ? undefined : { record: stored.record.slice(), revision: stored.revision }
    },
    put: async (id, record, revision) => {
      check.bytes('id', id)
      check.bytes('record', record)
      const key = bytesToHex(id)
      if (revisionOf(key) !== revision) return false
      records.get(key)?.record.fill(0)
      records.set(key, { record: record.slice(), revision: ++last })
      return true
    },
    delete: async (id, revision) => {
      check.bytes('id', id)
      const key = bytesToHex(id)
      if (revision === 0 || revisionOf(key) !== revision) return false
      records.get(key)?.record.fill(0)
      return records.delete(key)
    }
  }
}
