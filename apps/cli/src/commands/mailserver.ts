import { join } from 'node:path'
import { isPrivateKey } from '@status-stack/crypto'
import { CliError } from '../errors.ts'
import { type FileRead, readTextFile } from '../files.ts'
import type { Globals } from '../globals.ts'
import { limits } from '../limits.ts'
import { parseMailservers } from '../mail/address.ts'
import { type ArchiveOptions, createMailService } from '../mail/service.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { type NodeOptions, node } from './node.ts'

export interface MailserverOptions extends NodeOptions {
  /** Folder of the archive; in the profile without. */
  readonly archive?: string
  readonly fsync?: boolean
  readonly store: 'level' | 'postgres'
  readonly postgresUrlFile?: string
  /** Days; 0 keeps for ever. */
  readonly retention: number
  /** Seconds between two requests of one peer; 0 is no limit. */
  readonly rateLimit: number
  readonly mailPasswordFile?: string
  readonly mailKeyFile?: string
  readonly bindSigner?: boolean
  /** False with `--no-plain-requests`. */
  readonly plainRequests: boolean
  readonly syncFrom?: readonly string[]
  /** Unix seconds. */
  readonly since?: number
}

const daySeconds = 86_400

/** `mailserver`: a relay that archives what it takes, and serves it to those who ask. */
export async function mailserver(options: MailserverOptions, globals: Globals, output: Output): Promise<void> {
  const since = options.since ?? Math.floor(Date.now() / 1000) - daySeconds
  const service = createMailService(
    {
      archive: await archiveOf(options, globals),
      password: options.mailPasswordFile === undefined ? undefined : await readMailPassword(options.mailPasswordFile),
      privateKey: options.mailKeyFile === undefined ? undefined : await readMailKey(options.mailKeyFile),
      minPow: globals.minPow,
      retentionDays: options.retention,
      rateLimitSeconds: options.rateLimit,
      bindSigner: options.bindSigner === true,
      plainRequests: options.plainRequests,
      sources: parseMailservers(options.syncFrom ?? []).map(({ enode, peerId }) => ({ enode, peerId, since }))
    },
    output
  )
  await node(options, globals, output, service)
}

const urlVariable = 'STATUS_STACK_POSTGRES_URL'

/** @throws CliError `postgres-url`, which never shows what is in it */
async function archiveOf(options: MailserverOptions, globals: Globals): Promise<ArchiveOptions> {
  const { store, archive, fsync, postgresUrlFile } = options
  if (store === 'level')
    return { kind: 'level', folder: archive ?? join(profileOf(globals).folder, 'archive'), fsync: fsync === true }
  if (archive !== undefined || fsync === true)
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
  return { kind: 'postgres', url }
}

const fileOf = (what: string, code: string): FileRead => ({ what, code, maxBytes: limits.secretFileBytes })

/** The first line. @throws CliError `mail-password-file` */
async function readMailPassword(path: string): Promise<string> {
  const [line = ''] = (await readTextFile(path, fileOf('the mail password file', 'mail-password-file'))).split(
    /\r?\n/,
    1
  )
  if (line === '' || line.length > 1024)
    throw new CliError('usage', 'mail-password-file', `the file holds no password in its first line: ${path}`)
  return line
}

/** @throws CliError `mail-key-file` */
async function readMailKey(path: string): Promise<Uint8Array> {
  const text = (await readTextFile(path, fileOf('the mail key file', 'mail-key-file'))).trim()
  if (!/^[0-9a-fA-F]{64}$/.test(text))
    throw new CliError('usage', 'mail-key-file', `the file does not hold 64 hex digits: ${path}`)
  const key = new Uint8Array(Buffer.from(text, 'hex'))
  if (!isPrivateKey(key)) throw new CliError('usage', 'mail-key-file', `this is no private key: ${path}`)
  return key
}
