import type { Host } from '@status-stack/devp2p-transport'
import { createMutex } from '@status-stack/utils'
import type { Whisper } from '@status-stack/whisper'
import type { Mailserver } from '@status-stack/whisper-mailserver'
import { describeError } from '../errors.ts'
import { type Output, printable } from '../output.ts'
import type { MailserverAddress } from './address.ts'

export interface Source extends Pick<MailserverAddress, 'enode' | 'peerId'> {
  /** Unix seconds from which on its archive is taken over. */
  readonly since: number
}

/** Envelopes are archived late and clocks differ: each sync reaches so far behind the one before. */
const overlapSeconds = 150

/** Takes over what other mailservers have, each time one of them is connected; ends with the signal. */
export async function keepInStep(
  mailserver: Mailserver,
  host: Host,
  whisper: Whisper,
  sources: readonly Source[],
  output: Output,
  signal: AbortSignal
): Promise<void> {
  if (sources.length === 0) return
  const from = new Map(sources.map(({ peerId, since }) => [peerId, since]))
  const syncs = createMutex()

  const sync = async (peerId: string): Promise<void> => {
    const fromSeconds = from.get(peerId)
    if (fromSeconds === undefined || signal.aborted) return
    const short = `${peerId.slice(0, 8)}…`
    const toSeconds = Math.floor(Date.now() / 1000) + 60
    output.note({ event: 'sync', state: 'started', source: peerId, fromSeconds }, `· syncing with mailserver ${short}`)
    try {
      const { envelopes, pages } = await mailserver.sync(whisper.mailserver, peerId, { fromSeconds, toSeconds, signal })
      from.set(peerId, toSeconds - 60 - overlapSeconds)
      output.note(
        { event: 'sync', state: 'done', source: peerId, envelopes, pages },
        `· ${envelopes} envelopes came from mailserver ${short}`
      )
    } catch (error) {
      if (signal.aborted) return
      const { code, message } = describeError(error)
      output.note(
        { event: 'sync', state: 'failed', source: peerId, code, message },
        `· the sync with mailserver ${short} failed: ${printable(message)}; again when it is back`
      )
    }
  }
  const onAttached = ({ detail }: CustomEvent<{ readonly peerId: string }>): void => {
    if (from.has(detail.peerId)) void syncs.run(() => sync(detail.peerId))
  }
  whisper.events.addEventListener('peerattached', onAttached)
  for (const { enode } of sources) host.addStatic(enode)
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  whisper.events.removeEventListener('peerattached', onAttached)
  await syncs.idle()
}
