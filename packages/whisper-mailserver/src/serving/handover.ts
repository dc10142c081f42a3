import type { MailPeer, Scheduler } from '@status-stack/whisper'
import { MailserverError } from '../errors.ts'

/** Gives one packet to a peer at a time, as long as the peer takes them. */
export type Handover = (peer: Pick<MailPeer, 'close'>, send: () => Promise<void>) => Promise<void>

/**
 * A peer that does not take a packet in time is closed: its answer would keep its place for ever.
 * @throws MailserverError `peer-too-slow`, `not-running`; whatever `send` rejects with
 */
export function createHandover(scheduler: Scheduler, timeoutMs: number, stopped: () => AbortSignal): Handover {
  return (peer, send) => {
    const signal = stopped()
    return new Promise((resolve, reject) => {
      const stop = (): void => end(() => reject(signal.reason))
      const end = (settle: () => void): void => {
        cancel()
        signal.removeEventListener('abort', stop)
        settle()
      }
      const cancel = scheduler.after(timeoutMs, () => {
        end(() =>
          reject(
            new MailserverError('peer-too-slow', `peer: it did not take a packet within ${timeoutMs} ms`, {
              origin: 'peer',
              details: { timeoutMs }
            })
          )
        )
        void peer.close()
      })
      if (signal.aborted) {
        stop()
        return
      }
      signal.addEventListener('abort', stop, { once: true })
      send().then(
        () => end(resolve),
        error => end(() => reject(error))
      )
    })
  }
}
