import { generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { capability, createWhisper } from '@status-stack/whisper'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, type Sandbox } from './cli.ts'
import { startMail } from './mail.ts'
import { startOther } from './peers.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const identity = (profile: string): Promise<string> => makeIdentity(sandbox, profile)

const as = (profile: string, ...args: string[]) => sandbox.run(['--json', '--profile', profile, ...args])
const messages = (stdout: string) => jsonLines(stdout).filter(line => line['event'] === 'message')

describe('messages of the time offline', () => {
  test('are fetched when the sender and the pools are gone, once, with progress', async () => {
    const [, bobKey] = [await identity('alice'), await identity('bob')]
    const mail = await startMail(sandbox)
    for (const text of ['one', 'two', 'three']) {
      const sent = await as('alice', 'send', '--to', bobKey, '--peer', mail.enode, '--wait', 'confirmed', text)
      expect(sent.code, sent.stdout).toBe(0)
    }
    await mail.restart()
    const first = await as('bob', 'fetch', '--mailserver', mail.enode)
    expect(first.code, first.stdout).toBe(0)
    expect(messages(first.stdout).map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    const [{ source } = {}] = messages(first.stdout)
    const { mailserver } = source as { mailserver: string }
    const lines = jsonLines(first.stdout)
    expect(lines.filter(line => line['event'] === 'history').map(({ state }) => state)).toEqual([
      'started',
      'page',
      'done'
    ])
    expect(lines.find(line => line['event'] === 'fetched')).toMatchObject({ mailserver, pages: 1, messages: 3 })
    const again = await as('bob', 'fetch', '--since', '24h', '--mailserver', mail.enode)
    expect(again.code, again.stdout).toBe(0)
    expect(messages(again.stdout)).toEqual([])
    expect(jsonLines(again.stdout).find(line => line['event'] === 'fetched')).toMatchObject({ messages: 0 })
  })

  test('of one conversation come before its history is shown; people see progress on stderr', async () => {
    await identity('alice')
    await identity('bob')
    const mail = await startMail(sandbox)
    for (const name of ['cats', 'dogs'])
      await as('alice', 'send', '--to', `#${name}`, '--peer', mail.enode, '--wait', 'confirmed', `all about ${name}`)
    await mail.restart()
    const args = ['--profile', 'bob', 'history', '#cats', '--fetch', '--mailserver', mail.enode]
    const { code, stdout, stderr } = await sandbox.run(args)
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^\d\d:\d\d #cats .*all about cats {2}\[public\]\n$/)
    expect(stderr).toMatch(
      /asking mailserver[\s\S]*fetching history: 1 page, 1 envelope[\s\S]*1 new message; mailserver/
    )
  })

  test('come by themselves to whoever listens, and the second mailserver serves when the first is down', async () => {
    const [, bobKey] = [await identity('alice'), await identity('bob')]
    const [down, mail] = [await startMail(sandbox), await startMail(sandbox)]
    await down.stop()
    await as('alice', 'send', '--to', bobKey, '--peer', mail.enode, '--wait', 'confirmed', 'hello')
    await mail.restart()
    const servers = ['--mailserver', down.enode, '--mailserver', mail.enode]
    const fetched = await as('bob', 'fetch', ...servers)
    expect(fetched.code, fetched.stdout).toBe(0)
    expect(messages(fetched.stdout)).toHaveLength(1)
    await as('alice', 'send', '--to', bobKey, '--peer', mail.enode, '--wait', 'confirmed', 'hello again')
    await mail.restart()
    const listening = await as('bob', 'listen', ...servers, '--count', '1', '--for', '60')
    expect(listening.code, listening.stdout).toBe(0)
    expect(messages(listening.stdout)[0]).toMatchObject({
      text: 'hello again',
      source: { mailserver: expect.stringMatching(/^[0-9a-f]{64}$/) }
    })
  })

  test('come from the next mailserver when the only connected one dies before any other is there', async () => {
    await identity('alice')
    await identity('bob')
    const mail = await startMail(sandbox)
    await as('alice', 'send', '--to', '#cats', '--peer', mail.enode, '--wait', 'confirmed', 'all about cats')
    await mail.stop()
    const dying = await startOther({ host: { listen: { host: '127.0.0.1', port: 0 } }, whisper: { minPow: 0 } })
    let asked = 0
    let turnover: Promise<void> | undefined
    dying.whisper.serve({
      request: async () => {
        asked += 1
        // Not waited for: its end waits for what it is answering.
        turnover = dying.stop().then(mail.restart)
      }
    })
    const servers = [dying.host.enode(), mail.enode].flatMap(enode => ['--mailserver', enode])
    const { code, stdout } = await as('bob', 'fetch', '#cats', ...servers)
    expect(code, stdout).toBe(0)
    expect(asked).toBe(1)
    await turnover
    expect(messages(stdout).map(({ text }) => text)).toEqual(['all about cats'])
  })

  test('a contact link names the peers and the mailserver of its owner', async () => {
    await identity('alice')
    await identity('bob')
    const mail = await startMail(sandbox)
    const link = async (profile: string): Promise<string> => {
      const args = ['keys', 'link', '--peer', mail.enode, '--mailserver', mail.enode]
      return String(jsonLines((await as(profile, ...args)).stdout)[0]?.['link'])
    }
    const [aliceLink, bobLink] = [await link('alice'), await link('bob')]
    // Who gets a link gets no password by it.
    const closed = { STATUS_STACK_MAILSERVERS: mail.withPassword('of-our-own') }
    const ofClosed = sandbox.start(['--json', '--profile', 'alice', 'keys', 'link', '--peer', mail.enode], closed)
    expect(jsonLines((await ofClosed.ended).stdout)[0]).toMatchObject({ link: aliceLink })
    const added = await as('alice', 'contacts', 'add', bobLink)
    expect(added.code, added.stdout).toBe(0)
    const sent = await as('alice', 'send', '--to', bobLink, '--wait', 'confirmed', 'by your link')
    expect(sent.code, sent.stdout).toBe(0)
    await mail.restart()
    const { code, stdout } = await as('bob', 'history', aliceLink, '--fetch')
    expect(code, stdout).toBe(0)
    expect(messages(stdout)).toMatchObject([{ text: 'by your link' }])
  })
})

/** The generator of the curve: a key that is valid and nobody's. */
const someNode =
  'enode://79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'

describe('a fetch that cannot be', () => {
  test('without a mailserver is exit code 2 and says how to name one', async () => {
    await identity('bob')
    const { code, stderr } = await sandbox.run(['--profile', 'bob', 'fetch'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/no mailserver is set\n.*--mailserver/)
  })

  test.each([
    [['--since', 'yesterday'], 'expected how long ago'],
    [['--since', '24'], 'expected how long ago'],
    [['--since', '2999-01-01'], 'not in the future'],
    [['--since', '2026-13-01'], 'expected how long ago'],
    [['--since', '1h', '--until', '2h'], 'ends before it begins'],
    [
      ['--mailserver', 'enode://id:status-offline-inbox@nowhere'],
      'not the enode URL of a mailserver: enode://id:…@nowhere'
    ],
    [['--mailserver', `${someNode}:secret@127.0.0.1:1`], 'a password in an argument can be read']
  ])('because of %j is exit code 2', async (args, sentence) => {
    const { code, stderr } = await sandbox.run(['fetch', '--mailserver', `${someNode}@127.0.0.1:1`, ...args])
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('secret')
    expect(code).toBe(2)
  })

  test('with no server in reach is exit code 4', async () => {
    await identity('bob')
    const mail = await startMail(sandbox)
    await mail.stop()
    const { code, stdout } = await as('bob', 'fetch', '--timeout', '2', '--mailserver', mail.enode)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'error', code: 'mailserver-unreachable' })
    expect(code).toBe(4)
  })

  test('with a server that dies and stays away is reported once the time is over', async () => {
    await identity('bob')
    const dying = await startOther({ host: { listen: { host: '127.0.0.1', port: 0 } }, whisper: { minPow: 0 } })
    dying.whisper.serve({ request: async () => void dying.stop() })
    const { code, stdout } = await as('bob', 'fetch', '--timeout', '3', '--mailserver', dying.host.enode())
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'error', code: 'mailserver-lost' })
    expect(code).toBe(1)
  })

  test('with the wrong password is exit code 1, and no password is printed', async () => {
    await identity('bob')
    const mail = await startMail(sandbox, { password: 'the-right-one' })
    const wrong = mail.withPassword('a-wrong-one')
    const fetch = (url: string) =>
      sandbox.start(['--json', '--profile', 'bob', '--verbose', 'fetch'], { STATUS_STACK_MAILSERVERS: url }).ended
    const { code, stdout, stderr } = await fetch(wrong)
    expect(jsonLines(stdout).at(-1)).toMatchObject({
      event: 'error',
      code: 'mailserver-refused',
      message: 'the mailserver refused: failed to decrypt p2p request',
      hint: expect.stringContaining('password')
    })
    expect(code).toBe(1)
    const right = await fetch(mail.withPassword('the-right-one'))
    expect(right.code, right.stdout).toBe(0)
    const config = await sandbox.start(['config', 'show', '--origin'], { STATUS_STACK_MAILSERVERS: wrong }).ended
    expect(config.stdout).toContain(':…@127.0.0.1')
    for (const text of [stdout, stderr, right.stdout, right.stderr, config.stdout])
      expect(text).not.toMatch(/a-wrong-one|the-right-one/)
  })

  test('that is interrupted is exit code 130, before the server is reached and while it works', async () => {
    await identity('bob')
    const waiting = sandbox.start(['--profile', 'bob', 'fetch', '--mailserver', `${someNode}@127.0.0.1:1`])
    await waiting.until(/cannot reach/)
    waiting.child.kill('SIGINT')
    expect((await waiting.ended).code).toBe(130)
    const slow = await silentMailserver()
    try {
      const running = sandbox.start(['--profile', 'bob', 'fetch', '--mailserver', slow.enode])
      await slow.asked
      running.child.kill('SIGINT')
      expect((await running.ended).code).toBe(130)
    } finally {
      await slow.stop()
    }
  })
})

/** A node that takes requests and answers none. */
async function silentMailserver() {
  const whisper = createWhisper({}, { powWorkers: 0 })
  const asked = new Promise<void>(resolve => {
    whisper.serve({ request: async () => resolve() })
  })
  const host = createHost(
    { privateKey: generatePrivateKey(), capabilities: [{ ...capability, run: link => whisper.attach(link) }] },
    { listen: { host: '127.0.0.1', port: 0 } }
  )
  await whisper.start()
  await host.start()
  return {
    enode: host.enode(),
    asked,
    stop: async () => {
      await host.stop()
      await whisper.stop()
    }
  }
}
