import type { Host } from '@status-stack/devp2p-transport'
import { createMutex, type Emitter } from '@status-stack/utils'
import type { Whisper } from '@status-stack/whisper'
import type { Mailserver } from '@status-stack/whisper-mailserver'
import type { ArchiveSyncEvents } from './events.ts'
import type { ArchiveSource } from './options.ts'

/** Envelopes are archived late and clocks differ: each sync reaches so far behind the one before. */
const overlapSeconds = 150

/** What a sync works with. */
interface SyncParts {
  readonly mailserver: Mailserver
  readonly host: Host
  /** Of the protocol in which mailservers copy from each other; absent where it is not spoken. */
  readonly whisper: Whisper | undefined
}

/** Takes over what other mailservers have, each time one of them is connected; ends with the signal. */
export async function keepInStep(
  { mailserver, host, whisper }: SyncParts,
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
  const sync = async (source: string): Promise<void> => {
    const fromSeconds = from.get(source)
    waiting.delete(source)
    if (fromSeconds === undefined || signal.aborted) return
    const toSeconds = Math.floor(Date.now() / 1000) + 60
    emit('archivesyncstarted', { source, fromSeconds })
    try {
      const { envelopes, pages } = await mailserver.sync(whisper.mailserver, source, { fromSeconds, toSeconds, signal })
      from.set(source, toSeconds - 60 - overlapSeconds)
      emit('archivesyncdone', { source, envelopes, pages })
    } catch (error) {
      if (!signal.aborted) emit('archivesyncfailed', { source, error })
    }
  }
  const off = whisper.on('peerconnected', ({ peerId }) => {
    if (waiting.has(peerId)) return
    const turn = syncs.get(peerId)
    if (turn === undefined) return
    waiting.add(peerId)
    void turn.run(() => sync(peerId))
  })
  for (const { enode } of sources) host.addStatic(enode)
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  off()
  await Promise.all([...syncs.values()].map(turn => turn.idle()))
}
