import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { processMark } from '@status-stack/utils/process'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, patienceMs, type Sandbox } from './cli.ts'
import { createTerminals, hasTerminal } from './terminal.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const run = async (...args: string[]) => {
  const ended = await sandbox.run(['--json', ...args])
  return { code: ended.code, lines: jsonLines(ended.stdout), last: jsonLines(ended.stdout).at(-1) }
}

describe('profiles', () => {
  test('are listed without a password, renamed while nothing has them open, and removed', async () => {
    const alice = await makeIdentity(sandbox, 'alice')
    await makeIdentity(sandbox, 'bob')
    mkdirSync(join(sandbox.dataFolder, 'no profile'), { recursive: true })
    const listed = await run('--password-file', '/nowhere', 'profiles')
    expect(listed.lines.map(line => [line['profile'], line['node'], line['command']])).toEqual([
      ['alice', false, null],
      ['bob', false, null]
    ])
    expect(listed.lines[0]).toMatchObject({ text: alice })

    expect(await run('profiles', 'rename', 'alice', 'bob')).toMatchObject({
      code: 6,
      last: { code: 'profile-exists', hint: 'choose another new name' }
    })
    expect(await run('profiles', 'rename', 'carol', 'dave')).toMatchObject({ code: 6, last: { code: 'no-profile' } })
    expect(await run('profiles', 'rename', 'alice', '../x')).toMatchObject({ code: 2, last: { code: 'profile-name' } })
    const listening = sandbox.start(['--profile', 'alice', 'listen'])
    await listening.until(/listening/)
    expect(await run('profiles', 'rename', 'alice', 'ann')).toMatchObject({ code: 5, last: { code: 'profile-locked' } })
    expect((await run('profiles')).lines[0]).toMatchObject({ profile: 'alice', command: 'listen' })
    listening.child.kill('SIGKILL')
    await listening.ended
    expect((await run('profiles')).lines[0]).toMatchObject({ profile: 'alice', command: null })
    expect(await run('profiles', 'rename', 'alice', 'ann')).toMatchObject({
      code: 0,
      last: { from: 'alice', to: 'ann' }
    })
    expect((await run('--profile', 'ann', 'whoami')).last).toMatchObject({ text: alice })
    // Its database opens under the new name.
    expect((await run('--profile', 'ann', 'chats')).code).toBe(0)

    expect(await run('profiles', 'remove', 'ann')).toMatchObject({ code: 2, last: { code: 'not-confirmed' } })
    expect((await run('profiles', 'remove', 'ann', '--yes')).code).toBe(0)
    expect((await run('profiles')).lines.map(line => line['profile'])).toEqual(['bob'])
  })
})

describe('a profile whose password is forgotten', () => {
  const unknown = ['--password-file', '/nowhere']
  const folderOf = (profile: string): string => join(sandbox.dataFolder, profile)

  test('is removed without it by a line that names it, with everything of it', async () => {
    await makeIdentity(sandbox, 'alice')
    expect((await run('--profile', 'alice', 'chats', 'join', '#status')).code).toBe(0)
    const listening = sandbox.start(['--profile', 'alice', 'listen'])
    await listening.until(/listening/)
    const remove = ['account', 'remove', '--without-password', '--yes']
    // Not while a process has it, nor where the line does not say which.
    expect(await run(...unknown, '--profile', 'alice', ...remove)).toMatchObject({
      code: 5,
      last: { code: 'profile-locked' }
    })
    listening.child.kill('SIGKILL')
    await listening.ended
    const left = join(
      folderOf('alice'),
      `status-stack-open-${createHash('sha256').update(folderOf('alice')).digest('hex').slice(0, 16)}-${processMark().replace(/-\d+-/, '-1-')}`
    )
    mkdirSync(left)
    writeFileSync(join(left, 'picture.png'), 'opened by a chat that was killed')
    const unnamed = sandbox.start(['--json', ...unknown, ...remove], { STATUS_STACK_PROFILE: 'alice' })
    unnamed.child.stdin?.end('')
    expect(await unnamed.ended).toMatchObject({ code: 2, stdout: expect.stringContaining('--profile alice') })
    expect(await run('--profile', 'alice', 'account', 'remove', '--without-password')).toMatchObject({
      code: 2,
      last: { code: 'not-confirmed' }
    })
    expect((await run('--profile', 'alice', 'whoami')).code).toBe(0)
    expect((await run(...unknown, '--profile', 'alice', ...remove)).code).toBe(0)
    expect(existsSync(folderOf('alice'))).toBe(false)
  })

  test('is told of the way, which opens a damaged one too and leaves the key of a node', async () => {
    await makeIdentity(sandbox, 'bob')
    const wrong = join(sandbox.folder, 'wrong.txt')
    writeFileSync(wrong, 'not it')
    const refused = await run('--password-file', wrong, 'profiles', 'remove', 'bob', '--yes')
    expect(refused).toMatchObject({ code: 3, last: { hint: expect.stringContaining('--without-password') } })
    writeFileSync(join(folderOf('bob'), 'account.json'), '{')
    const node = join(folderOf('bob'), 'node.json')
    writeFileSync(node, '{}')
    expect((await run(...unknown, 'profiles', 'remove', 'bob', '--without-password', '--yes')).code).toBe(0)
    expect(readdirSync(folderOf('bob'))).toEqual(['node.json'])
    expect(await run('profiles', 'remove', 'bob', '--without-password', '--yes')).toMatchObject({
      code: 6,
      last: { code: 'no-identity' }
    })
  })
})

test('a relay that is started twice at once for the first time has one key', async () => {
  const start = () => sandbox.start(['--json', '--profile', 'relay', 'node', '--light-kdf', '--listen', '127.0.0.1:0'])
  const relays = [start(), start()]
  const ids = await Promise.all(relays.map(async relay => (await relay.until(/enode:\/\/([0-9a-f]{128})/))[1]))
  expect(ids[0]).toBe(ids[1])
})

describe('config', () => {
  const settings = () => join(sandbox.folder, 'config.toml')
  const config = async (args: string[], environment: NodeJS.ProcessEnv = {}) => {
    const running = sandbox.start(['--json', ...args], { STATUS_STACK_CONFIG: settings(), ...environment })
    running.child.stdin?.end('')
    const ended = await running.ended
    return { code: ended.code, last: jsonLines(ended.stdout).at(-1), lines: jsonLines(ended.stdout) }
  }

  test('set changes one line, unset takes it out, and both refuse what does not fit', async () => {
    expect((await config(['config', 'set', 'timeout', '60'])).code).toBe(0)
    writeFileSync(settings(), `# mine\n${readFileSync(settings(), 'utf8')}`)
    expect((await config(['--profile', 'work', 'config', 'set', 'shh_hosts', 'a.example', 'b.example'])).code).toBe(0)
    expect((await config(['config', 'set', 'retention', '7'])).code).toBe(0)
    expect(readFileSync(settings(), 'utf8')).toBe(
      '# mine\ntimeout = 60\nretention = 7\n\n[profiles.work]\nshh_hosts = ["a.example", "b.example"]\n'
    )
    const wrong = [
      [['set', 'timeout', 'soon'], 'config'],
      // No timer could wait so long.
      [['set', 'timeout', '1000001'], 'config'],
      [['set', 'timeuot', '5'], 'usage'],
      [['set', 'mailservers', `enode://${'ab'.repeat(64)}:hidden@host:1`], 'secret-argument']
    ] as const
    for (const [args, code] of wrong)
      expect(await config(['config', ...args])).toMatchObject({ code: 2, last: { code } })
    expect((await config(['config', 'set', 'timeuot', '5'])).last).toMatchObject({
      message: "key: there is no 'timeuot'",
      hint: 'Did you mean timeout?'
    })
    expect((await config(['config', 'unset', 'timeout'])).code).toBe(0)
    expect(readFileSync(settings(), 'utf8')).not.toContain('timeout')
  })

  test('set takes a value from stdin, and says what is missing where there is none', async () => {
    const fromStdin = async (text: string) => {
      const running = sandbox.start(['--json', 'config', 'set', 'timeout', '-'], { STATUS_STACK_CONFIG: settings() })
      running.child.stdin?.end(text)
      const ended = await running.ended
      return { code: ended.code, last: jsonLines(ended.stdout).at(-1) }
    }
    expect((await fromStdin('60\n')).code).toBe(0)
    for (const text of ['', '\n']) {
      const refused = await fromStdin(text)
      expect(refused).toMatchObject({
        code: 2,
        last: { code: 'no-value', message: expect.stringContaining('timeout') }
      })
      expect(refused.last).toMatchObject({ hint: expect.stringContaining('config unset timeout') })
    }
    expect(readFileSync(settings(), 'utf8')).toBe('timeout = 60\n')
  })

  test('a file that is linked to stays where it is, and so does the link', async () => {
    const kept = join(sandbox.folder, 'kept.toml')
    writeFileSync(kept, '# in a repository\n')
    symlinkSync(kept, settings())
    expect((await config(['config', 'set', 'timeout', '60'])).code).toBe(0)
    expect(lstatSync(settings()).isSymbolicLink()).toBe(true)
    expect(readFileSync(kept, 'utf8')).toBe('timeout = 60\n# in a repository\n')
  })

  test('what node and mailserver take as flags stands in the file as well; a flag wins over it', async () => {
    writeFileSync(
      settings(),
      'ephemeral = "on"\nnode_listen = "127.0.0.1:0"\nretention = 3\narchive = "kept"\nplain_requests = "off"\n'
    )
    const environment = { STATUS_STACK_CONFIG: settings() }
    const archive = join(sandbox.folder, 'archive')
    const server = sandbox.start(['--json', 'mailserver', '--archive', archive], environment)
    await server.until(/"event":"ready"/)
    const facts = jsonLines(server.stdout()).find(line => line['event'] === 'mailserver')
    expect(facts).toMatchObject({ archive, retentionDays: 3 })
    expect(existsSync(archive)).toBe(true)
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
    const shown = (await config(['config', 'show', '--origin'])).lines
    expect(shown.find(line => line['key'] === 'plain_requests')).toMatchObject({ value: 'off', origin: 'file' })
  })

  test('a broken file can still be found and mended', async () => {
    writeFileSync(settings(), 'timeout = \n')
    expect(await config(['config', 'show'])).toMatchObject({ code: 2, last: { code: 'config' } })
    expect((await config(['config', 'path'])).last).toMatchObject({ path: settings() })
    expect((await config(['config', 'template'])).code).toBe(0)
  })
})

describe.runIf(hasTerminal)('on a terminal', () => {
  const drafts = (): readonly string[] => readdirSync(sandbox.folder).filter(name => name.includes('.edited-'))

  test('config edit takes what fits, and asks again about what does not', async () => {
    const terminals = createTerminals(sandbox)
    const file = join(sandbox.folder, 'edited.toml')
    writeFileSync(file, 'timeout = 20\n')
    try {
      const line = (editor: string): string =>
        terminals.programLine(['config', 'edit'], `STATUS_STACK_CONFIG='${file}' VISUAL="${editor}"`)
      const shell = terminals.openShell('edit', 140, 24)
      shell.type(`${line('sed -i s/20/40/')}; echo "code $?"`)
      shell.press('Enter')
      await shell.until(/code 0/)
      expect(readFileSync(file, 'utf8')).toBe('timeout = 40\n')
      const other = terminals.openShell('wrong', 140, 24)
      other.type(`${line('sed -i s/40/soon/')}; echo "code $?"`)
      other.press('Enter')
      await other.until(/Edit it again/)
      other.type('n')
      other.press('Enter')
      // The draft is kept without being applied; the error names its place, and other users cannot read it.
      expect(await other.until(/code 1/)).toMatch(/what you wrote is in .*edited\.toml\.edited-/)
      expect(readFileSync(file, 'utf8')).toBe('timeout = 40\n')
      const [kept = ''] = drafts()
      expect(readFileSync(join(sandbox.folder, kept, 'edited.toml'), 'utf8')).toBe('timeout = soon\n')
      expect(statSync(join(sandbox.folder, kept)).mode & 0o777).toBe(0o700)

      for (const [name, key, ended] of [
        ['escape', 'C-d', /code 1/],
        ['interrupt', 'C-c', /code 130/]
      ] as const) {
        const third = terminals.openShell(name, 140, 24)
        third.type(`${line('sed -i s/40/never/')}; echo "code $?"`)
        third.press('Enter')
        await third.until(/Edit it again/)
        third.press(key)
        expect(await third.until(ended)).toMatch(/what you wrote is in/)
      }
      expect(drafts()).toHaveLength(3)
    } finally {
      terminals.dispose()
    }
  })

  test('two that edit the settings at once have a draft each, and the second does not undo what the first has changed', async () => {
    const terminals = createTerminals(sandbox)
    const file = join(sandbox.folder, 'edited.toml')
    writeFileSync(file, 'timeout = 20\n')
    // The editor: waits until it is let go on.
    const edit = (go: string, to: string): string => {
      const script = join(sandbox.folder, `${go}.sh`)
      writeFileSync(
        script,
        `while [ ! -e ${join(sandbox.folder, go)} ]; do sleep 0.05; done; sed -i s/20/${to}/ "$1"\n`
      )
      return terminals.programLine(['config', 'edit'], `STATUS_STACK_CONFIG='${file}' VISUAL="sh ${script}"`)
    }
    try {
      const first = terminals.openShell('first', 140, 24)
      const second = terminals.openShell('second', 140, 24)
      first.type(`${edit('go1', '30')}; echo "code $?"`)
      first.press('Enter')
      second.type(`${edit('go2', '50')}; echo "code $?"`)
      second.press('Enter')
      await vi.waitUntil(() => drafts().length === 2, { timeout: patienceMs })
      writeFileSync(join(sandbox.folder, 'go1'), '')
      await first.until(/code 0/)
      writeFileSync(join(sandbox.folder, 'go2'), '')
      expect(await second.until(/code 1/)).toMatch(/was changed while you edited it[\s\S]*what you wrote is in/)
      expect(readFileSync(file, 'utf8')).toBe('timeout = 30\n')
      const [kept = ''] = drafts()
      expect(readFileSync(join(sandbox.folder, kept, 'edited.toml'), 'utf8')).toBe('timeout = 50\n')
    } finally {
      terminals.dispose()
    }
  })

  test('a profile whose password is forgotten goes when its name is typed, and for no other answer', async () => {
    const terminals = createTerminals(sandbox)
    await makeIdentity(sandbox, 'alice')
    const line = terminals
      .programLine(['--profile', 'alice', 'account', 'remove', '--without-password'])
      .replace(/'--password-file' '[^']*'/, '')
    try {
      for (const [name, answer, ended] of [
        ['yes', 'y', /code 1/],
        ['name', 'alice', /code 0/]
      ] as const) {
        const shell = terminals.openShell(name, 140, 24)
        shell.type(`${line}; echo "code $?"`)
        shell.press('Enter')
        expect(await shell.until(/Type its name/)).not.toContain('Password')
        expect(existsSync(join(sandbox.dataFolder, 'alice', 'account.json'))).toBe(true)
        shell.type(answer)
        shell.press('Enter')
        await shell.until(ended)
      }
      expect(existsSync(join(sandbox.dataFolder, 'alice'))).toBe(false)
    } finally {
      terminals.dispose()
    }
  })

  if (!hasTerminal) console.warn('tmux is not installed: prompts are not tried')

  test('the prompt says whose password it is, calls a weak one so, and asks again when two differ or one is wrong', async () => {
    const terminals = createTerminals(sandbox)
    try {
      const line = terminals.programLine(['init', '--light-kdf']).replace(/'--password-file' '[^']*'/, '')
      const shell = terminals.openShell('init', 100, 24)
      shell.type(`${line}; echo "code $?"`)
      shell.press('Enter')
      await shell.until(/New password of profile default/)
      shell.type('password')
      shell.press('Enter')
      await shell.until(/a weak password[\s\S]*Again/)
      shell.type('passw0rd')
      shell.press('Enter')
      await shell.until(/differ: try again/)
      for (const shown of [/New password[\s\S]*New password/, /Again[\s\S]*Again/]) {
        await shell.until(shown)
        shell.type('correct unhinged battery marmalade')
        shell.press('Enter')
      }
      const screen = await shell.until(/code 0/)
      expect(screen.match(/weak password/g)).toHaveLength(1)
      expect(screen).not.toContain('marmalade')

      const open = terminals.programLine(['chats']).replace(/'--password-file' '[^']*'/, '')
      const other = terminals.openShell('open', 100, 24)
      other.type(`${open}; echo "code $?"`)
      other.press('Enter')
      await other.until(/Password of profile default/)
      other.type('wrong')
      other.press('Enter')
      await other.until(/does not open this profile: try again[\s\S]*Password of profile default/)
      other.type('correct unhinged battery marmalade')
      other.press('Enter')
      await other.until(/code 0/)

      // What cannot work is said before anything is asked.
      const absent = terminals.openShell('absent', 100, 24)
      absent.type(`${open.replace("'chats'", "'--profile' 'nobody' 'chats'")}; echo "code $?"`)
      absent.press('Enter')
      expect(await absent.until(/code 6/)).not.toContain('Password of')
    } finally {
      terminals.dispose()
    }
  })
})
