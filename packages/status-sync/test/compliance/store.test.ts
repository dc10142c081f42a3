import { describe, expect, test } from 'vitest'
import type { SyncStore } from '../../src/index.ts'
import { memorySyncStore, syncStoreCases } from '../../src/testing/index.ts'

const create = async () => memorySyncStore()

describe('memorySyncStore keeps the contract of SyncStore', () => {
  for (const { name, run } of syncStoreCases(create, async store => store)) test(name, run)
})

describe('the cases reject broken stores', () => {
  const broken: Readonly<Record<string, (store: SyncStore) => SyncStore>> = {
    'writes nothing': store => ({ ...store, write: async () => {} }),
    'loses the second change': store => ({ ...store, write: changes => store.write(changes.slice(0, 1)) }),
    'applies changes backwards': store => ({ ...store, write: changes => store.write([...changes].reverse()) }),
    'never deletes': store => ({
      ...store,
      write: changes => store.write(changes.filter(({ value }) => value !== undefined))
    }),
    'mixes tables': store => ({
      get: (_table, key) => store.get('record', key),
      list: () => store.list('record'),
      write: changes => store.write(changes.map(change => ({ ...change, table: 'record' as const })))
    }),
    'takes empty values for absent ones': store => ({
      ...store,
      get: async (table, key) => {
        const value = await store.get(table, key)
        return value?.length === 0 ? undefined : value
      }
    }),
    'refuses to delete what is absent': store => ({
      ...store,
      write: async changes => {
        for (const { table, key, value } of changes) {
          if (value === undefined && (await store.get(table, key)) === undefined) throw new Error('not found')
          await store.write([{ table, key, value }])
        }
      }
    }),
    'lists everything twice': store => ({
      ...store,
      list: async table => [...(await store.list(table)), ...(await store.list(table))]
    }),
    'cuts keys': store => ({
      get: (table, key) => store.get(table, key.slice(0, 1)),
      list: store.list,
      write: changes => store.write(changes.map(change => ({ ...change, key: change.key.slice(0, 1) })))
    })
  }

  test.each(Object.entries(broken))('%s', async (_name, breakIt) => {
    const failures: string[] = []
    for (const { name, run } of syncStoreCases(async () => breakIt(memorySyncStore()))) {
      await run().catch(() => failures.push(name))
    }
    expect(failures).not.toEqual([])
  })

  test('keeps the arrays of others', async () => {
    const rows = new Map<string, Uint8Array>()
    const store: SyncStore = {
      get: async (table, key) => rows.get(`${table}${key.join()}`),
      list: async table => [...rows].filter(([key]) => key.startsWith(table)).map(([, value]) => value),
      write: async changes => {
        for (const { table, key, value } of changes) {
          if (value === undefined) rows.delete(`${table}${key.join()}`)
          else rows.set(`${table}${key.join()}`, value)
        }
      }
    }
    const reuse = syncStoreCases(async () => store).find(({ name }) => name.includes('reuse'))
    await expect(reuse?.run()).rejects.toThrow('expected 2')
  })

  test('forgets at a restart', async () => {
    const restart = syncStoreCases(create, create).at(-1)
    await expect(restart?.run()).rejects.toThrow('kept')
  })
})
