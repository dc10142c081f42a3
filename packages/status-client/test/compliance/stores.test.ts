import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from '@status-stack/crypto'
import { sessionStoreCases } from '@status-stack/status-pfs/testing'
import { syncStoreCases } from '@status-stack/status-sync/testing'
import { ClassicLevel } from 'classic-level'
import { MemoryLevel } from 'memory-level'
import { afterAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/index.ts'
import { openKeyValue } from '../../src/storage/stores/key-value.ts'
import type { Migration } from '../../src/storage/stores/migrations.ts'
import { prepareStore } from '../../src/storage/stores/schema.ts'
import { createSessionStore } from '../../src/storage/stores/session-store.ts'
import { createStore } from '../../src/storage/stores/store.ts'
import { createSyncStore } from '../../src/storage/stores/sync-store.ts'
import { createVault } from '../../src/storage/stores/vault.ts'
import { faultyDatabase } from '../../src/testing/index.ts'
import { storageKey } from '../support/world.ts'

const random = { bytes: randomBytes }
const vault = createVault(storageKey, random)
const folder = await mkdtemp(join(tmpdir(), 'status-client-'))
const opened: ClassicLevel[] = []

afterAll(async () => {
  for (const database of opened) await database.close()
  await rm(folder, { recursive: true })
})

const databases: Readonly<Record<string, () => Database>> = {
  'memory-level': () => new MemoryLevel(),
  'classic-level': () => {
    const database = new ClassicLevel(join(folder, String(opened.length)))
    opened.push(database)
    return database
  }
}

for (const [name, create] of Object.entries(databases)) {
  describe(`${name}: session store`, () => {
    const cases = sessionStoreCases(async () => createSessionStore(await openKeyValue(create()), vault, random))
    for (const { name: title, run } of cases) test(title, run)
  })
  describe(`${name}: sync store`, () => {
    const cases = syncStoreCases(async () => createSyncStore(await openKeyValue(create()), vault))
    for (const { name: title, run } of cases) test(title, run)
  })
}

test('an entry does not open under another key of the store, nor under another storage key, nor changed', () => {
  const value = Uint8Array.of(1, 2, 3)
  const sealed = vault.seal('a', value)
  expect(vault.open('a', sealed)).toEqual(value)
  const fails = (open: () => unknown): void => expect(open).toThrow(expect.objectContaining({ code: 'store-corrupt' }))
  fails(() => vault.open('b', sealed))
  fails(() => createVault(new Uint8Array(32), random).open('a', sealed))
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Uint8Array.from(sealed)
    changed[index] = (changed[index] ?? 0) ^ 1
    fails(() => vault.open('a', changed))
  }
  fails(() => vault.open('a', new Uint8Array(3)))
})

test('names are the same for the same parts and do not run together', () => {
  expect(vault.name('chat', 'ab', 'c')).toBe(vault.name('chat', 'ab', 'c'))
  expect(vault.name('chat', 'ab', 'c')).not.toBe(vault.name('chat', 'a', 'bc'))
  expect(vault.name('chat', 'x')).not.toBe(vault.name('contact', 'x'))
})

test('a batch reaches the disk as a whole or not at all, and is seen by its own reads before', async () => {
  const disk = new MemoryLevel()
  const { database } = faultyDatabase(disk, { failAt: 2 })
  const store = createStore(await openKeyValue(database), vault)
  const first = store.unit()
  first.put('a', { n: 1 })
  await first.commit()
  const second = store.unit()
  let told = false
  second.put('a', { n: 2 })
  second.put('b', { bytes: Uint8Array.of(7), big: 2n ** 60n })
  second.after(() => {
    told = true
  })
  expect(await second.get('a')).toEqual({ n: 2 })
  expect(await second.get('b')).toEqual({ bytes: Uint8Array.of(7), big: 2n ** 60n })
  await expect(second.commit()).rejects.toMatchObject({ code: 'store-failed' })
  expect(told).toBe(false)
  const after = createStore(await openKeyValue(disk), vault)
  expect(await after.get('a')).toEqual({ n: 1 })
  expect(await after.get('b')).toBeUndefined()
})

test('migrations run in order, once, and again after a crash in the middle', async () => {
  const disk = new MemoryLevel()
  const kv = await openKeyValue(disk)
  await prepareStore(kv, vault, 1)
  const ran: string[] = []
  let fail = true
  const steps: Migration[] = [
    { from: 1, run: async () => void ran.push('1 to 2') },
    {
      from: 2,
      run: async () => {
        ran.push('2 to 3')
        if (fail) throw new Error('crash')
      }
    }
  ]
  await expect(prepareStore(kv, vault, 3, steps)).rejects.toThrow('crash')
  fail = false
  await prepareStore(kv, vault, 3, steps)
  await prepareStore(kv, vault, 3, steps)
  expect(ran).toEqual(['1 to 2', '2 to 3', '2 to 3'])
  await expect(prepareStore(kv, vault, 5, steps)).rejects.toMatchObject({ code: 'store-corrupt' })
  await expect(prepareStore(kv, vault, 2, steps)).rejects.toMatchObject({ code: 'store-newer' })
})
