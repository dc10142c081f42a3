import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { ClassicLevel } from 'classic-level'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, limits } from '../../src/index.ts'
import { expireEveryMs } from '../../src/maintenance/key-expiry.ts'
import { createEraser } from '../../src/storage/stores/eraser.ts'
import { openKeyValue } from '../../src/storage/stores/key-value.ts'
import { createVault } from '../../src/storage/stores/vault.ts'
import { filesWith, valuesOnDisk } from '../support/level-files.ts'
import { chatWith, connect, during, movableClock, type Person, person, storageKey, until } from '../support/world.ts'

const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
const vault = createVault(storageKey, { bytes: randomBytes })
let base: string
let count = 0

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'status-client-rest-'))
})
afterAll(() => rm(base, { recursive: true }))

async function disk() {
  count += 1
  const folder = join(base, String(count))
  const database = new ClassicLevel<string, Uint8Array>(folder, encodings)
  await database.open()
  return { folder, database }
}

/** What somebody reads who has the files and the storage key: all that opens, by table. */
function opened(folder: string): { readonly table: string; readonly key: string; readonly plain: Uint8Array }[] {
  return valuesOnDisk(folder).flatMap(({ key, value }) => {
    try {
      return [{ table: key.split('!')[0] ?? '', key, plain: vault.open(key, value) }]
    } catch {
      return []
    }
  })
}

const inTable = (folder: string, table: string) => opened(folder).filter(found => found.table === table)
const textsOf = (folder: string): string[] =>
  inTable(folder, 'message').map(({ plain }) => new TextDecoder().decode(plain))

/** Values in the files that the database does not answer any more. */
async function staleIn(folder: string, database: Database): Promise<Set<string>> {
  const stale = new Set<string>()
  for (const { key, value } of valuesOnDisk(folder)) {
    const live = await database.get<string, Uint8Array | undefined>(key, encodings)
    if (live === undefined || bytesToHex(live) !== bytesToHex(value)) stale.add(`${key} ${bytesToHex(value)}`)
  }
  return stale
}

/** Which of these the files still hold. */
const stillIn = (folder: string, stale: ReadonlySet<string>): string[] =>
  valuesOnDisk(folder)
    .map(({ key, value }) => `${key} ${bytesToHex(value)}`)
    .filter(found => stale.has(found))

/** As many entries as there are keys: no old version beside a live one. */
function expectLiveOnly(folder: string, table: string): void {
  const keys = inTable(folder, table).map(({ key }) => key)
  expect(keys.length).toBeGreaterThan(0)
  expect(keys.length).toBe(new Set(keys).size)
}

async function conversation(alice: Person, bob: Person, rounds: number): Promise<void> {
  connect(alice, bob)
  for (let round = 0; round < rounds; round += 1) {
    await alice.client.send(chatWith(bob), { text: `from alice ${round}` })
    await until('bob has it', () => bob.texts().length > round)
    await bob.client.send(chatWith(alice), { text: `from bob ${round}` })
    await until('alice has it', () => alice.texts().length > round)
  }
  await until('all is confirmed', () => [alice, bob].every(({ events }) => confirmed(events.delivery) >= rounds))
  await alice.client.idle()
  await bob.client.idle()
}

const confirmed = (events: Person['events']['delivery']): number =>
  new Set(events.filter(({ state }) => state === 'acknowledged').map(({ messageId }) => messageId)).size

test('no old session record and no cleared message can be read back from the files after clearing', async () => {
  const { folder, database } = await disk()
  const [alice, bob] = [await person('alice'), await person('bob', { database })]
  await during([alice, bob], async () => {
    await conversation(alice, bob, 3)
    // What was wrong: every state that the ratchet had is there, and opens what was recorded on the network.
    const stale = await staleIn(folder, database)
    expect([...stale].filter(found => found.startsWith('session!')).length).toBeGreaterThan(5)
    expect(textsOf(folder).join()).toContain('from alice 2')
    await bob.client.clearChat(chatWith(alice))
    expect(stillIn(folder, stale)).toEqual([])
    expect(textsOf(folder)).toEqual([])
    for (const { table, plain } of opened(folder)) {
      expect(new TextDecoder('latin1').decode(plain), table).not.toMatch(/from (alice|bob)/)
    }
    expect(await bob.client.messages(chatWith(alice))).toEqual([])
    await conversation(alice, bob, 1)
    expect((await bob.client.messages(chatWith(alice))).length).toBeGreaterThan(0)
  })
  await database.close()
})

test('after stopping only the last session records are in the files, and the next run goes on with them', async () => {
  const { folder, database } = await disk()
  const alice = await person('alice')
  let bob = await person('bob', { database })
  await alice.client.start()
  await bob.client.start()
  await conversation(alice, bob, 2)
  expect((await staleIn(folder, database)).size).toBeGreaterThan(5)
  await bob.client.stop()
  expectLiveOnly(folder, 'session')
  bob = await person('bob', { database })
  await bob.client.start()
  await conversation(alice, bob, 1)
  await bob.client.stop()
  await alice.client.stop()
  await database.close()
})

test('while it runs old session records stay for ten minutes at most, and other deleted values for a day', async () => {
  const { folder, database } = await disk()
  const clock = movableClock()
  const alice = await person('alice', { clock })
  const bob = await person('bob', { database, clock, timers: false })
  await during([alice, bob], async () => {
    connect(alice, bob)
    const ids = []
    for (const text of ['one', 'two']) ids.push((await bob.client.send(chatWith(alice), { text })).messageId)
    await until('alice has both', async () => {
      await bob.client.tick()
      return alice.texts().length === 2
    })
    await bob.client.deleteMessage(ids[0] ?? '')
    await bob.client.idle()
    clock.forward(limits.sessionsKeptMs - 60_000)
    await bob.client.tick()
    await bob.client.idle()
    const stale = await staleIn(folder, database)
    const sessions = new Set([...stale].filter(found => found.startsWith('session!')))
    expect(sessions.size).toBeGreaterThan(0)
    clock.forward(60_000)
    await bob.client.tick()
    await bob.client.idle()
    expect(stillIn(folder, sessions)).toEqual([])
    clock.forward(expireEveryMs)
    await bob.client.tick()
    await bob.client.idle()
    expect(textsOf(folder).join()).not.toContain('"one"')
    expect(textsOf(folder).join()).toContain('"two"')
    expect(stillIn(folder, stale)).toEqual([])
  })
  await database.close()
})

test('nothing of a wiped account can be read back from the files', async () => {
  const { folder, database } = await disk()
  const [alice, bob] = [await person('alice'), await person('bob', { database })]
  await alice.client.start()
  await bob.client.start()
  await conversation(alice, bob, 3)
  const before = valuesOnDisk(folder)
  expect(opened(folder).length).toBeGreaterThan(30)
  await bob.client.wipe()
  await alice.client.stop()
  expect(opened(folder).map(({ key }) => key)).toEqual([])
  expect(valuesOnDisk(folder).length).toBe(0)
  for (const { value } of before.filter(found => found.value.length > 24))
    expect(filesWith(folder, value.subarray(-24))).toBe(0)
  await database.close()
})

/** A database whose files hold old values; the clock of its eraser is moved by hand. */
async function overwritten(writes: number) {
  const { folder, database } = await disk()
  let now = 1_600_000_000_000
  const eraser = createEraser(await openKeyValue(database), { nowMs: () => now })
  const write = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      const key = `session!${time % 5}`
      await eraser.kv.write([{ type: 'put', key, value: vault.seal(key, utf8Bytes(`state ${time}`)) }])
    }
  }
  await write(writes)
  return {
    folder,
    database,
    eraser,
    write,
    forward: (ms: number) => {
      now += ms
    }
  }
}

test('BOUNDED: many writes to session records are erased before their time, and a clock set back does not put it off', async () => {
  const { database, eraser, write, forward } = await overwritten(limits.sessionWritesKept - 1)
  expect(eraser.isDue()).toBe(false)
  await write(1)
  expect(eraser.isDue()).toBe(true)
  await eraser.sessions()
  expect(eraser.isDue()).toBe(false)
  await write(1)
  expect(eraser.isDue()).toBe(false)
  forward(-1)
  expect(eraser.isDue()).toBe(true)
  await database.close()
})

test('what a run that was killed has left behind is erased ten minutes after the next start', async () => {
  const { folder, database } = await overwritten(50)
  let now = 1_700_000_000_000
  const next = createEraser(await openKeyValue(database), { nowMs: () => now })
  // A short run leaves it: it wrote nothing.
  await next.sessions()
  expect(inTable(folder, 'session').length).toBe(50)
  now += limits.sessionsKeptMs - 1
  await next.tick()
  expect(inTable(folder, 'session').length).toBe(50)
  now += 1
  await next.tick()
  expectLiveOnly(folder, 'session')
  expect(next.isDue()).toBe(false)
  await database.close()
})

test('values that a read still holds are erased once it has ended', async () => {
  const { folder, database, eraser } = await overwritten(50)
  const read = eraser.kv.range({ gte: 'session!', lt: 'session!~' })[Symbol.asyncIterator]()
  await read.next()
  await eraser.kv.write([{ type: 'del', key: 'session!4' }])
  await eraser.everything()
  // The read may still come to it.
  expect(inTable(folder, 'session').length).toBeGreaterThan(4)
  await read.return?.()
  await eraser.sessions()
  expect(inTable(folder, 'session').map(({ key }) => key)).toEqual(['session!0', 'session!1', 'session!2', 'session!3'])
  await database.close()
})

test('erasing reaches what older compactions have put into the lowest tables', async () => {
  const { folder, database, eraser, write } = await overwritten(20)
  for (let round = 0; round < 4; round += 1) {
    await database.compactRange(' ', '~~')
    await write(20)
    await database.compactRange('session!', 'session!~')
  }
  await eraser.kv.write([{ type: 'del', key: 'session!0' }])
  await eraser.sessions()
  expect(inTable(folder, 'session').map(({ key }) => key)).toEqual(['session!1', 'session!2', 'session!3', 'session!4'])
  await database.close()
})
