import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generatePrivateKey } from '@status-stack/crypto'
import { createClient } from '@status-stack/status-client'
import { processMark } from '@status-stack/utils/process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAccount, newSecrets, openAccount, recoveryPhrase, secretsOfPhrase } from '../../src/account.ts'
import { backupKeystore, formatBackup, openBackup, parseBackup, restoreProfile } from '../../src/backup.ts'
import { assertFree, openDatabase } from '../../src/database.ts'
import { readRegularFile, readTextFile } from '../../src/files/read.ts'
import { isOwnSocket, readHolder, removeHolder, writeHolder } from '../../src/folder/holder.ts'
import { peerFile } from '../../src/folder/peers.ts'
import { allProfiles, assertNoProfile, type Profile, profileAt, profileIn } from '../../src/folder/profile.ts'
import { readAccount } from '../../src/folder/record.ts'
import { limits } from '../../src/limits.ts'
import { eraseAccount, removeDatabase, renameProfile } from '../../src/move.ts'
import { createNodeKey, openNodeKey } from '../../src/node-key.ts'
import { settleStorageKey } from '../../src/storage-key.ts'

const light = { lightKdf: true } as const

let folder: string
let profile: Profile
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'status-stack-profiles-'))
  profile = profileIn(folder, 'default')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const make = (one = profile) => createAccount(one, { privateKey: generatePrivateKey() }, 'secret', light)
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** A FIFO that nobody writes to, a device without an end, a folder, a sparse file of 1 GB, and nothing. */
function hostilePaths(): readonly (readonly [path: string, code: string])[] {
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  const large = put('large', '')
  truncateSync(large, 1 << 30)
  mkdirSync(join(folder, 'folder'))
  return [
    ['/dev/zero', 'not-a-file'],
    ['/dev/urandom', 'not-a-file'],
    [fifo, 'not-a-file'],
    [join(folder, 'folder'), 'not-a-file'],
    [large, 'too-long'],
    [join(folder, 'nowhere'), 'unreadable']
  ]
}

describe('a file that is read', () => {
  test('is regular, and within its bound', async () => {
    expect(await readRegularFile(put('ten', '0123456789'), 10)).toHaveLength(10)
    await expect(readRegularFile(put('eleven', '01234567890'), 10)).rejects.toMatchObject({ code: 'too-long' })
    for (const [path, code] of hostilePaths())
      await expect(readRegularFile(path, 10), path).rejects.toMatchObject({ name: 'ProfileError', code })
  })

  test('may be a descriptor that the shell handed over, which is bounded too, and nothing for /dev/null', async () => {
    expect(await readRegularFile('/dev/null', 10)).toHaveLength(0)
    const zero = `/dev/fd/${openSync('/dev/zero', 'r')}`
    await expect(readRegularFile(zero, 10)).rejects.toMatchObject({ code: 'too-long' })
  })

  test('is UTF-8 where it is text; a byte order mark is no part of it', async () => {
    expect(await readTextFile(put('marked', '\ufeffa\u0301'), 10)).toBe('a\u0301')
    await expect(readTextFile(put('latin1', Uint8Array.of(0x63, 0xe9)), 10)).rejects.toMatchObject({ code: 'not-text' })
  })
})

describe('profiles', () => {
  test('have names that are names of folders everywhere', () => {
    expect(profileIn(folder, 'work-2.old').folder).toBe(join(folder, 'work-2.old'))
    for (const name of ['', '.', '..', '.hidden', 'a/b', 'a\\b', 'ü', 'x'.repeat(65)])
      expect(() => profileIn(folder, name), name).toThrow(expect.objectContaining({ code: 'profile-name' }))
  })

  test('are found by what is in their folders, in the order of their names', async () => {
    expect(await allProfiles(join(folder, 'nowhere'))).toEqual([])
    await make(profileIn(folder, 'work'))
    await make()
    await createNodeKey(profileIn(folder, 'relay'), 'secret', light)
    mkdirSync(join(folder, 'empty'))
    put('file', '')
    expect((await allProfiles(folder)).map(({ name }) => name)).toEqual(['default', 'relay', 'work'])
  })

  test('one that is there is not made again, and one that is not there is named', async () => {
    await expect(readAccount(profile)).rejects.toMatchObject({ code: 'no-profile', details: { profile: 'default' } })
    assertNoProfile(profile)
    const { text } = await make()
    expect((await readAccount(profile)).text).toBe(text)
    await expect(make()).rejects.toMatchObject({ code: 'profile-exists' })
  })

  test('no new account is made beside a database that it could never open', async () => {
    await make()
    await (await openDatabase(profile)).close()
    rmSync(profile.accountFile)
    await expect(make()).rejects.toMatchObject({ code: 'stray-database' })
    expect(existsSync(profile.accountFile)).toBe(false)
  })

  test('a file that is damaged, too long or no file says so', async () => {
    await make()
    for (const content of ['', '[]', '{"version":99}', `{"a":"${'x'.repeat(limits.profileFileBytes)}"}`]) {
      writeFileSync(profile.accountFile, content)
      await expect(readAccount(profile), content.slice(0, 20)).rejects.toMatchObject({ code: 'damaged' })
    }
    rmSync(profile.accountFile)
    execFileSync('mkfifo', [profile.accountFile])
    await expect(readAccount(profile)).rejects.toMatchObject({ code: 'damaged' })
  })

  test('give their phrase back, where they were made from one', async () => {
    const { text } = await createAccount(profile, await newSecrets(), 'secret', light)
    const words = await recoveryPhrase(profile, 'secret')
    const again = profileIn(folder, 'again')
    expect((await createAccount(again, await secretsOfPhrase(words), 'other', light)).text).toBe(text)
    await expect(recoveryPhrase(profile, 'wrong')).rejects.toMatchObject({ code: 'wrong-password' })
    await expect(secretsOfPhrase('no such words')).rejects.toMatchObject({ code: 'phrase' })
    const bare = profileIn(folder, 'bare')
    await make(bare)
    await expect(recoveryPhrase(bare, 'secret')).rejects.toMatchObject({ code: 'no-phrase' })
  })

  test('move to another name, but over nothing and away from nobody', async () => {
    await make()
    const target = profileIn(folder, 'home')
    const database = await openDatabase(profile)
    await expect(renameProfile(profile, target)).rejects.toMatchObject({ code: 'profile-locked' })
    await database.close()
    mkdirSync(target.folder)
    await expect(renameProfile(profile, target)).rejects.toMatchObject({ code: 'profile-exists' })
    rmSync(target.folder, { recursive: true })
    await renameProfile(profile, target)
    expect((await allProfiles(folder)).map(({ name }) => name)).toEqual(['home'])
    await expect(renameProfile(profile, target)).rejects.toMatchObject({ code: 'no-profile' })
  })

  test('are deleted with their database, but for the key of a node', async () => {
    await make()
    await (await openDatabase(profile)).close()
    await peerFile(profile).save([])
    await createNodeKey(profile, 'secret', light)
    await eraseAccount(profile)
    await removeDatabase(profile)
    expect([existsSync(profile.accountFile), existsSync(profile.databaseFolder)]).toEqual([false, false])
    expect(await openNodeKey(profile, 'secret')).toHaveLength(32)
    const other = profileIn(folder, 'other')
    await make(other)
    await eraseAccount(other)
    await removeDatabase(other)
    expect(existsSync(other.folder)).toBe(false)
  })
})

describe('the key of a node', () => {
  test('comes back under its password', async () => {
    const key = await createNodeKey(profile, 'secret', light)
    expect(await openNodeKey(profile, 'secret')).toEqual(key)
    await expect(openNodeKey(profile, 'wrong')).rejects.toMatchObject({ code: 'wrong-password' })
    for (const content of ['null', '{"version":2}', '{"version":1}']) {
      writeFileSync(profile.nodeFile, content)
      await expect(openNodeKey(profile, 'secret'), content).rejects.toMatchObject({ code: 'damaged' })
    }
  })
})

test('of two that make one identity, or one key of a node, at once, one does', async () => {
  const makers = await Promise.allSettled([make(), make()])
  const made = makers.flatMap(maker => (maker.status === 'fulfilled' ? [maker.value.text] : []))
  expect(made).toEqual([(await readAccount(profile)).text])
  expect(makers.find(maker => maker.status === 'rejected')).toMatchObject({ reason: { code: 'profile-exists' } })

  const keys = await Promise.all([1, 2, 3].map(() => createNodeKey(profile, 'secret', light)))
  const stored = await openNodeKey(profile, 'secret')
  for (const key of keys) expect(key).toEqual(stored)
  await expect(createNodeKey(profile, 'other', light)).rejects.toMatchObject({ code: 'wrong-password' })
  expect(readdirSync(profile.folder).sort()).toEqual(['account.json', 'node.json'])
})

describe('a process that has a profile open', () => {
  test('is named to others, and takes back only what it has said itself', async () => {
    await make()
    expect(await readHolder(profile)).toBeUndefined()
    await writeHolder(profile, { command: 'bot', socket: '/run/bot' })
    expect(await readHolder(profile)).toEqual({ pid: process.pid, command: 'bot', socket: '/run/bot' })
    // Ours: it is free for us.
    await assertFree(profile)
    await removeHolder(profile)
    expect(await readHolder(profile)).toBeUndefined()
    const note = join(profile.folder, 'holder.json')
    // Of a process in another container, which has our id there.
    writeFileSync(note, JSON.stringify({ pid: process.pid, command: 'chat' }))
    await removeHolder(profile)
    const database = await openDatabase(profile)
    const details = { pid: process.pid, command: 'chat' }
    await expect(assertFree(profile)).rejects.toMatchObject({ code: 'profile-locked', details })
    await database.close()
    await assertFree(profile)
  })

  test('leaves a note that is believed only where it makes sense', async () => {
    await make()
    const note = join(profile.folder, 'holder.json')
    for (const content of [
      'nonsense',
      'null',
      '{"pid":"1","command":"chat"}',
      '{"pid":1,"command":"\\u001b[2J"}',
      `{"pid":1,"command":"chat","socket":"${'x'.repeat(limits.holderBytes)}"}`
    ]) {
      writeFileSync(note, content)
      expect(await readHolder(profile), content.slice(0, 40)).toBeUndefined()
    }
    rmSync(note)
    execFileSync('mkfifo', [note])
    expect(await readHolder(profile)).toBeUndefined()
    expect([await isOwnSocket(note), await isOwnSocket(join(folder, 'nowhere'))]).toEqual([false, false])
  })
})

describe('a backup', () => {
  test('brings identity and chats to another profile, under the same password', async () => {
    const { text } = await make()
    const { identity, storage } = await openAccount(profile, 'secret')
    const database = await openDatabase(profile)
    const storageKey = await settleStorageKey(profile, database, storage)
    const client = await createClient({ identity, database, storageKey }, { lockAccount: false })
    await client.joinPublic('status')
    const history = await client.exportAccount('secret')
    await client.stop()
    await database.close()
    const file = formatBackup({ publicKey: '0x04', keystore: await backupKeystore(profile, 'secret', light), history })

    const backup = parseBackup(file)
    await expect(openBackup(backup, 'wrong')).rejects.toMatchObject({ code: 'wrong-password' })
    const restored = profileIn(folder, 'restored')
    const secrets = await openBackup(backup, 'secret')
    const cut = { secrets, history: history.slice(0, -1) }
    await expect(restoreProfile(restored, cut, 'secret', light)).rejects.toMatchObject({ name: 'ClientError' })
    expect(existsSync(restored.folder)).toBe(false)
    // What a process has left that was killed is not in the way: one that had our id before us.
    const left = profileAt(join(folder, `.restored.restoring-${processMark().replace(/-\d+-/, '-1-')}`), 'restored')
    await make(left)
    mkdirSync(left.databaseFolder)
    expect((await allProfiles(folder)).map(({ name }) => name)).not.toContain('restored')
    expect((await restoreProfile(restored, { secrets, ...backup }, 'secret', light)).text).toBe(text)
    expect(readdirSync(folder).sort()).toEqual(['default', 'restored'])
    const opened = await openAccount(restored, 'secret')
    const copy = await openDatabase(restored)
    const key = await settleStorageKey(restored, copy, opened.storage)
    const second = await createClient(
      { identity: opened.identity, database: copy, storageKey: key },
      { lockAccount: false }
    )
    expect((await second.chats()).map(({ id }) => id)).toEqual(['status'])
    await second.stop()
    await copy.close()
  })

  test('of something else is refused', async () => {
    for (const text of ['', 'null', '[]', '{"kind":"other","history":""}', '{"kind":"status-stack/account/1"}'])
      expect(() => parseBackup(text), text).toThrow(expect.objectContaining({ code: 'not-an-export' }))
    const backup = parseBackup('{"kind":"status-stack/account/1","history":""}')
    await expect(openBackup(backup, 'secret')).rejects.toMatchObject({ code: 'not-an-export' })
  })
})

test('peers that served well come back, and a file of nonsense holds none', async () => {
  await make()
  const store = peerFile(profile)
  expect(await store.load()).toEqual([])
  const peers = [{ enode: 'enode://aa@127.0.0.1:1', lastSeenMs: 5 }]
  await store.save(peers)
  expect(await store.load()).toEqual(peers)
  writeFileSync(join(profile.folder, 'peers.json'), JSON.stringify({ peers: [null, { enode: 5 }, ...peers] }))
  expect(await store.load()).toEqual(peers)
  writeFileSync(join(profile.folder, 'peers.json'), '{')
  expect(await store.load()).toEqual([])
})
