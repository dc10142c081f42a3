import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, patienceMs, type Sandbox } from './cli.ts'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const there = spawnSync('tmux', ['-V']).status === 0
if (!there) console.warn('tmux is not installed: the full screen is not tested in a terminal')

let sandbox: Sandbox
let server: string
beforeEach(() => {
  sandbox = createSandbox()
  server = join(sandbox.folder, 'tmux.sock')
})
afterEach(async () => {
  spawnSync('tmux', ['-S', server, 'kill-server'])
  await sandbox.dispose()
})

const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-S', server, '-f', '/dev/null', ...args], { encoding: 'utf8' })

/** The program in a pseudo-terminal of its own. */
function openScreen(name: string, args: readonly string[], width = 100) {
  const words = [
    process.execPath,
    main,
    '--data-dir',
    sandbox.dataFolder,
    '--password-file',
    join(sandbox.folder, 'password.txt'),
    '--profile',
    name,
    'chat',
    ...args
  ]
  const command = `env -u CI LC_ALL=C.UTF-8 NO_COLOR=1 ${words.map(word => `'${word}'`).join(' ')}`
  tmux('-u', 'new-session', '-d', '-s', name, '-x', String(width), '-y', '24', command)
  const screen = (): string => tmux('capture-pane', '-p', '-t', name)
  return {
    screen,
    until: async (pattern: RegExp): Promise<string> => {
      const deadline = Date.now() + patienceMs
      for (;;) {
        const now = screen()
        if (pattern.test(now)) return now
        if (Date.now() > deadline) throw new Error(`${pattern} never came:\n${now}`)
        await new Promise(resolve => setTimeout(resolve, 200))
      }
    },
    type: (text: string): void => void tmux('send-keys', '-t', name, '-l', text),
    press: (key: string): void => void tmux('send-keys', '-t', name, key),
    resize: (columns: number, rows: number): void =>
      void tmux('resize-window', '-t', name, '-x', String(columns), '-y', String(rows)),
    ended: async (): Promise<void> => {
      const deadline = Date.now() + patienceMs
      while (spawnSync('tmux', ['-S', server, 'has-session', '-t', name]).status === 0) {
        if (Date.now() > deadline) throw new Error(`${name} did not end`)
        await new Promise(resolve => setTimeout(resolve, 200))
      }
    }
  }
}

async function identity(profile: string): Promise<string> {
  const { stdout } = await sandbox.run(['--json', '--profile', profile, 'init', '--light-kdf'])
  return String(jsonLines(stdout)[0]?.['text'])
}

test.skipIf(!there)(
  'two people in two terminals: what the screens show is what --json says, at any size, with and without a relay',
  async () => {
    const [aliceKey, bobKey] = [await identity('alice'), await identity('bob')]
    const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
    const enode = (await relay.until(/enode:\/\/\S+/))[0]
    const alice = openScreen('alice', ['--to', bobKey, '--peer', enode])
    const bob = openScreen('bob', ['--peer', enode], 80)
    await Promise.all([alice.until(/● online, 1 peer/), bob.until(/● online, 1 peer/)])
    await bob.until(/No chat is open/)

    alice.type('wide 日本語 👋🏽')
    alice.press('C-j')
    alice.type('second line')
    alice.press('Enter')
    // Bob looks at nobody yet: his list of chats counts what came.
    await bob.until(/zQ3sh\S+ +1│/)
    await alice.until(/second line {2}\[encrypted, no forward secrecy\] ✓✓ received/)
    bob.press('C-n')
    const seen = await bob.until(/: wide 日本語 👋🏽\n.* {6}second line/)
    expect(seen).toContain('(request: /accept)')
    await bob.until(/▸ zQ3sh\S+ +│/)
    bob.type('/acc')
    bob.press('Tab')
    bob.press('Enter')
    await bob.until(/accepted/)
    bob.type('answer')
    bob.press('Enter')
    await alice.until(/: answer {2}\[forward secret\]/)
    await bob.until(/me: answer {2}\[forward secret\] ✓✓ received/)

    // A narrow window has no list of chats, and every line of it is complete.
    alice.resize(44, 16)
    const narrow = await alice.until(/^(?!.*│)[\s\S]*second line {2}\[static\] ✓✓/)
    expect(narrow.split('\n')[0]).toMatch(/● online/)
    expect(narrow).toMatch(/: answer {2}\[fs\]/)
    alice.resize(100, 24)
    await alice.until(/│.*: answer {2}\[forward secret\]/)

    relay.child.kill('SIGKILL')
    await Promise.all([alice.until(/○ offline, reconnecting/), bob.until(/○ offline, reconnecting/)])
    bob.type('nobody hears this')
    bob.press('Enter')
    await bob.until(/no peer is connected; it is kept/)

    bob.type('/search SECOND')
    bob.press('Enter')
    await bob.until(/1 found in 3 messages/)
    bob.press('Escape')
    await bob.until(/me: nobody hears this/)
    for (const person of [alice, bob]) {
      person.type('/quit')
      person.press('Enter')
    }
    await Promise.all([alice.ended(), bob.ended()])

    const facts = async (profile: string, who: string) =>
      jsonLines((await sandbox.run(['--json', '--profile', profile, 'history', who])).stdout)
        .filter(({ event, kind }) => event === 'message' && kind === 'text')
        .map(({ text, outgoing, protection }) => [text, outgoing, protection])
    expect(await facts('alice', bobKey)).toEqual([
      ['wide 日本語 👋🏽\nsecond line', true, 'static-key'],
      ['answer', false, 'forward-secret']
    ])
    expect(await facts('bob', aliceKey)).toEqual([
      ['wide 日本語 👋🏽\nsecond line', false, 'static-key'],
      ['answer', true, 'forward-secret'],
      ['nobody hears this', true, 'forward-secret']
    ])
  },
  4 * patienceMs
)

test('without a terminal --to is needed', async () => {
  const { code, stderr } = await sandbox.run(['chat'])
  expect(code).toBe(2)
  expect(stderr).toContain('--to')
})
