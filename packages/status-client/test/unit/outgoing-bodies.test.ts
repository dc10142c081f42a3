import { hexToBytes, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import type { Database } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { openStores } from '../../src/storage/open.ts'
import { createOutgoingBodies } from '../../src/storage/outgoing-bodies.ts'
import type { OutboxRecord } from '../../src/storage/records.ts'
import { metaKeys } from '../../src/storage/stores/schema.ts'
import { encodings, readFixture } from '../support/recorded.ts'
import {
  chatWith,
  connect,
  during,
  identityOf,
  movableClock,
  type Person,
  person,
  storageKey,
  until
} from '../support/world.ts'

const png = (length: number): Uint8Array => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, ...randomBytes(length))

/** Bytes that lie in a database now, by table. */
async function bytesOnDisk(database: Database): Promise<ReadonlyMap<string, number>> {
  const tables = new Map<string, number>()
  for await (const [key, value] of database.iterator<string, Uint8Array>({ valueEncoding: 'view' })) {
    const table = key.split('!')[0] ?? ''
    tables.set(table, (tables.get(table) ?? 0) + value.length)
  }
  return tables
}

const total = (tables: ReadonlyMap<string, number>): number => [...tables.values()].reduce((sum, each) => sum + each, 0)
const onTheirWay = async ({ database }: Person): Promise<number> => {
  const tables = await bytesOnDisk(database)
  return ['parcel', 'body', 'waiting', 'outbox', 'sync-body'].reduce((sum, table) => sum + (tables.get(table) ?? 0), 0)
}

async function friends(alice: Person, others: readonly Person[]): Promise<string> {
  const { id } = await alice.client.createGroup(
    'friends',
    others.map(({ client }) => client.publicKey)
  )
  for (const other of others) {
    await until('invited', async () => (await other.client.chats()).some(({ chat }) => chat.kind === 'group'))
    await other.client.joinGroup(id)
  }
  await until('all are in', async () => {
    const group = (await alice.client.chats()).find(({ chat }) => chat.kind === 'group')?.group
    return group?.members.every(({ joined }) => joined) === true
  })
  return id
}

test('a picture for a group is on the disk once for people and once for sending, however many it is for', async () => {
  const alice = await person('alice')
  const others = [await person('bob'), await person('carol'), await person('dave')]
  await during([alice, ...others], async () => {
    const links = others.map(other => connect(alice, other))
    const id = await friends(alice, others)
    await until('nothing is on its way', async () => (await onTheirWay(alice)) === 0)
    for (const link of links) link.cut()
    await until('offline', () => !alice.client.connected())
    const before = total(await bytesOnDisk(alice.database))
    const image = png(100_000)
    const { messageId } = await alice.client.send({ kind: 'group', id }, { image })
    await until('handed over', async () => !(await bytesOnDisk(alice.database)).has('outbox'))
    const grown = total(await bytesOnDisk(alice.database)) - before
    expect(grown).toBeGreaterThan(2 * image.length)
    expect(grown).toBeLessThan(2.5 * image.length)
    for (const other of others) connect(alice, other)
    await until('acknowledged', async () => (await alice.client.ledger(messageId))?.complete === true)
    await until('and gone', async () => (await onTheirWay(alice)) === 0)
  })
})

test('a message that is cancelled, or whose recipient is blocked, leaves no bytes behind', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice], async () => {
    const first = await alice.client.send(chatWith(bob), { text: 'one' })
    await alice.client.send(chatWith(bob), { text: 'two' })
    await until('handed over', async () => !(await bytesOnDisk(alice.database)).has('outbox'))
    await alice.client.cancel(first.messageId)
    expect((await bytesOnDisk(alice.database)).get('parcel')).toBeGreaterThan(0)
    await alice.client.block(bob.client.publicKey)
    expect(await onTheirWay(alice)).toBe(0)
  })
})

test('what is sent once, such as a reaction, leaves no bytes behind when it has left', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'hello' })
    await until('acknowledged', async () => (await alice.client.ledger(messageId))?.complete === true)
    const reaction = await alice.client.react(messageId, 'love')
    await until('posted', async () => ((await alice.client.ledger(reaction.messageId))?.legs[0]?.attempts ?? 0) > 0)
    await until('and gone', async () => (await onTheirWay(alice)) === 0)
  })
})

test('what an earlier release left in its outbox, bytes and all, is sent, and then gone', async () => {
  const database = new MemoryLevel()
  const alice = await person('alice', { database })
  const bob = await person('bob')
  const stores = await openStores({ database, storageKey }, { bytes: randomBytes }, 1)
  const { store, keys } = stores
  let messageId = ''
  // As schema 3 had it: one record with the bytes inside, and no record of who waits for them.
  await during([alice], async () => {
    ;({ messageId } = await alice.client.send(chatWith(bob), { text: 'from before' }))
    await until('handed over', async () => !(await bytesOnDisk(database)).has('outbox'))
    const bytes = await createOutgoingBodies(store, keys).get(messageId)
    await alice.client.cancel(messageId)
    const unit = store.unit()
    unit.put(`outbox!${keys.index(messageId).slice('index!'.length)}`, {
      messageId,
      chat: chatWith(bob),
      bytes: bytes ?? new Uint8Array(),
      queuedMs: 1,
      via: { kind: 'sync', peers: [bob.client.publicKey] }
    } satisfies OutboxRecord)
    await unit.commit()
    await stores.kv.write([{ type: 'put', key: metaKeys.version, value: utf8Bytes('3') }])
  })
  const again = await person('alice', { database })
  await during([again, bob], async () => {
    connect(again, bob)
    await until('read', () => bob.texts().includes('from before'))
    await until('and gone', async () => (await onTheirWay(again)) === 0)
  })
})

test('releasedAtOnce: bytes of more messages than that are given up in several batches, and all are', async () => {
  const database = new MemoryLevel<string, Uint8Array>()
  const { store, keys } = await openStores({ database, storageKey }, { bytes: randomBytes }, 1)
  const bodies = createOutgoingBodies(store, keys)
  const ids = Array.from({ length: limits.releasedAtOnce + 1 }, (_, at) => `0x${at.toString(16).padStart(64, '0')}`)
  const unit = store.unit()
  for (const id of ids) bodies.stage(unit, id, utf8Bytes('on its way'), [])
  await unit.commit()
  const deleted: number[] = []
  const batch = database.batch.bind(database) as unknown as (operations: readonly { type: string }[]) => Promise<void>
  Object.assign(database, {
    batch: (operations: readonly { type: string }[]) => {
      deleted.push(operations.filter(({ type }) => type === 'del').length)
      return batch(operations)
    }
  })
  await Promise.all(ids.map(id => bodies.release(id)))
  expect(deleted).toHaveLength(2)
  expect(await Promise.all(ids.map(bodies.get))).toEqual(ids.map(() => undefined))
})

interface StoreFixture {
  /** When it was recorded. */
  readonly atMs: number
  readonly entries: Readonly<Record<string, string>>
}

test('what a store of schema 5 has on its way to one person and to two arrives, and is then gone', async () => {
  const { atMs, entries } = readFixture<StoreFixture>('store-schema-5-under-way.json')
  const database = new MemoryLevel<string, Uint8Array>()
  for (const [key, hex] of Object.entries(entries)) await database.put(key, hexToBytes(hex), encodings)
  const before = await bytesOnDisk(database)
  expect([before.get('body'), before.get('waiting')]).toEqual([expect.any(Number), expect.any(Number)])
  const clock = movableClock(atMs + 60_000 - Date.now())
  const alice = await person('alice', { database, clock })
  const [bob, carol] = [await person('bob', { clock }), await person('carol', { clock })]
  await during([alice, bob, carol], async () => {
    connect(alice, bob)
    connect(alice, carol)
    await until('read', () => bob.texts().includes('of schema 5'))
    const inGroup = async ({ client }: Person) => (await client.chats()).some(({ chat }) => chat.kind === 'group')
    await until('both are invited', async () => (await inGroup(bob)) && (await inGroup(carol)))
    await until('and gone', async () => (await onTheirWay(alice)) === 0)
  })
})

test('a message for one person is one record, which that person alone gives up, in this run and in the next', async () => {
  const database = new MemoryLevel<string, Uint8Array>()
  const open = async () => {
    const { store, keys } = await openStores({ database, storageKey }, { bytes: randomBytes }, 1)
    return { store, bodies: createOutgoingBodies(store, keys) }
  }
  const [bob, carol] = [identityOf('bob').publicKey, identityOf('carol').publicKey]
  const [here, later] = [`0x${'1'.repeat(64)}`, `0x${'2'.repeat(64)}`]
  const first = await open()
  const unit = first.store.unit()
  for (const id of [here, later]) first.bodies.stage(unit, id, utf8Bytes(id), [bob])
  await unit.commit()
  const tables = [...(await bytesOnDisk(database)).keys()]
  expect([tables.includes('parcel'), tables.includes('body'), tables.includes('waiting')]).toEqual([true, false, false])
  for (const [{ bodies }, id] of [
    [first, here],
    [await open(), later]
  ] as const) {
    await bodies.release(id, carol)
    expect(await bodies.get(id)).toEqual(utf8Bytes(id))
    await bodies.release(id, bob)
    expect(await bodies.get(id)).toBeUndefined()
  }
  expect((await bytesOnDisk(database)).has('parcel')).toBe(false)
})

test('bodiesKept, bodiesKeptBytes: what is beyond them is read from the disk', async () => {
  const database = new MemoryLevel<string, Uint8Array>()
  const { store, keys } = await openStores({ database, storageKey }, { bytes: randomBytes }, 1)
  const bodies = createOutgoingBodies(store, keys)
  const stage = async (id: string, bytes: Uint8Array): Promise<void> => {
    const unit = store.unit()
    bodies.stage(unit, id, bytes, [identityOf('bob').publicKey])
    await unit.commit()
  }
  const ids = Array.from({ length: limits.bodiesKept + 1 }, (_, at) => `0x${at.toString(16).padStart(64, '0')}`)
  const large = `0x${'f'.repeat(64)}`
  for (const id of ids) await stage(id, utf8Bytes(id))
  await stage(large, new Uint8Array(limits.bodiesKeptBytes + 1))
  const [oldest = '', latest = ''] = [ids[0], ids.at(-1)]
  // What is kept is not read: it is there still when its record is gone without a word.
  const lost = store.unit()
  for (const id of [oldest, latest, large]) lost.delete(keys.parcel(id))
  await lost.commit()
  expect(await Promise.all([oldest, large, latest].map(bodies.get))).toEqual([undefined, undefined, utf8Bytes(latest)])
})
