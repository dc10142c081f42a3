import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const folderOf = (profile = 'default'): string => join(sandbox.dataFolder, profile)

test('an account file from before a change of the password opens nothing, and leaves the profile whole', async () => {
  await sandbox.run(['init', '--light-kdf'])
  await sandbox.run(['chats', 'join', '#somewhere'])
  const account = join(folderOf(), 'account.json')
  const [old, current] = [join(sandbox.folder, 'old.json'), join(sandbox.folder, 'current.json')]
  copyFileSync(account, old)
  const fresh = join(sandbox.folder, 'fresh.txt')
  writeFileSync(fresh, 'another password\n', { mode: 0o600 })
  expect((await sandbox.run(['account', 'password', '--light-kdf', '--new-password-file', fresh])).code).toBe(0)
  copyFileSync(account, current)
  copyFileSync(old, account)
  const refused = await sandbox.run(['chats'])
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain('another storage key')
  copyFileSync(current, account)
  expect((await sandbox.run(['chats', '--password-file', fresh])).stdout).toBe('#somewhere\n')
})

test('a password is not changed under a process that has the profile open', async () => {
  await sandbox.run(['init', '--light-kdf'])
  const chat = sandbox.start(['listen', '--listen', '127.0.0.1:0'])
  await chat.until(/enode:\/\//)
  const fresh = join(sandbox.folder, 'fresh.txt')
  writeFileSync(fresh, 'another password\n', { mode: 0o600 })
  const refused = await sandbox.run(['account', 'password', '--light-kdf', '--new-password-file', fresh])
  expect(refused.code).toBe(5)
  chat.child.kill('SIGTERM')
  await chat.ended
  expect((await sandbox.run(['chats'])).code).toBe(0)
})

test('every file of a profile is its user’s alone, and a folder that others can enter is closed with a word', async () => {
  await sandbox.run(['init', '--light-kdf'])
  await sandbox.run(['chats', 'join', '#somewhere'])
  const database = join(folderOf(), 'database')
  chmodSync(folderOf(), 0o755)
  chmodSync(database, 0o755)
  for (const name of readdirSync(database)) chmodSync(join(database, name), 0o644)
  const opened = await sandbox.run(['chats', '--json'])
  expect(opened.code, opened.stderr).toBe(0)
  expect(jsonLines(opened.stdout)).toContainEqual(expect.objectContaining({ event: 'warning', code: 'profile-open' }))
  for (const folder of [folderOf(), database]) {
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isFile()) expect(statSync(join(folder, entry.name)).mode & 0o777, entry.name).toBe(0o600)
    }
  }
  expect((await sandbox.run(['chats'])).stderr).toBe('')
  mkdirSync(folderOf('made-before'), { mode: 0o755 })
  chmodSync(folderOf('made-before'), 0o755)
  const made = await sandbox.run(['init', '--light-kdf', '--profile', 'made-before'])
  expect(made.stderr).toContain('others could enter')
  expect(statSync(folderOf('made-before')).mode & 0o777).toBe(0o700)
})

test('a full disk is called that, with an exit code of its own, by everything that writes', async ({ skip }) => {
  mkdirSync(sandbox.dataFolder)
  // Only root may mount, as in CI.
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', sandbox.dataFolder]).status !== 0) {
    skip('no file system can be mounted here: run as root')
  }
  const filler = join(sandbox.dataFolder, 'filler')
  const fill = (): void => {
    for (const size of [4096, 1]) {
      try {
        for (;;) appendFileSync(filler, new Uint8Array(size))
      } catch {
        // Full.
      }
    }
  }
  try {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#before'])
    fill()
    const out = join(sandbox.dataFolder, 'key.hex')
    const full = [
      ['chats', 'join', '#after'],
      ['chats'],
      ['init', '--light-kdf', '--profile', 'second'],
      ['keys', 'generate', '--out', out]
    ]
    for (const command of full) {
      const { code, stderr } = await sandbox.run(command)
      expect(stderr, command.join(' ')).toContain('the disk is full')
      expect(stderr, command.join(' ')).not.toContain('damaged')
      expect(code, command.join(' ')).toBe(8)
    }
    expect((await sandbox.run(['doctor'])).stdout).not.toContain('damaged')
    expect(readdirSync(sandbox.dataFolder)).not.toContain('key.hex')
    rmSync(filler)
    expect((await sandbox.run(['chats'])).stdout).toBe('#before\n')
    expect((await sandbox.run(['chats', 'join', '#after'])).code).toBe(0)
    // In no order that means anything: that of their names in the database.
    expect((await sandbox.run(['chats'])).stdout.trim().split('\n').sort()).toEqual(['#after', '#before'])
  } finally {
    spawnSync('umount', ['-l', sandbox.dataFolder])
  }
})
