import { bytesToHex } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import type { SessionStore, StoredRecord } from '../../src/index.ts'
import { memorySessionStore, sessionStoreCases } from '../../src/testing/index.ts'

describe('memorySessionStore', () => {
  for (const { name, run } of sessionStoreCases(async () => memorySessionStore())) test(name, run)
})

/** A map with one revision per id, and a way to break each operation. */
function breakable(change: (store: SessionStore, records: Map<string, StoredRecord>) => Partial<SessionStore>) {
  const records = new Map<string, StoredRecord>()
  let last = 0
  const store: SessionStore = {
    get: async id => {
      const found = records.get(bytesToHex(id))
      return found && { record: found.record.slice(), revision: found.revision }
    },
    put: async (id, record, revision) => {
      const key = bytesToHex(id)
      if ((records.get(key)?.revision ?? 0) !== revision) return false
      records.set(key, { record: record.slice(), revision: ++last })
      return true
    },
    delete: async (id, revision) => {
      const key = bytesToHex(id)
      return records.get(key)?.revision === revision && records.delete(key)
    }
  }
  return { ...store, ...change(store, records) }
}

const broken: Record<string, () => SessionStore> = {
  'ignores revisions': () =>
    breakable((store, records) => ({
      put: async (id, record) => store.put(id, record, records.get(bytesToHex(id))?.revision ?? 0)
    })),
  'compares, then writes later': () =>
    breakable((store, records) => ({
      put: async (id, record, revision) => {
        const current = await store.get(id)
        if ((current?.revision ?? 0) !== revision) return false
        await store.get(id)
        records.set(bytesToHex(id), { record: record.slice(), revision: (current?.revision ?? 0) + 1 })
        return true
      }
    })),
  'keeps the revision when bytes are equal': () =>
    breakable((store, records) => ({
      put: async (id, record, revision) => {
        const before = records.get(bytesToHex(id))
        const done = await store.put(id, record, revision)
        if (done && before && bytesToHex(before.record) === bytesToHex(record)) records.set(bytesToHex(id), before)
        return done
      }
    })),
  'starts revisions anew after a delete': () =>
    breakable((store, records) => ({
      put: async (id, record, revision) => {
        const done = await store.put(id, record, revision)
        if (done) records.set(bytesToHex(id), { record: record.slice(), revision: revision + 1 })
        return done
      }
    })),
  'deletes whatever the revision': () =>
    breakable((_, records) => ({ delete: async id => records.delete(bytesToHex(id)) })),
  'deletes what is absent': () =>
    breakable(store => ({ delete: async (id, revision) => revision === 0 || store.delete(id, revision) })),
  'never deletes': () => breakable(() => ({ delete: async () => true })),
  'keeps the caller’s array': () =>
    breakable((store, records) => ({
      put: async (id, record, revision) => {
        const done = await store.put(id, record, revision)
        const kept = records.get(bytesToHex(id))
        if (done && kept) records.set(bytesToHex(id), { record, revision: kept.revision })
        return done
      }
    })),
  'hands out its own array': () => breakable((_, records) => ({ get: async id => records.get(bytesToHex(id)) })),
  'takes an empty record for none': () =>
    breakable(store => ({
      get: async id => {
        const found = await store.get(id)
        return found?.record.length === 0 ? undefined : found
      }
    })),
  'mixes ids up': () =>
    breakable(store => ({
      get: id => store.get(id.subarray(0, 1)),
      put: (id, record, revision) => store.put(id.subarray(0, 1), record, revision)
    })),
  'counts revisions from 0': () =>
    breakable(store => ({
      get: async id => {
        const found = await store.get(id)
        return found && { record: found.record, revision: found.revision - 1 }
      },
      put: (id, record, revision) => store.put(id, record, revision === 0 ? 0 : revision + 1)
    }))
}

describe('the cases reject a store that', () => {
  for (const [name, create] of Object.entries(broken)) {
    test(name, async () => {
      const results = await Promise.allSettled(sessionStoreCases(async () => create()).map(({ run }) => run()))
      expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
    })
  }
})
