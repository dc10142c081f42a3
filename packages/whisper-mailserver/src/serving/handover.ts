import type { MailPeer, Scheduler } from '@status-stack/whisper'
import { MailserverError } from '../errors.ts'

/** Gives one packet to a peer at a time, as long as the peer takes them. */
export interface Handover {
  /**
   * A peer that does not take a packet in time is closed: its answer would keep its place for ever.
   * @throws MailserverError `peer-too-slow`, `not-running`; whatever `send` rejects with
   */
  readonly give: (peer: Pick<MailPeer, 'close'>, send: () => Promise<void>) => Promise<void>
  /** Ends every one under way, and refuses further ones until `start`. */
  readonly stop: (reason: MailserverError) => void
  readonly start: () => void
}

export function createHandover(scheduler: Scheduler, timeoutMs: number): Handover {
  // BOUNDED: one per answer under way, and one per link that is told of a refusal.
  const waiting = new Set<(reason: MailserverError) => void>()
  let stopped: MailserverError | undefined
  return {
    give: (peer, send) => {
      if (stopped !== undefined) return Promise.reject(stopped)
      return new Promise((resolve, reject) => {
        const fail = (reason: unknown): void => {
          end()
          reject(reason)
        }
        const end = (): void => {
          cancel()
          waiting.delete(fail)
        }
        const cancel = scheduler.after(timeoutMs, () => {
          fail(
            new MailserverError('peer-too-slow', `peer: it did not take a packet within ${timeoutMs} ms`, {
              origin: 'peer',
              details: { timeoutMs }
            })
          )
          void peer.close()
        })
        waiting.add(fail)
        send().then(() => {
          end()
          resolve()
        }, fail)
      })
    },
    stop: reason => {
      stopped = reason
      for (const fail of [...waiting]) fail(reason)
    },
    start: () => {
      stopped = undefined
    }
  }
}
