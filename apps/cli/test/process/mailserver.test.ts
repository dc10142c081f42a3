import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, patienceMs, type Sandbox } from './cli.ts'
import { startMail } from './mail.ts'
import { postgresPrograms, startPostgres } from './postgres.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

const identity = (profile: string): Promise<string> => makeIdentity(sandbox, profile)

const as = (profile: string, ...args: string[]) => sandbox.run(['--json', '--profile', profile, ...args])

/** What a process printed so far, the last line only when it is whole. */
const printed = (stdout: string, event: string) =>
  jsonLines(stdout.slice(0, stdout.lastIndexOf('\n') + 1)).filter(line => line['event'] === event)
const texts = (stdout: string): unknown[] => printed(stdout, 'message').map(({ text }) => text)

test('more than two pages, the fetch killed while it pages and again while it opens: nothing is lost or shown twice', async () => {
  await identity('alice')
  await identity('bob')
  const mail = await startMail(sandbox)
  const wanted = Array.from({ length: 230 }, (_, index) => `message ${index + 1}`)
  const args = ['--profile', 'alice', '--json', 'chat', '--to', '#cats', '--mailserver', mail.enode]
  const alice = sandbox.start(args)
  await alice.until(/"state":"connected"/)
  for (const text of wanted) alice.type(text)
  const archived = () =>
    new Set(
      printed(alice.stdout(), 'delivery')
        .filter(({ state }) => state === 'archived')
        .map(({ messageId }) => messageId)
    )
  const deadline = Date.now() + patienceMs
  while (archived().size < wanted.length) {
    if (Date.now() > deadline) throw new Error(`${archived().size} of ${wanted.length} archived`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  alice.type('/quit')
  expect((await alice.ended).code).toBe(0)
  await mail.restart()

  const fetching = () => sandbox.start(['--json', '--profile', 'bob', 'fetch', '#cats', '--mailserver', mail.enode])
  const first = fetching()
  await first.until(/"state":"page"/)
  first.child.kill('SIGKILL')
  const paged = (await first.ended).stdout
  const second = fetching()
  await second.until(/"event":"message"/)
  second.child.kill('SIGKILL')
  const opened = (await second.ended).stdout
  expect(printed(opened, 'fetched')).toEqual([])
  const third = await fetching().ended
  expect(third.code, third.stdout.slice(-2000)).toBe(0)

  expect(printed(third.stdout, 'fetched')[0]).toMatchObject({ pages: 3 })
  const shown = [paged, opened, third.stdout].flatMap(texts)
  expect(new Set(shown).size).toBe(shown.length)
  // A line that was on its way out when its process was killed is not said again; its message is here.
  const { stdout } = await as('bob', 'history', '#cats', '--limit', '500')
  expect(texts(stdout)).toEqual(wanted)
})

test('what was confirmed survives kill -9 of the server; a second server takes over what the first has', async () => {
  const [, bobKey] = [await identity('alice'), await identity('bob')]
  const first = await startMail(sandbox)
  for (const text of ['one', 'two']) {
    const sent = await as('alice', 'send', '--to', bobKey, '--mailserver', first.enode, '--wait', 'confirmed', text)
    expect(sent.code, sent.stdout).toBe(0)
  }
  first.running().child.kill('SIGKILL')
  await first.running().ended
  await first.restart()
  const second = await startMail(sandbox, { args: ['--sync-from', first.enode] })
  await second.running().until(/"event":"sync","state":"done"/)
  expect(second.facts('sync').at(-1)).toMatchObject({ envelopes: expect.any(Number), pages: 1 })
  await first.stop()
  const { code, stdout } = await as('bob', 'fetch', '--mailserver', first.enode, '--mailserver', second.enode)
  expect(code, stdout).toBe(0)
  expect(texts(stdout)).toEqual(['one', 'two'])
  expect(printed(stdout, 'fetched')[0]?.['mailserver']).toBe(second.facts('listening')[0]?.['peerId'])
})

test('a rate limit refuses with its reason, on both sides; the server counts and ends cleanly', async () => {
  await identity('bob')
  const mail = await startMail(sandbox, { args: ['--rate-limit', '3600', '--bind-signer'] })
  expect((await as('bob', 'fetch', '#cats', '--mailserver', mail.enode)).code).toBe(0)
  const again = await as('bob', 'fetch', '#cats', '--mailserver', mail.enode)
  expect(jsonLines(again.stdout).at(-1)).toMatchObject({
    code: 'mailserver-refused',
    message: 'the mailserver refused: rate limit exceeded'
  })
  expect(again.code).toBe(1)
  expect(mail.facts('request-refused')).toMatchObject([{ kind: 'history', reason: 'rate limit exceeded' }])
  const { code } = await mail.stop()
  expect(code).toBe(0)
  expect(mail.facts('mailserver-stats')[0]).toMatchObject({ requestsServed: 1, requestsRefused: 1 })
})

test('an archive that cannot be used is told from one that another process has', async () => {
  const mail = await startMail(sandbox, { args: ['--archive', `${sandbox.folder}/archive`] })
  expect(mail.facts('mailserver')[0]).toMatchObject({ archive: `${sandbox.folder}/archive`, retentionDays: 30 })
  const serve = (archive: string) =>
    sandbox.run(['mailserver', '--ephemeral', '--listen', '127.0.0.1:0', '--archive', `${sandbox.folder}/${archive}`])
  const taken = await serve('archive')
  expect(taken.stderr).toContain('another process uses the archive')
  expect(taken.code).toBe(5)
  const impossible = await serve('password.txt/archive')
  expect(impossible.stderr).toContain('cannot be made')
  expect(impossible.code).toBe(1)
})

test('the URL of a database comes from a file or the environment, and is never shown', async () => {
  const serve = async (environment: NodeJS.ProcessEnv, ...args: string[]) => {
    const flags = ['--verbose', 'mailserver', '--ephemeral', '--listen', '127.0.0.1:0', '--store', 'postgres', ...args]
    const running = sandbox.start(flags, environment)
    return { ...(await running.ended) }
  }
  const missing = await serve({})
  expect(missing.stderr).toContain('STATUS_STACK_POSTGRES_URL does not hold the URL')
  expect(missing.code).toBe(2)
  const wrong = await serve({}, '--postgres-url-file', `${sandbox.folder}/password.txt`)
  expect(wrong.stderr).toContain('does not hold the URL')
  expect(wrong.stderr).not.toContain('correct horse')
  expect(wrong.code).toBe(2)
  const nobody = await serve({ STATUS_STACK_POSTGRES_URL: 'postgresql://me:hush-hush@127.0.0.1:1/mail' })
  expect(nobody.stderr).toMatch(/the archive cannot be opened \(ECONNREFUSED\): PostgreSQL/)
  expect(nobody.stderr + nobody.stdout).not.toContain('hush-hush')
  expect(nobody.code).toBe(1)
  expect((await serve({}, '--fsync')).code).toBe(2)
})

test.skipIf(postgresPrograms === undefined)(
  'two mailservers share one PostgreSQL: what the first archived, the second serves (skipped without PostgreSQL)',
  async () => {
    const database = await startPostgres(postgresPrograms ?? '')
    try {
      await identity('alice')
      await identity('bob')
      const file = `${sandbox.folder}/url.txt`
      writeFileSync(file, `${database.url}\n`, { mode: 0o600 })
      const args = ['--store', 'postgres', '--postgres-url-file', file]
      const [first, second] = [await startMail(sandbox, { args }), await startMail(sandbox, { args })]
      for (const text of ['one', 'two', 'three']) {
        const sent = await as(
          'alice',
          'send',
          '--to',
          '#cats',
          '--mailserver',
          first.enode,
          '--wait',
          'confirmed',
          text
        )
        expect(sent.code, sent.stdout).toBe(0)
      }
      await first.stop()
      const { code, stdout } = await as('bob', 'history', '#cats', '--fetch', '--mailserver', second.enode)
      expect(code, stdout).toBe(0)
      expect(texts(stdout)).toEqual(['one', 'two', 'three'])
      expect(second.facts('archived')).toEqual([])
      expect((await second.stop()).code).toBe(0)
    } finally {
      await database.stop()
    }
  }
)
