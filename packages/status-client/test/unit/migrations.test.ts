import { hexToBytes, randomBytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { changeStorageKey, type Database } from '../../src/index.ts'
import { openStores } from '../../src/storage/open.ts'
import type { HistoryRecord, OutboxRecord } from '../../src/storage/records.ts'
import { migrations } from '../../src/storage/stores/migrations.ts'
import { decodeRecord } from '../../src/storage/stores/record.ts'
import { metaKeys } from '../../src/storage/stores/schema.ts'
import { faultyDatabase } from '../../src/testing/index.ts'
import { encodings, entriesOf, recordedStore } from '../support/recorded.ts'
import { connect, during, person, storageKey, until } from '../support/world.ts'

const random = { bytes: randomBytes }
const room = { kind: 'public', name: 'status' } as const

/** What the tables say that name public chats, and whether each record lies where it is looked for. */
async function publicChatsIn(database: Database, key = storageKey) {
  const { kv, vault, keys } = await openStores({ database, storageKey: key }, random, 1)
  const audiences: string[] = []
  const places: string[] = []
  for await (const [name, sealed] of kv.range({ gte: 'outbox!', lt: 'outbox!~' })) {
    const record = decodeRecord<OutboxRecord>(vault.open(name, sealed))
    expect(name).toBe(keys.outbox(record))
    if (record.via.kind === 'once') audiences.push(...record.via.audiences.map(({ kind }) => kind))
  }
  for await (const [name, sealed] of kv.range({ gte: 'history!', lt: 'history!~' })) {
    const record = decodeRecord<HistoryRecord>(vault.open(name, sealed))
    expect(name).toBe(keys.history(record.place))
    places.push(record.place.replace(/0x.*/, '…'))
  }
  return { audiences, places: places.sort() }
}

const renamed = { audiences: ['public'], places: ['contact-code:…', 'identity', 'public:status'] }

test('a store of schema 5 opens: its public chats are `public` in every table, what was on its way goes, and what was fetched is still known', async () => {
  const database = await recordedStore(5)
  expect(await publicChatsIn(database)).toEqual(renamed)
  const [alice, bob] = [await person('alice', { database }), await person('bob')]
  await during([alice, bob], async () => {
    await bob.client.joinPublic(room.name)
    connect(alice, bob)
    await until('what was queued has arrived', () => bob.texts().includes('queued by schema 5'))
    await alice.client.send(room, { text: 'of today' })
    await until('arrived', () => bob.texts().includes('of today'))
  })
  const texts = (await alice.client.messages(room)).map(({ text }) => text)
  expect(texts).toEqual(['of today', 'queued by schema 5', 'sent by schema 5'])
})

test('a migration that a crash cut short before or after any write is finished by the next start', async () => {
  const whole = faultyDatabase(await recordedStore(5), { failAt: 0 })
  await openStores({ database: whole.database, storageKey }, random, 1)
  // Two tables, a version after each step, and that what earlier releases left behind was swept.
  expect(whole.writes()).toBe(5)
  for (const mode of ['before', 'after'] as const) {
    for (let failAt = 1; failAt <= whole.writes(); failAt += 1) {
      const disk = await recordedStore(5)
      const { database } = faultyDatabase(disk, { failAt, mode })
      await expect(openStores({ database, storageKey }, random, 1)).rejects.toMatchObject({ code: 'store-failed' })
      expect(await publicChatsIn(disk)).toEqual(renamed)
    }
  }
})

test('a store whose key was changed before it was opened is migrated too, under the names of its first key', async () => {
  const database = await recordedStore(5)
  const other = hexToBytes('77'.repeat(32))
  await changeStorageKey({ database, from: storageKey, to: other })
  expect(await publicChatsIn(database, other)).toEqual(renamed)
})

test('a record that is damaged keeps no store from being migrated', async () => {
  const database = await recordedStore(5)
  const [damaged = ''] = [...(await entriesOf(database)).keys()].filter(key => key.startsWith('history!'))
  await database.put(damaged, new Uint8Array(40).fill(1), encodings)
  await openStores({ database, storageKey }, random, 1)
  const version = (await entriesOf(database)).get(metaKeys.version)
  expect(new TextDecoder().decode(version)).toBe(String((migrations.at(-1)?.from ?? 0) + 1))
})
