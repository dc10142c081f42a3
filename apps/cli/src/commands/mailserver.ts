import { join } from 'node:path'
import { modules } from '@status-stack/command-line'
import type { ArchiveOptions } from '@status-stack/relay-node'
import { type Context, defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { type FileRead, readTextFile } from '../files.ts'
import { settingFlags } from '../flags.ts'
import type { Globals } from '../globals.ts'
import { limits } from '../limits.ts'
import { profileOf } from '../profile.ts'
import type { RelayFlags } from '../run-relay.ts'
import { nodeFlags } from './node.ts'

/** A relay that archives what it takes, and serves it to those who ask. */
export const mailserver = defineCommand({
  name: 'mailserver',
  summary: 'run a relay that keeps what it relays, for clients that were offline',
  flags: [
    ...settingFlags('store', 'postgresUrlFile', 'archive', 'fsync', 'retention', 'rateLimit'),
    ...settingFlags('mailPasswordFile', 'mailKeyFile', 'bindSigner', 'plainRequests', 'syncFrom', 'syncSince'),
    ...nodeFlags()
  ],
  examples: [
    ['open to the network', 'mailserver --listen 0.0.0.0:30303'],
    ['a second one, in step with the first', 'mailserver --listen 0.0.0.0:30304 --sync-from enode://…'],
    ['for a test', 'mailserver --ephemeral --archive archive --listen 127.0.0.1:0']
  ],
  load: () => modules(import('../run-relay.ts'), import('../archive-store.ts'), import('../mail/address.ts')),
  run: async (context: Context<RelayFlags>, { runRelay, openArchive, readMailKey, parseMailservers }) => {
    const { globals, output } = context
    const { retention, mailPasswordFile, mailKeyFile } = globals
    const fromSeconds = globals.syncSince ?? Math.floor(Date.now() / 1000) - daySeconds
    const { store, kind, place, failure } = await openArchive(await placeOf(globals))
    const archive: ArchiveOptions = {
      store,
      password: mailPasswordFile === undefined ? undefined : await readMailPassword(mailPasswordFile),
      privateKey: mailKeyFile === undefined ? undefined : await readMailKey(mailKeyFile),
      retentionDays: retention,
      rateLimitSeconds: globals.rateLimit,
      bindSigner: globals.bindSigner === 'on',
      plainRequests: globals.plainRequests === 'on' ? 'serve' : 'refuse',
      sources: parseMailservers(globals.syncFrom).map(({ enode, peerId }) => ({ enode, peerId, fromSeconds }))
    }
    const listening = (enode: string): void => {
      const link = `mailserver=${encodeURIComponent(enode)}`
      const keeps = retention === 0 ? 'for ever' : `for ${retention} days`
      output.note(
        { event: 'mailserver', enode, link, archive: place, store: kind, retentionDays: retention },
        `· archiving in ${place}, ${keeps}\n· clients say --mailserver ${enode}\n· contact links say ${link}`
      )
    }
    await runRelay(context, { options: archive, listening, failure })
  }
})

const daySeconds = 86_400

const urlVariable = 'STATUS_STACK_POSTGRES_URL'

/** Where the envelopes are kept. @throws CliError `postgres-url`, which never shows what is in it */
async function placeOf(globals: Globals) {
  const { store, archive, fsync, postgresUrlFile, resolved } = globals
  if (store === 'level') {
    const folder = archive ?? join(profileOf(globals).folder, 'archive')
    return { kind: 'level', folder, fsync: fsync === 'on' } as const
  }
  // What the file says for another store is no mistake of this run.
  if (resolved.origins.archive === 'flag' || resolved.origins.fsync === 'flag')
    throw new CliError('usage', 'store', '--archive and --fsync are for --store level; a database has its own settings')
  const text =
    postgresUrlFile === undefined
      ? process.env[urlVariable]
      : await readTextFile(postgresUrlFile, fileOf('the file with the URL of the database', 'postgres-url'))
  const url = text?.trim() ?? ''
  if (!/^postgres(ql)?:\/\/\S+$/.test(url))
    throw new CliError(
      'usage',
      'postgres-url',
      `${postgresUrlFile ?? urlVariable} does not hold the URL of a PostgreSQL database`,
      'it looks like postgresql://user:password@host:5432/database'
    )
  return { kind: 'postgres', url } as const
}

const fileOf = (what: string, code: string): FileRead => ({ what, code, maxBytes: limits.secretFileBytes })

/** The first line. @throws CliError `mail-password-file` */
async function readMailPassword(path: string): Promise<string> {
  const text = await readTextFile(path, fileOf('the mail password file', 'mail-password-file'))
  const [line = ''] = text.split(/\r?\n/, 1)
  if (line === '' || line.length > 1024)
    throw new CliError('usage', 'mail-password-file', `the file holds no password in its first line: ${path}`)
  return line
}
