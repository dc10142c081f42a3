import { isPrivateKey } from '@status-stack/crypto'
import { keepFilesPrivate, makeFolder } from '@status-stack/profiles/files'
import { isDiskFull, rootCodeOf } from '@status-stack/utils'
import type { EnvelopeStore } from '@status-stack/whisper-mailserver'
import { createLevelStore } from '@status-stack/whisper-mailserver/level'
import { CliError, codeOf, diskFull } from './errors.ts'
import { readTextFile } from './files.ts'
import { limits } from './limits.ts'

/** Where the envelopes of a mailserver are kept. */
export type ArchivePlace =
  | { readonly kind: 'level'; readonly folder: string; readonly fsync: boolean }
  /** The URL may hold a password. */
  | { readonly kind: 'postgres'; readonly url: string }

/** A store that the relay opens, and how its failure is said. */
export interface ArchiveStore {
  readonly store: EnvelopeStore
  readonly kind: ArchivePlace['kind']
  /** For showing. */
  readonly place: string
  readonly failure: (error: unknown) => unknown
}

/** @throws CliError `archive`, `disk-full` when the folder cannot be made */
export async function openArchive(archive: ArchivePlace): Promise<ArchiveStore> {
  const place = archive.kind === 'level' ? archive.folder : 'PostgreSQL'
  return {
    store: archive.kind === 'level' ? await levelStore(archive) : await postgresStore(archive.url),
    kind: archive.kind,
    place,
    failure: error => (codeOf(error) === 'archive' ? notOpened(place, rootCodeOf(error)) : error)
  }
}

async function levelStore({ folder, fsync }: { readonly folder: string; readonly fsync: boolean }) {
  await makeFolder(folder).catch((error: unknown) => {
    if (isDiskFull(error)) throw diskFull(folder)
    throw new CliError('failed', 'archive', `the folder of the archive cannot be made: ${folder}`)
  })
  keepFilesPrivate()
  return createLevelStore({ location: folder, fsync })
}

async function postgresStore(uri: string): Promise<EnvelopeStore> {
  const { createPostgresStore } = await import('@status-stack/whisper-mailserver/postgres')
  return createPostgresStore({ uri })
}

function notOpened(place: string, code = 'unexpected'): CliError {
  return code === 'LEVEL_LOCKED'
    ? new CliError(
        'locked',
        'archive-locked',
        `another process uses the archive: ${place}`,
        'end that process, or use another --archive'
      )
    : new CliError('failed', 'archive', `the archive cannot be opened (${code}): ${place}`)
}

const mailKeyFile = { what: 'the mail key file', code: 'mail-key-file', maxBytes: limits.secretFileBytes } as const

/** @throws CliError `mail-key-file` */
export async function readMailKey(path: string): Promise<Uint8Array> {
  const text = (await readTextFile(path, mailKeyFile)).trim()
  if (!/^[0-9a-fA-F]{64}$/.test(text))
    throw new CliError('usage', 'mail-key-file', `the file does not hold 64 hex digits: ${path}`)
  const key = new Uint8Array(Buffer.from(text, 'hex'))
  if (!isPrivateKey(key)) throw new CliError('usage', 'mail-key-file', `this is no private key: ${path}`)
  return key
}
