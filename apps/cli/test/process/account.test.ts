import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const keyOf = async (profile: string): Promise<string> =>
  (await sandbox.run(['whoami', '--profile', profile])).stdout.trim()
const file = (name: string, text: string): string => {
  const path = join(sandbox.folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

describe('account', () => {
  test('phrase and recover bring the same identity to another device', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const { stdout } = await sandbox.run(['account', 'phrase'])
    expect(stdout.trim().split(' ')).toHaveLength(12)
    const recovered = await sandbox.run([
      'account',
      'recover',
      '--light-kdf',
      '--profile',
      'new',
      '--phrase-file',
      file('words.txt', stdout)
    ])
    expect(recovered.code, recovered.stderr).toBe(0)
    expect(await keyOf('new')).toBe(await keyOf('default'))
    expect((await sandbox.run(['account', 'phrase', '--profile', 'new'])).stdout).toBe(stdout)
  })

  test('recover knows the published key of a published phrase', async () => {
    const words = file('words.txt', `${'abandon '.repeat(11)}about`)
    const { code, stdout, stderr } = await sandbox.run([
      'account',
      'recover',
      '--json',
      '--light-kdf',
      '--phrase-file',
      words
    ])
    expect(code, stderr).toBe(0)
    expect(String(jsonLines(stdout)[0]?.['publicKey']).slice(4, 68)).toBe(
      '1c0b489f112aa9334a0c41e349757e3edd6b0ce761bebc6b14b4901a10aa7796'
    )
  })

  test('words that are no phrase are refused without repeating them', async () => {
    const words = file('words.txt', `${'abandon '.repeat(11)}abandon`)
    const { code, stderr } = await sandbox.run(['account', 'recover', '--phrase-file', words])
    expect(code).toBe(1)
    expect(stderr).toContain('not the words of a recovery phrase')
    expect(stderr).not.toContain('abandon')
  })

  test('password changes what opens the profile', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const fresh = file('fresh.txt', 'another password')
    expect((await sandbox.run(['account', 'password', '--light-kdf', '--new-password-file', fresh])).code).toBe(0)
    expect((await sandbox.run(['chats'])).code).toBe(3)
    expect((await sandbox.run(['chats', '--password-file', fresh])).code).toBe(0)
  })

  test('export and import carry contacts and chats to a new device, encrypted, without overwriting', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#somewhere'])
    const out = join(sandbox.folder, 'backup.json')
    expect((await sandbox.run(['account', 'export', '--out', out])).code).toBe(0)
    expect(statSync(out).mode & 0o077).toBe(0)
    expect(readFileSync(out, 'utf8')).not.toContain('somewhere')
    expect((await sandbox.run(['account', 'export', '--out', out])).stderr).toContain('exists already')
    const imported = await sandbox.run(['account', 'import', out, '--light-kdf', '--profile', 'restored'])
    expect(imported.code, imported.stderr).toBe(0)
    expect(await keyOf('restored')).toBe(await keyOf('default'))
    expect((await sandbox.run(['chats', '--profile', 'restored'])).stdout).toContain('#somewhere')
  })

  test('an import that is killed leaves no profile, and is in the way of no other try', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#somewhere'])
    const out = join(sandbox.folder, 'backup.json')
    await sandbox.run(['account', 'export', '--out', out])
    // With all of the work for its key: it has made an account then, and is not done for a while.
    const importing = sandbox.start(['account', 'import', out, '--profile', 'restored'])
    const hasAccount = (): boolean =>
      readdirSync(sandbox.dataFolder, { recursive: true }).some(path => /restor.*account\.json$/.test(String(path)))
    while (!hasAccount()) await new Promise(resolve => setTimeout(resolve, 5))
    importing.child.kill('SIGKILL')
    await importing.ended
    expect((await sandbox.run(['whoami', '--profile', 'restored'])).code).toBe(6)
    const again = await sandbox.run(['account', 'import', out, '--profile', 'restored', '--light-kdf'])
    expect(again.code, again.stderr).toBe(0)
    expect((await sandbox.run(['chats', '--profile', 'restored'])).stdout).toBe('#somewhere\n')
    expect(readdirSync(sandbox.dataFolder).sort()).toEqual(['default', 'restored'])
  })

  test('a database without its account is no ground for a new one, and is deleted on request', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#somewhere'])
    rmSync(join(sandbox.dataFolder, 'default', 'account.json'))
    const refused = await sandbox.run(['init', '--light-kdf'])
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining('has a database and no account')])
    expect((await sandbox.run(['profiles', 'remove', 'default'])).code).toBe(2)
    expect((await sandbox.run(['profiles', 'remove', 'default', '--yes'])).code).toBe(0)
    expect((await sandbox.run(['init', '--light-kdf'])).code).toBe(0)
    expect((await sandbox.run(['chats'])).stdout).toBe('')
  })

  test('remove asks, needs the password, and leaves nothing of the identity and all of the others', async () => {
    for (const profile of ['default', 'other']) await sandbox.run(['--profile', profile, 'init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#somewhere'])
    const asked = await sandbox.run(['account', 'remove'])
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--yes')])
    const wrong = file('wrong.txt', 'another password')
    expect((await sandbox.run(['account', 'remove', '--yes', '--password-file', wrong])).code).toBe(3)
    expect((await sandbox.run(['chats'])).stdout).toBe('#somewhere\n')
    const removed = await sandbox.run(['--json', 'account', 'remove', '--yes'])
    expect(removed.code, removed.stdout).toBe(0)
    expect(jsonLines(removed.stdout)).toMatchObject([{ event: 'account-removed', profile: 'default' }])
    expect(readdirSync(sandbox.dataFolder)).toEqual(['other'])
    expect((await sandbox.run(['account', 'remove', '--yes'])).code).toBe(6)
    expect((await sandbox.run(['chats', '--profile', 'other'])).code).toBe(0)
    expect((await sandbox.run(['init', '--light-kdf'])).code).toBe(0)
    expect((await sandbox.run(['chats'])).stdout).toBe('')
  })

  test('remove leaves the key of a node in the same profile, and a profile in use as it is', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const daemon = sandbox.start(['daemon'])
    await daemon.until(/serving; Ctrl-C/)
    expect((await sandbox.run(['account', 'remove', '--yes'])).code).toBe(5)
    daemon.child.kill('SIGTERM')
    await daemon.ended
    const node = sandbox.start(['node', '--light-kdf', '--listen', '127.0.0.1:0'])
    await node.until(/relaying/)
    node.child.kill('SIGTERM')
    await node.ended
    expect((await sandbox.run(['account', 'remove', '--yes'])).code).toBe(0)
    expect(readdirSync(join(sandbox.dataFolder, 'default'))).toContain('node.json')
    expect(readdirSync(join(sandbox.dataFolder, 'default'))).not.toContain('account.json')
    const rest = await sandbox.run(['profiles', 'remove', 'default', '--yes'])
    expect([rest.code, rest.stderr]).toEqual([6, expect.stringContaining('holds the key of a node and no identity')])
  })

  test('import refuses what export did not write', async () => {
    for (const text of ['', '{}', '{"kind":"status-stack/account/1","history":"!!","keystore":{}}']) {
      const refused = await sandbox.run(['account', 'import', file('bad.json', text), '--profile', 'x'])
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain('not a file of')
    }
  })
})

describe('without a network', () => {
  test('chats, contacts, groups, devices and history show what is stored', async () => {
    await sandbox.run(['init', '--light-kdf'])
    await sandbox.run(['chats', 'join', '#status'])
    expect((await sandbox.run(['chats'])).stdout).toBe('#status\n')
    expect((await sandbox.run(['history', '#status'])).code).toBe(0)
    for (const command of [['contacts'], ['group', 'list'], ['devices']])
      expect((await sandbox.run(command)).code).toBe(0)
    await sandbox.run(['chats', 'leave', '#status'])
    expect((await sandbox.run(['ledger', `0x${'00'.repeat(32)}`])).stderr).toContain('no ledger entry')
  })
})

describe('keys', () => {
  test('generate, public and init agree, and show knows every form', async () => {
    const path = join(sandbox.folder, 'key.hex')
    for (const nowhere of ['-', '']) {
      const refused = await sandbox.run(['keys', 'generate', '--out', nowhere])
      expect([refused.code, refused.stdout]).toEqual([2, ''])
      expect(refused.stderr).toContain('expected the name of a file')
    }
    const generated = (await sandbox.run(['keys', 'generate', '--out', path])).stdout
    expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
    expect(statSync(path).mode & 0o077).toBe(0)
    expect((await sandbox.run(['keys', 'public', path])).stdout).toBe(generated)
    await sandbox.run(['init', '--light-kdf', '--private-key-file', path])
    expect(`${await keyOf('default')}\n`).toBe(generated)
    const [forms] = jsonLines((await sandbox.run(['keys', 'show', '--json', generated.trim()])).stdout)
    for (const form of ['text', 'uncompressed', 'compressed'] as const) {
      expect(jsonLines((await sandbox.run(['keys', 'show', '--json', String(forms?.[form])])).stdout)[0]).toEqual(forms)
    }
  })

  test('a link carries key and peers to whoever opens it', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const peer = `enode://${'79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'}@127.0.0.1:30303`
    const link = (await sandbox.run(['keys', 'link', '--peer', peer])).stdout.trim()
    const [opened] = jsonLines((await sandbox.run(['keys', 'open', '--json', link])).stdout)
    expect(opened).toMatchObject({ event: 'contact-link', text: await keyOf('default'), enodes: [peer] })
    expect((await sandbox.run(['keys', 'open', 'https://example.org/'])).code).toBe(1)
  })

  test('verify shows the same numbers on both sides', async () => {
    for (const profile of ['a', 'b']) await sandbox.run(['init', '--light-kdf', '--profile', profile])
    const numbers = async (mine: string, theirs: string) =>
      jsonLines((await sandbox.run(['verify', '--json', '--profile', mine, await keyOf(theirs)])).stdout)[0]?.[
        'safetyText'
      ]
    expect(await numbers('a', 'b')).toMatch(/^(\d{5} ){11}\d{5}$/)
    expect(await numbers('a', 'b')).toBe(await numbers('b', 'a'))
  })
})
