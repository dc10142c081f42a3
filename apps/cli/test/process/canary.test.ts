import { readFileSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, type Ended, jsonLines, type Sandbox } from './cli.ts'
import { filesBelow, formsOf } from './on-disk.ts'

const password = 'canary-password-7f3a91'
const privateKeys = { alice: 'a1'.repeat(32), bob: 'b2'.repeat(32) }
const spoken = 'canary-text-55e0c2'
const tokenSecret = 'c3'.repeat(32)
const token = 'canary-token-91bd07'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox(password)
})
afterEach(() => sandbox.dispose())

type Run = (args: string[], input?: string) => Promise<Ended>

/** The daemon at its most talkative, and everything that is said through it: by commands, `call`, a wrong token and nonsense. */
async function throughDaemon(run: Run, bob: string, enode: string, outputs: string[]): Promise<void> {
  const secretFile = join(sandbox.folder, 'secret.hex')
  writeFileSync(secretFile, tokenSecret, { mode: 0o600 })
  const daemon = sandbox.start(
    ['--verbose', '--json', '--profile', 'alice', 'daemon', '--peer', enode, '--ws', '127.0.0.1:0'].concat([
      '--secret-file',
      secretFile
    ])
  )
  await daemon.until(/"event":"ready"/)
  await daemon.until(/"state":"connected"/)
  const [path = '', url = ''] = jsonLines(daemon.stdout())
    .filter(line => line['event'] === 'serving')
    .map(line => String(line['url']))
  const alice = (args: string[], input?: string): Promise<Ended> =>
    run(['--json', '--verbose', '--profile', 'alice', ...args], input)
  const sent = await alice(['send', '--to', bob, '-'], `${spoken} said`)
  const id = String(jsonLines(sent.stdout).find(line => line['event'] === 'sent')?.['messageId'])
  expect((await alice(['edit', id, '-'], `${spoken} edited`)).code).toBe(0)
  expect((await alice(['react', id, 'love'])).code).toBe(0)
  expect((await alice(['call', 'send', '-'], JSON.stringify({ chat: bob, text: `${spoken} called` }))).code).toBe(0)
  expect((await alice(['call', 'send', '-'], JSON.stringify({ chat: 'nobody', text: spoken }))).code).toBe(1)
  expect((await alice(['call', 'send', '-'], `{"chat":"${spoken}`)).code).toBe(2)
  expect((await alice(['send', '--to', bob, '--image', '-'], spoken)).code).toBe(2)
  const answers = await new Promise<string>(resolve => {
    const socket = createConnection(path)
    let text = ''
    socket.setEncoding('utf8').on('data', chunk => {
      text += chunk
    })
    socket.on('close', () => resolve(text))
    socket.write(`{"id":1,"method":"edit","params":{"messageId":"${id}","text":["${spoken}"]}} ${spoken}`)
  })
  expect(answers).toContain('-32700')
  outputs.push(answers)
  const refused = await fetch(url.replace('ws:', 'http:'), { headers: { authorization: `Bearer ${token}` } })
  outputs.push(await refused.text())
  daemon.child.kill('SIGTERM')
  const { code, stdout, stderr } = await daemon.ended
  expect(code).toBe(0)
  outputs.push(stdout, stderr)
}

test('planted keys, passwords and messages are in no log, error, argument list, JSON line or file', async () => {
  const outputs: string[] = []
  const commandLines: string[] = []
  const run = async (args: string[], input?: string) => {
    const running = sandbox.start(args)
    commandLines.push(readFileSync(`/proc/${running.child.pid}/cmdline`, 'utf8'))
    running.child.stdin?.end(input ?? '')
    const ended = await running.ended
    outputs.push(ended.stdout, ended.stderr)
    return ended
  }
  const keys: Record<string, string> = {}
  for (const [name, key] of Object.entries(privateKeys)) {
    const keyFile = join(sandbox.folder, `${name}.hex`)
    writeFileSync(keyFile, key, { mode: 0o600 })
    const made = await run([
      '--json',
      '--verbose',
      '--profile',
      name,
      'init',
      '--light-kdf',
      '--private-key-file',
      keyFile
    ])
    keys[name] = String(jsonLines(made.stdout)[0]?.['text'])
  }
  const relay = sandbox.start(['--verbose', 'node', '--ephemeral', '--listen', '127.0.0.1:0'])
  const enode = (await relay.until(/enode:\/\/\S+/))[0]
  const bob = sandbox.start(['--verbose', '--profile', 'bob', 'chat', '--to', keys['alice'] ?? '', '--peer', enode])
  const alice = sandbox.start(['--verbose', '--profile', 'alice', 'chat', '--to', keys['bob'] ?? '', '--peer', enode])
  await Promise.all([alice.until(/connected to/), bob.until(/connected to/)])
  alice.type(spoken)
  await bob.until(new RegExp(`${spoken} {2}\\[`))
  bob.type(`${spoken} too`)
  await alice.until(new RegExp(`${spoken} too {2}\\[`))
  for (const chat of [alice, bob]) chat.type('/quit')
  await Promise.all([alice.ended, bob.ended])
  await throughDaemon(run, keys['bob'] ?? '', enode, outputs)
  relay.child.kill('SIGTERM')
  await relay.ended
  // What a person reads in the conversation is the one place where the text belongs.
  outputs.push(relay.stdout(), relay.stderr(), alice.stderr(), bob.stderr())
  writeFileSync(join(sandbox.folder, 'wrong.txt'), `${password}-wrong`)
  await run([
    '--json',
    '--verbose',
    '--profile',
    'alice',
    'listen',
    '--for',
    '1',
    '--password-file',
    join(sandbox.folder, 'wrong.txt')
  ])
  await run(['--verbose', '--profile', 'alice', 'send', '--to', 'nobody', 'x'])

  const secrets = [
    ...formsOf(password),
    ...Object.values(privateKeys).flatMap(key => formsOf(key, 'hex')),
    ...formsOf(spoken),
    ...formsOf(tokenSecret, 'hex'),
    ...formsOf(token)
  ]
  for (const text of [...outputs, ...commandLines]) {
    for (const secret of secrets)
      expect(Buffer.from(text).includes(secret), `a secret is in: ${text.slice(0, 200)}`).toBe(false)
  }
  let looked = 0
  for (const file of filesBelow(sandbox.dataFolder)) {
    const content = readFileSync(file)
    looked++
    for (const secret of secrets) expect(content.includes(secret), `a secret is in the file ${file}`).toBe(false)
  }
  expect(looked).toBeGreaterThan(4)
})
