import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { topicOfName } from '@status-stack/whisper/status'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, jsonLines, makeIdentity, type Sandbox } from '../cli.ts'
import { type Mail, startMail } from '../mail.ts'
import { eventually } from '../peers.ts'
import { postgresPrograms, startPostgres } from '../postgres.ts'
import { openDoorway } from './doorway.ts'
import { type Load, startLoad } from './load.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

/** What each server has to confirm before it is killed, and again afterwards. */
const confirmedInALife = 200
const texts = Array.from({ length: 90 }, (_, index) => `message ${index + 1}`)
/** One page of a hundred envelopes and a half, of some 580 bytes each. */
const bytesUntilDeath = 90_000

const peerIdOf = (mail: Mail): string => String(mail.facts('listening')[0]?.['peerId'])
const printed = (stdout: string, event: string) =>
  jsonLines(stdout.slice(0, stdout.lastIndexOf('\n') + 1)).filter(line => line['event'] === event)

/** Ids of all envelopes in the archive, each as often as it is there. */
async function archivedIds(programs: string, url: string): Promise<string[]> {
  const query = "SELECT encode(substring(id from 5 for 32), 'hex') FROM envelopes"
  const { stdout } = await promisify(execFile)(join(programs, 'psql'), ['-At', '-c', query, url], {
    maxBuffer: 64 * 1024 * 1024
  })
  return stdout.split('\n').filter(line => line !== '')
}

/** Kills a server in the middle of its work, lets the load go on, and starts it again. */
async function killAndRestart(mail: Mail, load: Load): Promise<void> {
  const confirmed = () => load.confirmedBy(peerIdOf(mail)).size
  const more = async (what: string, value: () => number, by: number): Promise<void> => {
    const before = value()
    await eventually(what, () => value() >= before + by)
  }
  await more('it confirms', confirmed, confirmedInALife)
  mail.running().child.kill('SIGKILL')
  await mail.running().ended
  await more('the load goes on without it', () => load.offered.size, confirmedInALife)
  await mail.restart()
  await more('it confirms again', confirmed, confirmedInALife)
}

test.skipIf(postgresPrograms === undefined)(
  'three mailservers on one PostgreSQL, each killed and restarted under load: nothing that was confirmed is lost, and a reader whose server dies in the middle of a page goes on at the next (skipped without PostgreSQL)',
  async () => {
    const programs = postgresPrograms ?? ''
    const database = await startPostgres(programs)
    const file = join(sandbox.folder, 'url.txt')
    writeFileSync(file, `${database.url}\n`, { mode: 0o600 })
    const args = ['--store', 'postgres', '--postgres-url-file', file, '--min-pow', '0.000000001']
    const mails: Mail[] = []
    for (let at = 0; at < 3; at++) mails.push(await startMail(sandbox, { args }))
    const enodes = mails.map(({ enode }) => enode)
    // Of the topic of the conversation: the reader gets pages full of what it cannot open.
    const load = await startLoad(enodes, topicOfName('cats'))
    try {
      await makeIdentity(sandbox, 'alice')
      await makeIdentity(sandbox, 'bob')
      const chat = ['--profile', 'alice', '--json', 'chat', '--to', '#cats']
      const alice = sandbox.start([...chat, ...enodes.flatMap(enode => ['--mailserver', enode])])
      await alice.until(/"state":"connected"/)
      const began = Date.now()
      for (const [at, mail] of mails.entries()) {
        for (const text of texts.slice(at * 30, at * 30 + 30)) alice.type(text)
        await killAndRestart(mail, load)
      }
      load.end()
      const seconds = (Date.now() - began) / 1000
      const confirmed = () => new Set(mails.flatMap(mail => [...load.confirmedBy(peerIdOf(mail))]))
      await eventually('everything is confirmed', () => confirmed().size >= load.offered.size)
      const archivedTexts = () =>
        new Set(
          printed(alice.stdout(), 'delivery')
            .filter(({ state }) => state === 'archived')
            .map(({ messageId }) => messageId)
        )
      await eventually('every message is archived', () => archivedTexts().size >= texts.length)
      alice.type('/quit')
      expect((await alice.ended).code).toBe(0)
      await load.stop()

      const archived = await archivedIds(programs, database.url)
      const ids = new Set(archived)
      expect(archived.length).toBe(ids.size)
      expect([...confirmed()].filter(id => !ids.has(id))).toEqual([])
      expect(load.offered.size).toBeGreaterThan(6 * confirmedInALife)

      // Their pools are empty then: what the reader gets comes from the archive.
      for (const mail of mails) await mail.restart()
      const read = await readThroughADeath(mails)
      expect(read.shown).toEqual(texts)
      const report = process.env['FLEET_REPORT']
      if (report !== undefined) {
        const facts = { seconds, offered: load.offered.size, archived: archived.length, fetched: read.fetched }
        writeFileSync(report, `${JSON.stringify(facts)}\n`)
      }
    } finally {
      await load.stop()
      await Promise.all(mails.map(mail => mail.stop()))
      await database.stop()
    }
  }
)

/** Bob fetches from the first server, which dies in the middle of its second page; answers what he has then. */
async function readThroughADeath(mails: readonly Mail[]) {
  const [first, ...others] = mails
  if (first === undefined) throw new Error('no mailserver')
  const port = Number(/:(\d+)$/.exec(first.enode)?.[1])
  const isReached = (mail: Mail): boolean => mail.facts('peer').some(({ state }) => state === 'connected')
  const doorway = await openDoorway(port, bytesUntilDeath, async () => {
    await eventually('the others are connected', () => others.every(isReached))
    first.running().child.kill('SIGKILL')
    await first.running().ended
  })
  try {
    const servers = [first.enode.replace(/\d+$/, `${doorway.port}`), ...others.map(({ enode }) => enode)]
    const fetching = ['fetch', '#cats', ...servers.flatMap(server => ['--mailserver', server])]
    const { code, stdout } = await sandbox.run(['--json', '--profile', 'bob', ...fetching])
    expect(code, stdout.slice(-2000)).toBe(0)
    const facts = printed(stdout, 'history')
    const [dead, next] = [facts.filter(of(first)), facts.filter(fact => !of(first)(fact))]
    expect(dead.map(({ state }) => state)).toEqual(['started', 'page', 'failed'])
    expect(next.at(-1)?.['state']).toBe('done')
    // It is asked for what did not come: PostgreSQL archives page newest first.
    expect(Number(next[0]?.['toSeconds'])).toBeLessThan(Number(dead[0]?.['toSeconds']))
    expect(next[0]?.['fromSeconds']).toBe(dead[0]?.['fromSeconds'])
    const history = await sandbox.run(['--json', '--profile', 'bob', 'history', '#cats', '--limit', '500'])
    return {
      shown: printed(history.stdout, 'message').map(({ text }) => text),
      fetched: printed(stdout, 'fetched')[0]
    }
  } finally {
    doorway.stop()
  }
}

const of = (mail: Mail) => (fact: Record<string, unknown>) => fact['mailserver'] === peerIdOf(mail)
