import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesToHex, generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const commands = ['init', 'whoami', 'node', 'send', 'listen', 'chat', 'demo', 'conformance']

describe('help', () => {
  test.each(commands)('%s --help shows an example', async command => {
    const { code, stdout } = await sandbox.run([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`Examples:\n {2}status-stack ${command}\\b`))
  })

  test('the program names its commands, and hides what is internal', async () => {
    const { stdout } = await sandbox.run(['--help'])
    for (const command of commands) expect(stdout).toContain(command)
    expect(stdout).not.toContain('participant')
  })
})

describe('wrong arguments', () => {
  test.each([
    [['sned'], 'Did you mean send'],
    [['whoami', '--jsno'], 'Did you mean --json'],
    [['send', 'hello'], '--to'],
    [['send', '--to', 'zQ3shnotakey', 'hello'], 'not a public key'],
    [['send', '--to', '#Not A Name', 'hello'], 'not a valid public chat name'],
    [['--profile', '../etc', 'whoami'], 'not a profile name'],
    [['node', '--ephemeral', '--listen', 'nowhere:99999'], 'not an address'],
    [['node', '--ephemeral', '--listen', '127.0.0.1:0', '--peer', 'enode://12@x'], 'not an enode']
  ])('%j is answered with exit code 2 and a sentence', async (args, sentence) => {
    const { code, stderr } = await sandbox.run(args)
    expect(stderr).toContain(sentence)
    expect(code).toBe(2)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

describe('profiles', () => {
  test('init makes an identity that whoami shows without a password', async () => {
    const made = await sandbox.run(['--json', 'init'])
    expect(made.code).toBe(0)
    const [identity] = jsonLines(made.stdout)
    expect(identity).toMatchObject({ event: 'identity', profile: 'default' })
    const shown = await sandbox.run(['whoami', '--json', '--password-file', '/nowhere'])
    expect(jsonLines(shown.stdout)[0]).toEqual(identity)
    const human = await sandbox.run(['whoami'])
    expect(human.stdout).toBe(`${identity?.['text']}\n`)
    // Files of earlier versions hold the key alone; the text is made from it.
    const file = join(sandbox.dataFolder, 'default', 'account.json')
    const { text: _, ...earlier } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    writeFileSync(file, JSON.stringify(earlier))
    expect((await sandbox.run(['whoami'])).stdout).toBe(human.stdout)
    writeFileSync(file, JSON.stringify({ ...earlier, text: 'nobody' }))
    expect((await sandbox.run(['whoami'])).code).toBe(6)
  })

  test('a second init refuses and leaves the first identity alone', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const file = join(sandbox.dataFolder, 'default', 'account.json')
    const before = readFileSync(file)
    const { code, stderr } = await sandbox.run(['init', '--light-kdf'])
    expect(code).toBe(6)
    expect(stderr).toContain('exists already')
    expect(readFileSync(file)).toEqual(before)
  })

  test('files of a profile are readable by their owner only', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const folder = join(sandbox.dataFolder, 'default')
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
  })

  test('a wrong password is exit code 3', async () => {
    await sandbox.run(['init', '--light-kdf'])
    writeFileSync(join(sandbox.folder, 'wrong.txt'), 'something else')
    const { code, stderr } = await sandbox.run([
      'listen',
      '--for',
      '1',
      '--password-file',
      join(sandbox.folder, 'wrong.txt')
    ])
    expect(stderr).toContain('the password does not open this profile')
    expect(code).toBe(3)
  })

  test('no terminal and no password is exit code 3 and says what to do', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const running = sandbox.start(['listen', '--password-file', '/nowhere'])
    const { code, stderr } = await running.ended
    expect(code).toBe(3)
    expect(stderr).toContain('password file cannot be read')
  })

  test('a damaged account file is exit code 6, and is not touched', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const file = join(sandbox.dataFolder, 'default', 'account.json')
    for (const damage of [
      '',
      '{',
      '[]',
      '{"version":1}',
      '{"version":1,"publicKey":"0x04","salt":"00","keystore":{}}'
    ]) {
      writeFileSync(file, damage)
      const { code, stderr } = await sandbox.run(['listen', '--for', '1'])
      expect(stderr).toContain('damaged')
      expect(code).toBe(6)
      expect(readFileSync(file, 'utf8')).toBe(damage)
    }
  })

  test('a profile that is in use is exit code 5', async () => {
    await sandbox.run(['init', '--light-kdf'])
    const first = sandbox.start(['listen'])
    await first.until(/listening/)
    const { code, stderr } = await sandbox.run(['listen', '--for', '1'])
    expect(stderr).toContain('in use by another process')
    expect(code).toBe(5)
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
  })

  test('without a profile it is said that there is none yet, and how to make one; no file is named', async () => {
    for (const command of [['chats'], ['contacts'], ['whoami'], ['history', '#status'], ['devices']]) {
      const { code, stderr } = await sandbox.run(command)
      expect(stderr).toContain(
        `status-stack: no profile yet in ${sandbox.dataFolder}\n  make one with \`status-stack init\``
      )
      expect(stderr).not.toContain('.json')
      expect(code).toBe(6)
    }
    const { stderr } = await sandbox.run(['--profile', 'work', 'chats'])
    expect(stderr).toContain('no profile named work')
    expect(stderr).toContain('status-stack --profile work init')
  })

  test('no peer in time is exit code 4', async () => {
    await sandbox.run(['init', '--light-kdf'])
    // A port on which nothing listens.
    const dead = `enode://${bytesToHex(publicKeyOf(generatePrivateKey())).slice(2)}@127.0.0.1:1`
    const send = ['send', '--to', '#status', '--timeout', '0.5', 'hello', '--peer', dead]
    const { code, stderr } = await sandbox.run(send)
    expect(stderr).toContain('no peer could be reached')
    expect(code).toBe(4)
  })

  test('no peer at all is the same exit code, at once and without asking for the password', async () => {
    await sandbox.run(['init', '--light-kdf'])
    for (const command of [['send', '--to', '#status', 'hello'], ['retry'], ['edit', `0x${'ab'.repeat(32)}`, 'x']]) {
      const { code, stderr } = await sandbox.run(['--password-file', 'absent', ...command, '--timeout', '100000'])
      expect(stderr).toContain('status-stack: no peer is set, so none can be reached; nothing was sent or kept\n')
      expect(stderr).toContain('--peer')
      expect(code).toBe(4)
    }
  })
})
