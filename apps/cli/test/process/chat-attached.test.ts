import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jsonLines, makeIdentity, type Running, type Sandbox } from './cli.ts'
import { filesBelow } from './on-disk.ts'
import { type createTerminals, hasTerminal, useTerminals } from './terminal.ts'

let sandbox: Sandbox
let terminals: ReturnType<typeof createTerminals>
let enode: string
useTerminals('the full screen beside a daemon is not tested', async (freshSandbox, freshTerminals) => {
  sandbox = freshSandbox
  terminals = freshTerminals
  await makeIdentity(sandbox, 'alice')
  const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
  enode = (await relay.until(/enode:\/\/\S+/))[0]
})

async function daemon(): Promise<Running> {
  const running = sandbox.start(['--profile', 'alice', 'daemon', '--peer', enode])
  await running.until(/serving; Ctrl-C/)
  await running.until(/connected to/)
  return running
}
const stop = async (running: Running): Promise<void> => {
  running.child.kill('SIGTERM')
  expect((await running.ended).code).toBe(0)
}
const alice = (...args: string[]): Promise<{ readonly code: number | null; readonly stdout: string }> =>
  sandbox.run(['--json', '--profile', 'alice', ...args])

/** Every file below a folder, as one text. */
function plainFiles(folder: string): string {
  return filesBelow(folder)
    .map(path => readFileSync(path, 'latin1'))
    .join('\n')
}

test.skipIf(!hasTerminal)(
  'a person, a one-shot command and a daemon share an account; the line outlives the daemon and is in no file',
  async () => {
    const first = await daemon()
    // The socket is its owner's: no password is asked for.
    const noPassword = ['--password-file', join(sandbox.folder, 'no such file')]
    const line = terminals.programLine(['--profile', 'alice', 'chat', '--to', '#cats', ...noPassword])
    const person = terminals.openShell('alice', 110, 24, line)
    await person.until(/#cats .*● attached to the daemon: online, 1 peer/)
    expect((await alice('send', '--to', '#cats', 'from a script', ...noPassword)).code).toBe(0)
    await person.until(/me: from a script {2}\[public\] ✓ on the network/)
    person.type('from a person')
    person.press('Enter')
    await person.until(/me: from a person {2}\[public\] ✓ on the network/)
    const texts = jsonLines((await alice('history', '#cats', ...noPassword)).stdout).map(({ text }) => text)
    expect(texts).toEqual(['from a script', 'from a person'])

    person.type('a secret half sentence')
    await person.until(/> a secret half sentence/)
    await stop(first)
    await person.until(/○ the daemon has ended[\s\S]*your line is kept[\s\S]*> a secret half sentence/)
    person.press('Enter')
    await person.until(/not done, and kept in the line: the daemon has ended[\s\S]*> a secret half sentence/)
    expect(plainFiles(sandbox.dataFolder)).not.toContain('secret half')

    const second = await daemon()
    await person.until(
      /● attached to the daemon: online[\s\S]*the daemon is there again[\s\S]*> a secret half sentence/
    )
    person.press('Enter')
    await person.until(/me: a secret half sentence {2}\[public\] ✓ on the network/)
    person.type('the next line')
    await person.until(/> the next line/)
    person.press('C-c', 'C-c')
    await person.ended()
    await stop(second)
    expect(plainFiles(sandbox.dataFolder)).not.toContain('secret half')
  }
)

test('a pipe writes through the daemon, and says so when that ends', async () => {
  const running = await daemon()
  const piped = await sandbox.run(['--profile', 'alice', 'chat', '--to', '#cats'], 'one\ntwo\n')
  expect(piped.code, piped.stderr).toBe(0)
  expect(piped.stderr).toContain('attached to the daemon of this profile')
  const own = await sandbox.run(['--profile', 'alice', 'chat', '--to', '#cats', '--listen', '127.0.0.1:0'], 'x\n')
  expect([own.code, own.stderr]).toEqual([5, expect.stringContaining('--listen is for a client of its own')])
  const waiting = sandbox.start(['--profile', 'alice', 'chat', '--to', '#cats'])
  await waiting.until(/ready/)
  await stop(running)
  const { code, stderr } = await waiting.ended
  expect(stderr).toContain('the daemon of this profile has ended')
  expect(code).toBe(1)
})
