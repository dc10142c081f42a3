import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

type Json = Record<string, unknown>

const docs = readFileSync(new URL('../../../../docs/daemon.md', import.meta.url), 'utf8')
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1] ?? ''

const init = async (name: string): Promise<string> =>
  String(jsonLines((await sandbox.run(['--json', '--profile', name, 'init', '--light-kdf'])).stdout)[0]?.['text'])

const as = async (name: string, args: string[], input?: string) => {
  const ended = await sandbox.run(['--json', '--profile', name, ...args], input)
  return { ...ended, lines: jsonLines(ended.stdout) }
}

const event = (lines: readonly Json[], name: string): Json | undefined => lines.find(line => line['event'] === name)

function runScript(command: string, args: readonly string[]): Promise<{ code: number | null; text: string }> {
  return new Promise(resolve => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
    child.on('close', code => resolve({ code, text }))
  })
}

test('commands print the same through a daemon and without one; programs of the documentation run', async () => {
  const [, bob] = [await init('alice'), await init('bob')]
  const relay = sandbox.start(['node', '--ephemeral', '--listen', '127.0.0.1:0'])
  const enode = (await relay.until(/enode:\/\/\S+/))[0]
  const first = await as('alice', ['send', '--to', bob, '--peer', enode, '--client-tag', 'a', 'hello'])
  const id = String(event(first.lines, 'sent')?.['messageId'])
  const readers = [
    ['history', bob],
    ['chats'],
    ['contacts'],
    ['devices'],
    ['group', 'list'],
    ['history', bob, '--search', 'HELL'],
    ['history', '--search', 'HELL']
  ]
  const alone: string[] = []
  for (const args of readers) alone.push((await as('alice', args)).stdout)

  const daemon = sandbox.start(['--profile', 'alice', 'daemon', '--peer', enode])
  await daemon.until(/serving; Ctrl-C/)
  await daemon.until(/connected to/)
  // The socket is its owner's: no password is asked for.
  const none = ['--password-file', join(sandbox.folder, 'no such file')]
  for (const [n, args] of readers.entries()) {
    const shared = await as('alice', [...args, ...none])
    expect(shared.stdout, args.join(' ')).toBe(alone[n])
    expect(shared.code).toBe(0)
  }
  const again = await as('alice', ['send', '--to', bob, '--client-tag', 'a', 'hello', ...none])
  expect([again.code, event(again.lines, 'sent')]).toEqual([0, event(first.lines, 'sent')])
  const edited = await as('alice', ['edit', id, 'better', '--wait', 'confirmed', ...none])
  expect([edited.code, event(edited.lines, 'edited')]).toMatchObject([0, { messageId: id }])
  // Nobody of bob's is there to acknowledge it.
  const late = await as('alice', ['react', id, 'love', '--wait', 'acknowledged', '--timeout', '0.3', ...none])
  expect(event(late.lines, 'reacted')).toMatchObject({ messageId: id, emoji: 'love' })
  const slow = await as('alice', ['send', '--to', bob, 'x', '--wait', 'acknowledged', '--timeout', '0.3', ...none])
  expect([slow.code, slow.lines.at(-1)]).toMatchObject([7, { code: 'not-acknowledged' }])
  const unknown = await as('alice', ['ledger', `0x${'00'.repeat(32)}`, ...none])
  expect([unknown.code, unknown.lines.at(-1)]).toMatchObject([1, { code: 'unknown-message' }])
  const simulated = await as('alice', ['send', '--to', bob, 'x', '--simulate-network', 'loss=0.1'])
  expect([simulated.code, simulated.lines.at(-1)]).toMatchObject([5, { code: 'profile-locked' }])
  const exported = await as('alice', ['account', 'export', '--out', join(sandbox.folder, 'x')])
  expect([exported.code, exported.lines.at(-1)]).toMatchObject([
    5,
    { code: 'profile-locked', message: expect.stringContaining('`daemon`'), hint: expect.stringContaining('call') }
  ])

  // `call`: a result, an event that it brings about, a refusal, stdin.
  const called = await as('alice', ['call', 'history', JSON.stringify({ chat: bob, limit: 2 }), ...none])
  expect(event(called.lines, 'result')).toMatchObject({
    method: 'history',
    result: [{ text: 'x' }, { text: 'better' }]
  })
  const listened = await as(
    'alice',
    ['call', 'send', '-', '--subscribe', 'message,delivery', '--count', '1', '--for', '60', ...none],
    JSON.stringify({ chat: bob, text: 'by hand' })
  )
  expect(listened.code).toBe(0)
  expect(listened.lines.some(line => line['event'] === 'message' || line['event'] === 'delivery')).toBe(true)
  // A picture is longer than any text may be.
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(60_000, 7)]).toString('base64')
  const large = await as('alice', ['call', 'send', '-', ...none], JSON.stringify({ chat: bob, image: picture }))
  expect([large.code, event(large.lines, 'result')], large.stdout).toMatchObject([0, { result: { event: 'sent' } }])
  const empty = await as('alice', ['call', 'send', '-', ...none], '')
  expect([empty.code, empty.lines.at(-1)]).toMatchObject([2, { code: 'params' }])
  const refused = await as('alice', ['call', 'send', '{"chat":"nobody"}', ...none])
  expect([refused.code, refused.lines.at(-1)]).toMatchObject([1, { code: 'public-key' }])
  const slip = await as('alice', ['call', 'sned', ...none])
  expect([slip.code, slip.lines.at(-1)]).toMatchObject([
    2,
    { code: 'no-method', hint: expect.stringContaining('send') }
  ])
  expect((await as('bob', ['call', 'chats'])).code).toBe(4)

  // On another pipe than the words on stderr: it may come later.
  const [path] = await daemon.until(/^\/.*(?=\n)/m)
  const script = join(sandbox.folder, 'client.mjs')
  writeFileSync(script, block('js'))
  const node = await runScript(process.execPath, [script, path])
  expect(node).toEqual({ code: 0, text: expect.stringMatching(/hello from Node\n$/) })
  if (spawnSync('python3', ['--version']).status === 0) {
    const python = join(sandbox.folder, 'client.py')
    writeFileSync(python, block('python'))
    expect(await runScript('python3', [python, path])).toEqual({ code: 0, text: 'hello from Python\n' })
  } else console.warn('python3 is not here: its client was not run')

  // While it goes, what was asked is answered; then nobody can reach it.
  const waiting = sandbox.start(['--json', '--profile', 'alice', 'listen'])
  await waiting.until(/"event":"ready"/)
  daemon.child.kill('SIGTERM')
  expect((await daemon.ended).code).toBe(0)
  const left = await waiting.ended
  expect([left.code, jsonLines(left.stdout).at(-1)]).toMatchObject([1, { code: 'daemon-gone' }])
  expect((await as('alice', ['chats', ...none])).code).toBe(3)
})

test('on stdin and stdout: only JSON-RPC comes out, and the end of stdin is the end', async () => {
  const text = await init('alice')
  const daemon = sandbox.start(['--profile', 'alice', 'daemon', '--stdio'])
  daemon.child.stdin?.end(
    '{"jsonrpc":"2.0","id":1,"method":"identity"}[{"id":2,"method":"chats"},{"id":3,"method":"x"}]\n'
  )
  const { code, stdout, stderr } = await daemon.ended
  expect(code).toBe(0)
  const answers = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Json | Json[])
  expect(answers).toHaveLength(2)
  expect(answers).toContainEqual(expect.objectContaining({ id: 1, result: expect.objectContaining({ text }) }))
  expect(answers).toContainEqual([
    { jsonrpc: '2.0', id: 2, result: [] },
    expect.objectContaining({ error: expect.objectContaining({ code: -32601 }) })
  ])
  expect(stderr).toContain('the end of stdin ends it')
})
