import { bytesToHex, randomBytes } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { openStores } from '../../src/storage/open.ts'
import { createPrivacyStore } from '../../src/storage/stores/privacy-store.ts'
import { person, storageKey } from '../support/world.ts'

const random = { bytes: randomBytes }

test('the privacy layer has a namespace of its own, whose keys and values are hidden', async () => {
  const database = new MemoryLevel<string, Uint8Array>({ valueEncoding: 'view' })
  const { kv, vault } = await openStores({ database, storageKey }, random, 1)
  const store = createPrivacyStore(kv, vault)
  await store.put('public:secret name', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
  expect(await store.get('public:secret name')).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
  expect(await store.get('public:other')).toBeUndefined()
  for (const [key, value] of await database.iterator().all()) {
    expect(key).not.toContain('secret')
    expect(bytesToHex(new Uint8Array(value))).not.toContain('0102030405060708')
  }
  await store.delete('public:secret name')
  expect(await store.get('public:secret name')).toBeUndefined()
})

test('an entry that is damaged is none: its place is derived again', async () => {
  const database = new MemoryLevel<string, Uint8Array>({ keyEncoding: 'utf8', valueEncoding: 'view' })
  const bob = await person('bob', { database })
  await bob.client.start()
  await bob.client.joinPublic('room')
  await bob.client.stop()
  const entries = (await database.keys().all()).filter(key => key.startsWith('privacy!'))
  expect(entries.length).toBeGreaterThan(0)
  for (const key of entries) await database.put(key, Uint8Array.of(1, 2, 3))
  const again = await person('bob', { database })
  await again.client.start()
  expect(await again.client.places()).toContain('public:room')
  await again.client.stop()
})

test('a chat that is left leaves nothing behind; one that is kept is still there after a restart', async () => {
  const database = new MemoryLevel()
  const entries = async (): Promise<number> =>
    (await database.keys().all()).filter(key => key.startsWith('privacy!')).length
  const bob = await person('bob', { database })
  await bob.client.start()
  const own = await entries()
  await bob.client.joinPublic('kept')
  await bob.client.joinPublic('left')
  expect(await entries()).toBe(own + 2)
  await bob.client.leavePublic('left')
  await bob.client.idle()
  expect(await entries()).toBe(own + 1)
  await bob.client.stop()
  expect(await entries()).toBe(own + 1)
})
