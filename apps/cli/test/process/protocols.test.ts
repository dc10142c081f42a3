import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, type Running, type Sandbox } from './cli.ts'
import { startMail } from './mail.ts'
import { undocumented } from './world/documentation.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const identity = (profile: string): Promise<string> => makeIdentity(sandbox, profile)
const as = (profile: string, ...args: string[]) => sandbox.run(['--json', '--profile', profile, ...args])
const messages = (stdout: string) => jsonLines(stdout).filter(line => line['event'] === 'message')

/** A node in a process of its own. */
async function startNode(...args: string[]): Promise<{ running: Running; enode: string; webSocket: string }> {
  const running = sandbox.start(['--json', 'node', '--ephemeral', '--listen', '127.0.0.1:0', ...args])
  await running.until(/"event":"ready"/)
  const lines = jsonLines(running.stdout().slice(0, running.stdout().lastIndexOf('\n')))
  return {
    running,
    enode: String(lines.find(line => line['event'] === 'listening')?.['enode']),
    webSocket: String(lines.find(line => line['what'] === 'websocket')?.['url'])
  }
}

/** One message from one profile to another, who listens meanwhile. */
async function exchange(
  [from, ...fromArgs]: readonly [string, ...string[]],
  [to, toKey, ...toArgs]: readonly [string, string, ...string[]],
  text: string
): Promise<Record<string, unknown> | undefined> {
  const listening = sandbox.start(['--json', '--profile', to, 'listen', ...toArgs, '--count', '1', '--for', '120'])
  await listening.until(/"state":"connected"/)
  const sent = await as(from, 'send', '--to', toKey, ...fromArgs, '--wait', 'acknowledged', '--timeout', '120', text)
  expect(sent.code, sent.stdout + sent.stderr).toBe(0)
  expect(undocumented(jsonLines(sent.stdout))).toEqual([])
  return messages((await listening.ended).stdout)[0]
}

describe('Whisper and Waku', () => {
  test('people of either talk through a node of both, forward-secret', async () => {
    const [aliceKey, bobKey] = [await identity('alice'), await identity('bob')]
    const { running, enode } = await startNode('--privacy', 'both')
    const whisper = ['--peer', enode, '--privacy', 'whisper']
    const waku = ['--peer', enode, '--privacy', 'waku']
    const first = await exchange(['alice', ...whisper], ['bob', bobKey, ...waku], 'from Whisper')
    expect(first).toMatchObject({ text: 'from Whisper', protection: 'static-key' })
    const second = await exchange(['bob', ...waku], ['alice', aliceKey, ...whisper], 'from Waku')
    expect(second).toMatchObject({ text: 'from Waku', protection: 'forward-secret' })
    const third = await exchange(['alice', ...whisper], ['bob', bobKey, ...waku], 'and again')
    expect(third).toMatchObject({ text: 'and again', protection: 'forward-secret' })
    running.child.kill('SIGTERM')
    const { stdout } = await running.ended
    expect(undocumented(jsonLines(stdout))).toEqual([])
    const status = jsonLines(stdout).findLast(line => line['event'] === 'status')
    const carried = { accepted: expect.any(Number), dropped: 0 }
    expect(status).toMatchObject({ bridge: { toWaku: carried, toWhisper: carried } })
  })

  test('one archive of a mailserver of both serves either', async () => {
    const [aliceKey, bobKey] = [await identity('alice'), await identity('bob')]
    const mail = await startMail(sandbox, { args: ['--privacy', 'both'] })
    const protocol = { alice: 'whisper', bob: 'waku' } as const
    for (const [from, to, toKey, text] of [
      ['alice', 'bob', bobKey, 'for Waku'],
      ['bob', 'alice', aliceKey, 'for Whisper']
    ] as const) {
      const flags = ['--peer', mail.enode, '--privacy', protocol[from], '--wait', 'confirmed']
      const sent = await as(from, 'send', '--to', toKey, ...flags, text)
      expect(sent.code, sent.stdout).toBe(0)
      // Nothing is in the pool any more.
      await mail.restart()
      const fetched = await as(to, 'fetch', '--mailserver', mail.enode, '--privacy', protocol[to])
      expect(fetched.code, fetched.stdout).toBe(0)
      const [message] = messages(fetched.stdout)
      expect(message).toMatchObject({ text, source: { mailserver: expect.stringMatching(/^[0-9a-f]{64}$/) } })
    }
  })

  test('a client of both has peers in both networks', async () => {
    const [, bobKey] = [await identity('alice'), await identity('bob')]
    const [whisper, waku] = [await startNode(), await startNode('--privacy', 'waku')]
    const bob = ['--privacy', 'both', '--peer', waku.enode, '--peer', whisper.enode]
    const alice = ['--peer', whisper.enode]
    expect(await exchange(['alice', ...alice], ['bob', bobKey, ...bob], 'by Whisper')).toMatchObject({
      text: 'by Whisper'
    })
    const onlyWaku = ['--peer', waku.enode, '--privacy', 'waku']
    expect(await exchange(['alice', ...onlyWaku], ['bob', bobKey, ...bob], 'by Waku')).toMatchObject({
      text: 'by Waku',
      protection: 'forward-secret'
    })
  })

  test('who shares no protocol is told so, by doctor too, and how to go on', async () => {
    await identity('alice')
    const { running, enode } = await startNode()
    const listening = sandbox.start(['--profile', 'alice', 'listen', '--peer', enode, '--privacy', 'waku'])
    await listening.until(/no shared protocol with \S+: it speaks shh\/6; see --privacy/)
    await running.until(/"reason":"useless-peer".*"theirs":"waku\/1"/)
    const said = await as('alice', 'doctor', '--peer', enode, '--privacy', 'waku')
    expect(said.code).toBe(1)
    const finding = jsonLines(said.stdout).find(line => String(line['check']).startsWith('peer '))
    expect(finding).toMatchObject({
      state: 'problem',
      message: 'no shared protocol: they speak shh/6, you speak waku/1',
      hint: expect.stringContaining('--privacy whisper')
    })
    const well = await as('alice', 'doctor', '--peer', enode, '--privacy', 'both')
    const attached = jsonLines(well.stdout).find(line => String(line['check']).startsWith('peer '))
    expect(attached).toMatchObject({ state: 'ok', message: expect.stringContaining('Whisper attached') })
  })

  test('a daemon has its own protocol', async () => {
    await identity('alice')
    const daemon = sandbox.start(['--json', '--profile', 'alice', 'daemon', '--privacy', 'waku'])
    await daemon.until(/"event":"ready"/)
    const { code, stdout } = await as('alice', 'send', '--to', '#chat', '--privacy', 'whisper', 'hello')
    expect(code).toBe(5)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ message: expect.stringContaining('--privacy') })
  })
})

describe('a node with a WebSocket', () => {
  test('is dialed at its ws URL: as a peer, as a mailserver, by a node, and by doctor', async () => {
    const [, bobKey] = [await identity('alice'), await identity('bob')]
    const mail = sandbox.start([
      '--json',
      ...['mailserver', '--ephemeral', '--archive', `${sandbox.folder}/archive`, '--listen', '127.0.0.1:0'],
      ...['--ws-listen', '127.0.0.1:0/rlpx', '--ws-origin', 'https://app.example']
    ])
    const url = (await mail.until(/ws:\/\/[0-9a-f]{128}@127\.0\.0\.1:\d+\/rlpx/))[0]
    await mail.until(/"event":"ready"/)
    const { running } = await startNode('--peer', url)
    await running.until(/"state":"connected"/)
    const sent = await as('alice', 'send', '--to', bobKey, '--peer', url, '--wait', 'confirmed', 'over WebSocket')
    expect(sent.code, sent.stdout).toBe(0)
    const fetched = await as('bob', 'fetch', '--mailserver', url)
    expect(fetched.code, fetched.stdout).toBe(0)
    expect(messages(fetched.stdout)).toMatchObject([{ text: 'over WebSocket' }])
    const said = await as('alice', 'doctor', '--mailserver', url)
    const findings = jsonLines(said.stdout).filter(line => String(line['check']).includes('mailserver '))
    expect(findings.map(({ state }) => state)).not.toContain('problem')
    expect(findings.map(({ message }) => message)).toContain('it answers')
    expect(undocumented(jsonLines(said.stdout))).toEqual([])
  })

  test.each([
    [['--ws-listen', 'somewhere'], 'not an address to listen on'],
    [['--ws-listen', '127.0.0.1:0', '--ws-origin', 'app.example'], 'expected an origin'],
    [['--ws-listen', '127.0.0.1:0', '--ws-url', 'https://node.example'], 'ws'],
    [['--ws-listen', '127.0.0.1:0', '--ws-trusted-proxy', 'anywhere'], ''],
    [['--peer', 'wss://abc@node.example'], 'not an enode, ws or wss URL'],
    [['--privacy', 'both', '--light'], 'light']
  ])('%j is exit code 2', async (args, sentence) => {
    const { code, stderr } = await sandbox.run(['node', '--ephemeral', '--listen', '127.0.0.1:0', ...args])
    expect(stderr).toContain(sentence)
    expect(code, stderr).toBe(2)
  })
})
