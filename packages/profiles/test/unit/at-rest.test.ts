import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, open, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexToBytes } from '@status-stack/crypto'
import { createClient } from '@status-stack/status-client'
import { processMark } from '@status-stack/utils/process'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changePassword, createAccount, openAccount } from '../../src/account.ts'
import { openDatabase } from '../../src/database.ts'
import { eraseFile, makeFolder, replaceFile } from '../../src/files/private.ts'
import { closeProfile, type Profile, profileIn } from '../../src/folder/profile.ts'
import { readAccount, writeAccount } from '../../src/folder/record.ts'
import { settleStorageKey } from '../../src/storage-key.ts'

interface ProfileFixture {
  readonly password: string
  readonly account: unknown
  readonly entries: Readonly<Record<string, string>>
}
const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/profile-1.json', import.meta.url), 'utf8')
) as ProfileFixture
const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
const privateKey = () => new Uint8Array(32).fill(0x11)

let dataDir: string
let profile: Profile
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'status-stack-rest-'))
  profile = profileIn(dataDir, 'default')
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** Marks of processes: one that had our id before us, and one in another container. */
const ended = (): string => processMark().replace(/-\d+-/, '-1-')
let containers = 0
const elsewhere = (): string =>
  processMark().replace(/-([0-9a-f]{8})[0-9a-f]{8}/, `-$1${String(++containers).padStart(8, '0')}`)
const draftOf = (writer: string): string => `${profile.accountFile}.${writer}.new`

const modeOf = (path: string): number => statSync(path).mode & 0o777

/** A profile as a release with account files of version 1 wrote it: it has joined one chat. */
async function recorded(): Promise<string> {
  await mkdir(profile.folder, { recursive: true })
  await writeFile(profile.accountFile, JSON.stringify(fixture.account))
  const database = new ClassicLevel<string, Uint8Array>(profile.databaseFolder, encodings)
  for (const [key, hex] of Object.entries(fixture.entries)) await database.put(key, hexToBytes(hex))
  await database.close()
  return fixture.password
}

/** The chats of the profile, as somebody with this password sees them. */
async function chats(password: string): Promise<readonly string[]> {
  const account = await openAccount(profile, password)
  const database = await openDatabase(profile)
  try {
    const storageKey = await settleStorageKey(profile, database, account.storage)
    const client = await createClient({ identity: account.identity, database, storageKey }, { lockAccount: false })
    const found = (await client.chats()).map(({ id }) => id)
    await client.stop()
    return found
  } finally {
    await database.close()
  }
}

async function change(from: string, to: string): Promise<void> {
  const database = await openDatabase(profile)
  await changePassword(profile, database, { from, to }, { lightKdf: true }).finally(() => database.close())
}

describe('the storage key', () => {
  test('a profile of version 1 opens with its password and has a random storage key afterwards', async () => {
    const password = await recorded()
    const { storage } = await openAccount(profile, password)
    expect(await chats(password)).toEqual(['status'])
    const file = await readAccount(profile)
    expect(file.storage).toMatch(/^[0-9a-f]{120}$/)
    expect(file.formerStorage).toBeUndefined()
    // What the private key alone led to opens the database no more.
    const database = await openDatabase(profile)
    const { identity } = await openAccount(profile, password)
    await expect(
      createClient({ identity, database, storageKey: storage.derivedKey }, { lockAccount: false })
    ).rejects.toMatchObject({ code: 'wrong-storage-key' })
    await database.close()
    expect(await chats(password)).toEqual(['status'])
  })

  for (const migrated of [true, false]) {
    test(`an account file from before a change of the password opens nothing with the old one, ${migrated ? 'of version 2' : 'of version 1'}`, async () => {
      const password = await recorded()
      if (migrated) await chats(password)
      const old = readFileSync(profile.accountFile)
      await change(password, 'another')
      expect(await chats('another')).toEqual(['status'])
      await expect(chats(password)).rejects.toMatchObject({ code: 'wrong-password' })
      const current = readFileSync(profile.accountFile)
      await writeFile(profile.accountFile, old)
      await expect(chats(password)).rejects.toMatchObject({ code: 'wrong-storage-key' })
      // And that attempt took nothing from who has the new one.
      await writeFile(profile.accountFile, current)
      expect(await chats('another')).toEqual(['status'])
    })
  }

  test('a change of the password that was interrupted left the old one in force, and the next start finishes its part', async () => {
    const password = await recorded()
    await chats(password)
    const before = await readAccount(profile)
    const database = await openDatabase(profile)
    const interrupted = new Proxy(database, {
      get: (target, name) => {
        if (name === 'batch') return () => Promise.reject(new Error('the process ended here'))
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      }
    })
    await expect(
      changePassword(profile, interrupted, { from: password, to: 'another' }, { lightKdf: true })
    ).rejects.toMatchObject({
      code: 'store-failed'
    })
    await database.close()
    // The file names both keys, the database knows the old one only.
    const between = await readAccount(profile)
    expect(between.storage).not.toBe(before.storage)
    expect(between.formerStorage).toBeDefined()
    await expect(chats('another')).rejects.toMatchObject({ code: 'wrong-password' })
    expect(await chats(password)).toEqual(['status'])
    expect((await readAccount(profile)).formerStorage).toBeUndefined()
    // The database has the new key, the file still names both.
    await writeAccount(profile, between)
    expect(await chats(password)).toEqual(['status'])
    expect((await readAccount(profile)).formerStorage).toBeUndefined()
    await change(password, 'another')
    expect(await chats('another')).toEqual(['status'])
  })

  test('two profiles of one identity and password have nothing in common', async () => {
    await createAccount(profile, { privateKey: privateKey() }, 'secret', { lightKdf: true })
    const other = profileIn(dataDir, 'other')
    await createAccount(other, { privateKey: privateKey() }, 'secret', { lightKdf: true })
    const [mine, theirs] = [await openAccount(profile, 'secret'), await openAccount(other, 'secret')]
    expect(mine.storage).not.toEqual(theirs.storage)
    await writeAccount(profile, {
      ...(await readAccount(profile)),
      storage: (await readAccount(other)).storage
    })
    await expect(chats('secret')).rejects.toMatchObject({ code: 'wrong-password' })
  })
})

describe('files', () => {
  test('the database, its folder and the account file are their owner’s alone, and stay so', async () => {
    const password = await recorded()
    await chmod(profile.databaseFolder, 0o755)
    for (const name of readdirSync(profile.databaseFolder)) await chmod(join(profile.databaseFolder, name), 0o644)
    await chats(password)
    expect(modeOf(profile.databaseFolder)).toBe(0o700)
    for (const name of readdirSync(profile.databaseFolder))
      expect(modeOf(join(profile.databaseFolder, name)), name).toBe(0o600)
    expect(modeOf(profile.accountFile)).toBe(0o600)
  })

  test('a profile folder that others can enter is closed, and that it was open is said once', async () => {
    await recorded()
    await chmod(profile.folder, 0o755)
    await chmod(profile.accountFile, 0o644)
    expect(await closeProfile(profile)).toBe(true)
    expect(modeOf(profile.folder)).toBe(0o700)
    expect(modeOf(profile.accountFile)).toBe(0o600)
    expect(await closeProfile(profile)).toBe(false)
    expect(await closeProfile(profileIn(dataDir, 'absent'))).toBe(false)
    expect(existsSync(join(dataDir, 'absent'))).toBe(false)
  })

  test('what an account file held before a change is overwritten where it lay, unless it has another name', async () => {
    const password = await recorded()
    const held = await open(profile.accountFile, 'r')
    const old = readFileSync(profile.accountFile, 'utf8')
    await change(password, 'another')
    // The handle still leads to the file that lost its name: what an undelete would find.
    const left = await held.readFile('utf8')
    expect(left.length).toBeGreaterThanOrEqual(old.length)
    expect(left).toMatch(/^\0+$/)
    await held.close()
    const copy = join(dataDir, 'copy.json')
    linkSync(profile.accountFile, copy)
    const kept = readFileSync(copy, 'utf8')
    await change('another', 'a third')
    expect(readFileSync(copy, 'utf8')).toBe(kept)
  })

  test('a file that is erased is overwritten where it lay, and its drafts with it', async () => {
    await recorded()
    const held = await open(profile.accountFile, 'r')
    const draft = draftOf(ended())
    writeFileSync(draft, 'sealed under an older password')
    await eraseFile(profile.accountFile)
    expect(await held.readFile('utf8')).toMatch(/^\0+$/)
    await held.close()
    expect([existsSync(profile.accountFile), existsSync(draft)]).toEqual([false, false])
    await eraseFile(profile.accountFile)
  })

  test('drafts that an ended process left are removed, those of a running one are not', async () => {
    const password = await recorded()
    const drafts = [ended(), processMark(process.ppid), elsewhere(), elsewhere(), String(process.pid)].map(draftOf)
    for (const path of drafts) writeFileSync(path, 'sealed under an older password')
    const held = await Promise.all(drafts.map(path => open(path, 'r')))
    const longAgo = new Date(Date.now() - 31 * 86_400_000)
    await utimes(drafts[3] ?? '', longAgo, longAgo)
    await change(password, 'another')
    // An id alone says nothing: it may be that of a process in another container.
    expect(drafts.map(existsSync)).toEqual([false, true, true, false, true])
    for (const at of [0, 3]) expect(await held[at]?.readFile('utf8')).toMatch(/^\0+$/)
    await Promise.all(held.map(file => file.close()))
  })

  test('a draft that somebody takes away is written again', async () => {
    const target = join(dataDir, 'target')
    writeFileSync(target, 'old')
    const text = 'x'.repeat(2 ** 24)
    let done = false
    const writing = replaceFile(target, text).finally(() => {
      done = true
    })
    let taken: string | undefined
    while (taken === undefined && !done) {
      taken = readdirSync(dataDir).find(name => name.endsWith('.new'))
      if (taken !== undefined) rmSync(join(dataDir, taken))
      else await new Promise(setImmediate)
    }
    await writing
    expect(taken).toBeDefined()
    expect(readFileSync(target, 'utf8')).toBe(text)
    expect(readdirSync(dataDir)).toEqual(['target'])
  })

  test('two that write one file at once leave one of both, whole', async () => {
    const target = join(dataDir, 'target')
    const texts = ['a'.repeat(2 ** 20), 'b'.repeat(2 ** 20), 'c']
    await Promise.all(texts.map(text => replaceFile(target, text)))
    expect(texts).toContain(readFileSync(target, 'utf8'))
    expect(readdirSync(dataDir)).toEqual(['target'])
  })
})

test('a folder is made with those above it, once, for its owner alone; where something else is, it is refused', async () => {
  const folder = join(dataDir, 'one', 'two')
  await makeFolder(folder)
  await makeFolder(folder)
  expect([folder, join(dataDir, 'one')].map(path => statSync(path).mode & 0o777)).toEqual([0o700, 0o700])
  writeFileSync(join(dataDir, 'file'), '')
  await expect(makeFolder(join(dataDir, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeFolder(join(dataDir, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

// There, `mkdir` of Node never ends.
test.runIf(existsSync('/proc/self'))('a file system that takes no folders refuses one at once', async () => {
  await expect(makeFolder('/proc/status-stack/below')).rejects.toMatchObject({ code: 'ENOENT' })
})
