import type { Host } from '@status-stack/devp2p-transport'
import type { Scheduler } from '@status-stack/interface'
import { createMutex, type Emitter, systemScheduler } from '@status-stack/utils'
import type { Whisper } from '@status-stack/whisper'
import type { Mailserver } from '@status-stack/whisper-mailserver'
import type { ArchiveSyncEvents } from './events.ts'
import type { ArchiveSource } from './options.ts'

/** Envelopes are archived late and clocks differ: each sync reaches so far behind the one before. */
const overlapSeconds = 150
/** After which a sync that failed is tried again while its source stays connected, milliseconds. */
export const syncAgainMs = 600_000

/** What a sync works with. */
interface SyncParts {
  readonly mailserver: Pick<Mailserver, 'sync'>
  readonly host: Pick<Host, 'addStatic'>
  /** Of the protocol in which mailservers copy from each other; absent where it is not spoken. */
  readonly whisper: Pick<Whisper, 'mailserver' | 'on' | 'peers'> | undefined
  /** @default the system's */
  readonly scheduler?: Scheduler | undefined
}

/** Takes over what other mailservers have, each time one of them is connected, and again when that failed; ends with the signal. */
export async function keepInStep(
  { mailserver, host, whisper, scheduler = systemScheduler }: SyncParts,
  sources: readonly ArchiveSource[],
  { emit }: Pick<Emitter<ArchiveSyncEvents>, 'emit'>,
  signal: AbortSignal
): Promise<void> {
  if (sources.length === 0 || whisper === undefined) return
  const from = new Map(sources.map(({ peerId, fromSeconds }) => [peerId, fromSeconds]))
  // One source after the other would leave all waiting for one that is slow, or never comes to an end.
  const syncs = new Map(sources.map(({ peerId }) => [peerId, createMutex()]))
  // BOUNDED: one for each source
  const waiting = new Set<string>()
  // BOUNDED: one for each source
  const again = new Map<string, () => void>()
  const sync = async (source: string): Promise<void> => {
    const fromSeconds = from.get(source)
    waiting.delete(source)
    again.get(source)?.()
    again.delete(source)
    if (fromSeconds === undefined || signal.aborted) return
    const toSeconds = Math.floor(Date.now() / 1000) + 60
    emit('archivesyncstarted', { source, fromSeconds })
    try {
      const { envelopes, pages } = await mailserver.sync(whisper.mailserver, source, { fromSeconds, toSeconds, signal })
      from.set(source, toSeconds - 60 - overlapSeconds)
      emit('archivesyncdone', { source, envelopes, pages })
    } catch (error) {
      if (signal.aborted) return
      emit('archivesyncfailed', { source, error })
      const retry = (): void => {
        // One that is away comes back by its connection.
        if (whisper.peers().some(({ peerId }) => peerId === source)) begin(source)
      }
      again.set(source, scheduler.after(syncAgainMs, retry))
    }
  }
  const begin = (source: string): void => {
    const turn = syncs.get(source)
    if (turn === undefined || waiting.has(source)) return
    waiting.add(source)
    void turn.run(() => sync(source))
  }
  const off = whisper.on('peerconnected', ({ peerId }) => begin(peerId))
  for (const { enode } of sources) host.addStatic(enode)
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  off()
  for (const cancel of again.values()) cancel()
  await Promise.all([...syncs.values()].map(turn => turn.idle()))
}
