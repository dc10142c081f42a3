import type { Host } from '@status-stack/devp2p-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type Emitter, rootCodeOf } from '@status-stack/utils'
import type { Whisper } from '@status-stack/whisper'
import {
  createMailserver,
  type Mailserver,
  type MailserverEventName,
  mailserverEventNames
} from '@status-stack/whisper-mailserver'
import { keepInStep } from './archive-sync.ts'
import { systemError } from './errors.ts'
import type { ArchiveEvents } from './events.ts'
import type { ArchiveFacts } from './facts.ts'
import type { ArchiveOptions } from './options.ts'
import type { PrivacyNodes } from './privacy.ts'

/** The archive of a running relay. */
export interface RunningArchive {
  /** Once others can connect: takes over the archives of other mailservers. */
  readonly listening: (host: Host) => void
  readonly facts: () => ArchiveFacts
  /** After the last link has ended. */
  readonly stop: () => Promise<void>
}

/** Archives what the nodes take, and serves it. Before peers can connect. @throws RelayError `archive` */
export async function startArchive(
  { nodes, whisper }: Pick<PrivacyNodes, 'nodes' | 'whisper'>,
  nodeKey: Uint8Array,
  minPow: number,
  options: ArchiveOptions,
  { emit }: Pick<Emitter<ArchiveEvents>, 'emit'>
): Promise<RunningArchive> {
  const mailserver = createMailserver(
    { store: options.store, identity: createIdentityKey(options.privateKey ?? nodeKey) },
    {
      password: options.password,
      minPow,
      retentionDays: options.retentionDays ?? 30,
      rateLimitSeconds: options.rateLimitSeconds ?? 0,
      bindSigner: options.bindSigner === true,
      plainRequests: options.plainRequests ?? 'serve'
    }
  )
  for (const name of Object.keys(mailserverEventNames) as MailserverEventName[])
    mailserver.on(name, fact => emit(name, fact as never))
  try {
    await mailserver.start()
  } catch (error) {
    throw systemError('archive', `the archive cannot be opened (${rootCodeOf(error) ?? 'unexpected'})`, {
      cause: error
    })
  }
  let lostEnvelopes = 0
  serve(nodes, mailserver, (envelopes, error) => emit('archivefailed', { envelopes, error }))
  for (const node of nodes) {
    node.on('archivegivenup', ({ envelopes }) => {
      lostEnvelopes += envelopes
      emit('archivegivenup', { envelopes })
    })
  }
  const stopping = new AbortController()
  let synced: Promise<void> = Promise.resolve()
  return {
    listening: host => {
      synced = keepInStep({ mailserver, host, whisper }, options.sources ?? [], { emit }, stopping.signal)
    },
    facts: () => ({ ...mailserver.stats(), lostEnvelopes }),
    stop: async () => {
      stopping.abort()
      await synced
      await mailserver.stop()
    }
  }
}

function serve(
  nodes: readonly Whisper[],
  mailserver: Mailserver,
  failed: (envelopes: number, error: unknown) => void
): void {
  for (const node of nodes) {
    mailserver.attach({
      capability: node.capability,
      serve: port =>
        node.serve({
          ...port,
          archive: {
            accept: async envelopes => {
              try {
                await port.archive?.accept(envelopes)
              } catch (error) {
                failed(envelopes.length, error)
                throw error
              }
            }
          }
        })
    })
  }
}
