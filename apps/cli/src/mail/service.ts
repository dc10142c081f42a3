import { mkdir } from 'node:fs/promises'
import { createIdentityKey } from '@status-stack/status-accounts'
import { createMailserver, type EnvelopeStore, type Mailserver } from '@status-stack/whisper-mailserver'
import { createLevelStore } from '@status-stack/whisper-mailserver/level'
import { CliError, codeOf, diskFull, isDiskFull } from '../errors.ts'
import type { Output } from '../output.ts'
import { keepFilesPrivate } from '../private-files.ts'
import type { MailFacts, NodeService } from './node-service.ts'
import { reportMailserver, statsView } from './report.ts'
import { keepInStep, type Source } from './sync.ts'

export interface MailServiceOptions {
  readonly archive: ArchiveOptions
  readonly password?: string | undefined
  /** 32 bytes; the node's key without. */
  readonly privateKey?: Uint8Array | undefined
  readonly minPow: number
  readonly retentionDays: number
  readonly rateLimitSeconds: number
  readonly bindSigner: boolean
  readonly plainRequests: boolean
  readonly sources: readonly Source[]
}

/** Where the envelopes are kept. */
export type ArchiveOptions =
  | { readonly kind: 'level'; readonly folder: string; readonly fsync: boolean }
  /** The URL may hold a password. */
  | { readonly kind: 'postgres'; readonly url: string }

const placeOf = (archive: ArchiveOptions): string => (archive.kind === 'level' ? archive.folder : 'PostgreSQL')

/** Archives what the relay takes, and serves it. */
export function createMailService(options: MailServiceOptions, output: Output): NodeService {
  const { archive } = options
  let mailserver: Mailserver | undefined
  let lostEnvelopes = 0
  const stats = (): MailFacts | undefined =>
    mailserver === undefined ? undefined : { ...mailserver.stats(), lostEnvelopes }
  const stopping = new AbortController()
  let synced: Promise<void> = Promise.resolve()
  return {
    start: async (whisper, nodeKey) => {
      mailserver = createMailserver(
        { store: await openStore(archive), identity: createIdentityKey(options.privateKey ?? nodeKey) },
        {
          password: options.password,
          minPow: options.minPow,
          retentionDays: options.retentionDays,
          rateLimitSeconds: options.rateLimitSeconds,
          bindSigner: options.bindSigner,
          plainRequests: options.plainRequests ? 'serve' : 'refuse'
        }
      )
      reportMailserver(mailserver.events, output)
      try {
        await mailserver.start()
      } catch (error) {
        throw notOpened(archive, error)
      }
      const { port } = mailserver
      whisper.serve({
        ...port,
        archive: {
          accept: async envelopes => {
            try {
              await port.archive.accept(envelopes)
            } catch (error) {
              lostEnvelopes += envelopes.length
              output.note(
                { event: 'archive-failed', envelopes: envelopes.length, code: causeOf(error) },
                `✗ ${envelopes.length} envelopes were not archived (${causeOf(error)}): is the disk full?`
              )
              throw error
            }
          }
        }
      })
    },
    listening: (host, whisper) => {
      const enode = host.enode()
      const link = `mailserver=${encodeURIComponent(enode)}`
      const keeps = options.retentionDays === 0 ? 'for ever' : `for ${options.retentionDays} days`
      output.note(
        {
          event: 'mailserver',
          enode,
          link,
          archive: placeOf(archive),
          store: archive.kind,
          retentionDays: options.retentionDays
        },
        `· archiving in ${placeOf(archive)}, ${keeps}\n· clients say --mailserver ${enode}\n· contact links say ${link}`
      )
      if (mailserver === undefined) return
      synced = keepInStep(mailserver, host, whisper, options.sources, output, stopping.signal)
    },
    stop: async () => {
      stopping.abort()
      await synced
      await mailserver?.stop()
      const facts = stats()
      if (facts === undefined) return
      const { event, text } = statsView(facts)
      output.note(event, text)
    },
    stats
  }
}

async function openStore(archive: ArchiveOptions): Promise<EnvelopeStore> {
  if (archive.kind === 'postgres') {
    const { createPostgresStore } = await import('@status-stack/whisper-mailserver/postgres')
    return createPostgresStore({ uri: archive.url })
  }
  await mkdir(archive.folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    if (isDiskFull(error)) throw diskFull(archive.folder)
    throw new CliError('failed', 'archive', `the folder of the archive cannot be made: ${archive.folder}`)
  })
  keepFilesPrivate()
  return createLevelStore({ location: archive.folder, fsync: archive.fsync })
}

/** The code of the first cause. */
function causeOf(error: unknown): string {
  let first = error
  while (first instanceof Error && first.cause !== undefined) first = first.cause
  return codeOf(first) ?? 'unexpected'
}

function notOpened(archive: ArchiveOptions, error: unknown): CliError {
  return causeOf(error) === 'LEVEL_LOCKED'
    ? new CliError(
        'locked',
        'archive-locked',
        `another process uses the archive: ${placeOf(archive)}`,
        'end that process, or use another --archive'
      )
    : new CliError('failed', 'archive', `the archive cannot be opened (${causeOf(error)}): ${placeOf(archive)}`)
}
