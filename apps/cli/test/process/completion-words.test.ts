import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseKey, shortKey } from '@status-stack/account-rpc/targets'
import { bytesToHex, generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { jsonLines, makeIdentity, type Sandbox } from './cli.ts'
import { type createTerminals, hasTerminal, useTerminals } from './terminal.ts'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

let sandbox: Sandbox
let terminals: ReturnType<typeof createTerminals>
useTerminals('completion in shells is not tried', (own, its) => {
  sandbox = own
  terminals = its
})

const programs = (): string => join(sandbox.folder, 'bin')

/** The program where a shell finds it, without a password: it would have to ask for one. */
function installProgram(): void {
  mkdirSync(programs())
  const file = join(programs(), 'status-stack')
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${main}' --data-dir '${sandbox.dataFolder}' "$@"\n`)
  chmodSync(file, 0o755)
}

/** What the program knows of a kind, as the scripts ask it. */
function words(kind: string, typed = '', line: readonly string[] = []) {
  const asked = [main, '--data-dir', sandbox.dataFolder, 'complete-words', kind, typed, '--', 'status-stack', ...line]
  const { stdout, stderr, status } = spawnSync(process.execPath, asked, { encoding: 'utf8', input: '' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout.split('\n').filter(row => row !== '')
}

/** The key of a node that does not exist. */
const nodeKey = bytesToHex(publicKeyOf(generatePrivateKey()).subarray(1))

/** A daemon of alice, who knows bob by a name, is in a public chat and in a group. */
async function startDaemon() {
  const alice = await makeIdentity(sandbox, 'alice')
  const bob = await makeIdentity(sandbox, 'bob')
  const daemon = sandbox.start(['--profile', 'alice', 'daemon', '--peer', `enode://${nodeKey}@127.0.0.1:1`])
  await daemon.until(/serving; Ctrl-C/)
  const call = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const args = ['--json', '--profile', 'alice', 'call', method, JSON.stringify(params)]
    return jsonLines((await sandbox.run(args)).stdout)[0]?.['result'] as Record<string, unknown>
  }
  await call('joinChat', { chat: '#climbing' })
  await call('addContact', { publicKey: bob })
  await call('setName', { publicKey: bob, name: 'Bob Ross' })
  const group = String((await call('createGroup', { name: 'ropes', members: [bob] }))['id'])
  return { alice, bob, group, daemon }
}

test('with a daemon the program knows chats, contacts and groups; without one what is plain, and asks for no password', async () => {
  expect(words('chats')).toEqual([])
  expect(words('profiles')).toEqual([])
  expect(words('reactions', 'thumbs')).toEqual(['thumbs-up\t👍', 'thumbs-down\t👎'])
  const { bob, group, daemon } = await startDaemon()
  expect(words('profiles')).toEqual(['alice\t', 'bob\t'])
  // The default profile has no daemon; the line names the one that has.
  expect(words('chats')).toEqual([])
  for (const line of [
    ['--profile', 'alice', 'send', '--to'],
    ['send', '--profile=alice', '--to']
  ]) {
    expect(words('contacts', '', line)).toEqual([`Bob-Ross\t${shortKey(parseKey(bob))}`])
    expect(words('groups', '', line)).toEqual([`ropes\t${group}`])
    expect(words('channels', '', line)).toEqual(['#climbing\t'])
    expect(words('chats', '', line)).toEqual(['#climbing\t', `ropes\t${group}`, `Bob-Ross\t${shortKey(parseKey(bob))}`])
    expect(words('chats', 'bo', line)).toEqual([`Bob-Ross\t${shortKey(parseKey(bob))}`])
    // Who types a key gets keys.
    expect(words('chats', 'zq3', line)).toEqual([`${bob}\tBob-Ross`])
    expect(words('chats', '#c', line)).toEqual(['#climbing\t'])
  }
  daemon.child.kill('SIGTERM')
  await daemon.ended
  expect(words('chats', '', ['--profile', 'alice'])).toEqual([])
})

test('completionMs: a daemon that does not answer holds up no shell', async () => {
  await makeIdentity(sandbox, 'default')
  const socket = join(sandbox.folder, 'silent')
  const server = createServer()
  await new Promise<void>(resolve => server.listen(socket, resolve))
  const holder = join(sandbox.dataFolder, 'default', 'holder.json')
  writeFileSync(holder, JSON.stringify({ pid: process.pid, command: 'daemon', socket }))
  expect(words('chats')).toEqual([])
  await new Promise(resolve => server.close(resolve))
})

const shells = {
  bash: { command: 'bash --norc --noprofile', ready: (script: string) => `PS1='ready> '; source '${script}'` },
  zsh: {
    command: 'zsh -f',
    ready: (script: string) =>
      `PS1='ready> '; autoload -U compinit; compinit -u -d '${script}.dump'; source '${script}'`
  },
  fish: {
    command: 'fish --no-config',
    ready: (script: string) => `function fish_prompt; echo -n 'ready> '; end; source '${script}'`
  }
} as const

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  const there = hasTerminal && spawnSync(shell, ['--version']).status === 0
  if (!there) console.warn(`${shell} or tmux is not installed: what a running daemon knows is not completed there`)
  test.runIf(there)(`${shell} completes profiles, settings, reactions, and what the daemon knows`, async () => {
    const { bob, group } = await startDaemon()
    installProgram()
    const script = join(sandbox.folder, `completion.${shell}`)
    writeFileSync(script, (await sandbox.run(['completion', shell])).stdout)
    const { command, ready } = shells[shell]
    const prompt = terminals.openShell(
      shell,
      230,
      24,
      `env HOME='${sandbox.folder}' PATH='${programs()}':"$PATH" ${command}`
    )
    prompt.type(` ${ready(script)}; clear`)
    prompt.press('Enter')
    await prompt.until(/^ready>\s*$/m)
    for (const [typed, completed] of [
      // The first Tab of this shell.
      ['status-stack --profile al', /status-stack --profile alice$/m],
      ['status-stack config set on_mess', /config set on_message$/m],
      ['status-stack react 0x00 thumbs-u', /react 0x00 thumbs-up$/m],
      ['status-stack --profile alice send --to zQ3', new RegExp(`--to ${bob}`)],
      ['status-stack --profile alice seen zQ3', new RegExp(`seen ${bob}`)],
      ['status-stack --profile alice send --to Bo', /send --to Bob-Ross/],
      ['status-stack --profile alice group show ro', /group show ropes/],
      [`status-stack --profile alice group show ${group.slice(0, 6)}`, new RegExp(`group show ${group.slice(0, 40)}`)],
      // Quoted as the shell needs it.
      ['status-stack --profile alice chats leave ', /chats leave ['"\\]*#climbing/]
    ] as const) {
      prompt.type(typed)
      prompt.press('Tab')
      await prompt.until(completed)
      prompt.press('C-c')
      prompt.type(' clear')
      prompt.press('Enter')
      await prompt.until(/^ready>\s*$/m)
    }
  })
}
