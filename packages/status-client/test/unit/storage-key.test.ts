import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex, hexToBytes, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { ClassicLevel } from 'classic-level'
import { MemoryLevel } from 'memory-level'
import { describe, expect, test } from 'vitest'
import { changeStorageKey, createClient, type Database, importAccount } from '../../src/index.ts'
import { schemaVersion } from '../../src/storage/stores/migrations.ts'
import { createVault } from '../../src/storage/stores/vault.ts'
import { faultyDatabase } from '../../src/testing/index.ts'
import { valuesOnDisk } from '../support/level-files.ts'
import { encodings, entriesOf, readFixture, recordedStore } from '../support/recorded.ts'
import { chatWith, connect, during, identityOf, person, storageKey, until } from '../support/world.ts'

const otherKey = new Uint8Array(32).fill(7)
const thirdKey = new Uint8Array(32).fill(8)

const open = (database: Database, key: Uint8Array) =>
  createClient({ identity: identityOf('alice'), database, storageKey: key }, { lockAccount: false })

const refusesKey = (database: Database, key: Uint8Array) =>
  expect(open(database, key)).rejects.toMatchObject({ code: 'wrong-storage-key', origin: 'caller' })

async function expectRecorded(database: Database, key: Uint8Array): Promise<void> {
  const client = await open(database, key)
  const bob = identityOf('bob').publicKey
  const texts = (await client.messages({ kind: 'one-to-one', publicKey: bob })).map(({ text }) => text)
  expect(texts).toEqual(['answer of schema 1', 'hello of schema 1'])
  expect((await client.contact(bob)).added).toBe(true)
  expect((await client.devicesOf(bob)).length).toBe(1)
  await client.stop()
}

test('a store of schema 1 opens, is brought to the schema of today, and keeps its session', async () => {
  const database = await recordedStore(1)
  await expectRecorded(database, storageKey)
  const entries = await entriesOf(database)
  expect(new TextDecoder().decode(entries.get('!schema'))).toBe(String(schemaVersion))
  // What the privacy layer remembers is in a namespace of its own now; what the client remembered for it is gone.
  expect([...entries.keys()].filter(key => key.startsWith('interest!'))).toEqual([])
  const [alice, bob] = [await person('alice', { database }), await person('bob')]
  await during([alice, bob], async () => {
    connect(alice, bob)
    await bob.client.send(chatWith(alice), { text: 'still there' })
    await until('arrived', () => alice.texts().includes('still there'))
  })
})

test('a backup of format 1 is read, and a new one costs as much to guess as a keystore', async () => {
  const { password, backup } = readFixture<{ password: string; backup: string }>('backup-1.json')
  const database = new MemoryLevel<string, Uint8Array>()
  const deps = { identity: identityOf('alice'), database, storageKey }
  await importAccount(deps, hexToBytes(backup), utf8Bytes(password))
  const client = await open(database, storageKey)
  const bytes = await client.exportAccount(utf8Bytes(password))
  expect(new TextDecoder().decode(bytes.subarray(0, 22))).toBe('status-stack backup 2\n')
  expect((await client.messages({ kind: 'one-to-one', publicKey: identityOf('bob').publicKey })).length).toBe(2)
  // The first line decides what is spent on the key: under the other cost the same bytes do not open.
  bytes.set(utf8Bytes('status-stack backup 1\n'))
  const fresh = { ...deps, database: new MemoryLevel<string, Uint8Array>() }
  await expect(importAccount(fresh, bytes, password)).rejects.toMatchObject({ code: 'backup-invalid' })
  bytes.set(utf8Bytes('status-stack backup 2\n'))
  await importAccount(fresh, bytes, password)
  await client.stop()
})

test('a backup without a password is refused, whatever stands in its place', async () => {
  const alice = await person('alice')
  const deps = { identity: identityOf('alice'), database: new MemoryLevel(), storageKey }
  for (const password of [undefined, null, '', new Uint8Array(), 5, {}] as never[]) {
    await expect(alice.client.exportAccount(password)).rejects.toMatchObject({
      code: 'invalid-argument',
      origin: 'caller'
    })
    await expect(importAccount(deps, new Uint8Array(100), password)).rejects.toMatchObject({ code: 'invalid-argument' })
  }
  await expect(importAccount(deps, 'text' as never, 'password')).rejects.toMatchObject({ code: 'invalid-argument' })
  await alice.client.stop()
})

test('a backup that a text opened as NFKC opens with the bytes of that text, and bytes that are no text are a password', async () => {
  const alice = await person('alice')
  const deps = () => ({ identity: identityOf('alice'), database: new MemoryLevel<string, Uint8Array>(), storageKey })
  const ligature = 'o\ufb03ce'
  const backup = await alice.client.exportAccount(ligature)
  await importAccount(deps(), backup, utf8Bytes(ligature))
  const bytes = Uint8Array.of(0xff, 0xfe, 0x41)
  const binary = await alice.client.exportAccount(bytes)
  await importAccount(deps(), binary, bytes)
  await expect(importAccount(deps(), binary, Uint8Array.of(0xfd, 0xfe, 0x41))).rejects.toMatchObject({
    code: 'backup-invalid'
  })
  await alice.client.stop()
})

describe('the proof of the key', () => {
  const lost: Readonly<Record<string, readonly string[]>> = {
    'the schema version': ['!schema'],
    'the proof': ['!proof'],
    both: ['!schema', '!proof']
  }
  for (const [what, keys] of Object.entries(lost)) {
    test(`is not overwritten by another key when ${what} is missing, and the right key opens the store again`, async () => {
      const database = await recordedStore(1)
      for (const key of keys) await database.del(key, encodings)
      const before = await entriesOf(database)
      await refusesKey(database, otherKey)
      expect(await entriesOf(database)).toEqual(before)
      await expect(changeStorageKey({ database, from: otherKey, to: thirdKey })).rejects.toMatchObject({
        code: 'wrong-storage-key'
      })
      expect(await entriesOf(database)).toEqual(before)
      await expectRecorded(database, storageKey)
      await refusesKey(database, otherKey)
    })
  }

  test('is written by the right key also when a record is damaged', async () => {
    const database = await recordedStore(1)
    await database.del('!proof', encodings)
    const [first = ''] = [...(await entriesOf(database)).keys()].filter(key => !key.startsWith('!'))
    await database.put(first, new Uint8Array(40), encodings)
    await refusesKey(database, otherKey)
    const values = await entriesOf(database)
    await open(database, storageKey).catch(() => undefined)
    expect((await entriesOf(database)).has('!proof')).toBe(true)
    expect(values.has('!proof')).toBe(false)
  })
})

describe('changeStorageKey', () => {
  test('everything opens with the new key, nothing with the old one, and sessions and names go on', async () => {
    const database = await recordedStore(1)
    await changeStorageKey({ database, from: storageKey, to: otherKey })
    await refusesKey(database, storageKey)
    await expectRecorded(database, otherKey)
    const old = createVault(storageKey, { bytes: randomBytes })
    for (const [key, value] of await entriesOf(database)) expect(() => old.open(key, value), key).toThrow()
    // A second change keeps the names that the first key gave.
    await changeStorageKey({ database, from: otherKey, to: thirdKey })
    await refusesKey(database, otherKey)
    await expectRecorded(database, thirdKey)
  })

  test('a crash before or after any write loses nothing, and the same call finishes the change', async () => {
    const vault = createVault(storageKey, { bytes: randomBytes })
    const full = await entriesOf(await recordedStore(1))
    for (let index = 0; index < 450; index += 1) {
      const key = `tag!${index}`
      full.set(key, vault.seal(key, utf8Bytes('{}')))
    }
    const copyOf = async (entries: ReadonlyMap<string, Uint8Array>) => {
      const database = new MemoryLevel<string, Uint8Array>()
      for (const [key, value] of entries) await database.put(key, value, encodings)
      return database
    }
    const whole = faultyDatabase(await copyOf(full), { failAt: 0 })
    await changeStorageKey({ database: whole.database, from: storageKey, to: otherKey })
    expect(whole.writes()).toBeGreaterThanOrEqual(4)
    for (const mode of ['before', 'after'] as const) {
      for (let failAt = 1; failAt <= whole.writes(); failAt += 1) {
        const disk = await copyOf(full)
        const { database } = faultyDatabase(disk, { failAt, mode })
        await expect(changeStorageKey({ database, from: storageKey, to: otherKey })).rejects.toMatchObject({
          code: 'store-failed'
        })
        const left = await entriesOf(disk)
        if (left.has('!rekey')) {
          // Neither key may write into a store of two keys, and a third one may not join them.
          for (const key of [storageKey, otherKey, thirdKey]) await refusesKey(disk, key)
          await expect(changeStorageKey({ database: disk, from: storageKey, to: thirdKey })).rejects.toMatchObject({
            code: 'wrong-storage-key'
          })
          expect(await entriesOf(disk)).toEqual(left)
        }
        await changeStorageKey({ database: disk, from: storageKey, to: otherKey })
        expect((await entriesOf(disk)).size).toBe(full.size + 1)
        const next = createVault(otherKey, { bytes: randomBytes })
        for (const [key, value] of await entriesOf(disk)) if (key !== '!schema') next.open(key, value)
        await expectRecorded(disk, otherKey)
      }
    }
  })

  test('a damaged record stays as it is and keeps nothing else from being changed', async () => {
    const database = await recordedStore(1)
    const [first = ''] = [...(await entriesOf(database)).keys()].filter(key => key.startsWith('receipt!'))
    await database.put(first, new Uint8Array(40).fill(1), encodings)
    await changeStorageKey({ database, from: storageKey, to: otherKey })
    await expectRecorded(database, otherKey)
    expect(bytesToHex((await entriesOf(database)).get(first) ?? new Uint8Array())).toBe('01'.repeat(40))
  })

  test('a new store stays new, a changed one is left alone, and wrong arguments are refused', async () => {
    const database = new MemoryLevel<string, Uint8Array>()
    await changeStorageKey({ database, from: storageKey, to: otherKey })
    expect(await entriesOf(database)).toEqual(new Map())
    await (await open(database, otherKey)).stop()
    const before = await entriesOf(database)
    await changeStorageKey({ database, from: storageKey, to: otherKey })
    expect(await entriesOf(database)).toEqual(before)
    for (const wrong of [{ from: 'x' }, { to: new Uint8Array(31) }, { database: undefined }]) {
      const input = { database, from: storageKey, to: otherKey, ...wrong } as never
      await expect(changeStorageKey(input)).rejects.toMatchObject({ code: 'invalid-argument', origin: 'caller' })
    }
    await database.put('!schema', utf8Bytes('99'), encodings)
    await expect(changeStorageKey({ database, from: storageKey, to: otherKey })).rejects.toMatchObject({
      code: 'store-newer'
    })
  })

  test('nothing in the files opens with the old key afterwards', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'status-client-key-'))
    try {
      const database = new ClassicLevel<string, Uint8Array>(folder, encodings)
      await recordedStore(1, database)
      const old = createVault(storageKey, { bytes: randomBytes })
      const opens = (): string[] =>
        valuesOnDisk(folder).flatMap(({ key, value }) => {
          try {
            return bytesToHex(old.open(key, value)) === '' ? [] : [key]
          } catch {
            return []
          }
        })
      expect(opens().length).toBeGreaterThan(20)
      await changeStorageKey({ database, from: storageKey, to: otherKey })
      expect(opens()).toEqual([])
      await expectRecorded(database, otherKey)
      await database.close()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
