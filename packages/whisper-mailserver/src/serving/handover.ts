import type { Clock, Scheduler } from '@status-stack/interface'
import type { MailPeer } from '@status-stack/whisper'
import { MailserverError } from '../errors.ts'
import { limits } from '../limits.ts'

/** A peer that is being answered, and how well it takes its answer. */
export interface Reader {
  /**
   * Gives one packet. A peer that does not take it in time is closed: its answer would keep its place for ever.
   * @throws MailserverError `peer-too-slow`, `not-running`; what `send` rejects with
   */
  readonly give: (send: () => Promise<void>, bytes?: number) => Promise<void>
  /** Milliseconds that it is behind `limits.slowReaderRate`; `undefined` while nothing waits for it. */
  readonly behindMs: () => number | undefined
  /** Ends the packet under way with `peer-too-slow` and closes the peer. */
  readonly giveUp: () => void
}

/** Gives packets to peers, as long as they take them. */
export interface Handover {
  readonly reader: (peer: Pick<MailPeer, 'close'>) => Reader
  /** Ends every packet under way, and refuses further ones until `start`. */
  readonly stop: (reason: MailserverError) => void
  readonly start: () => void
}

function tooSlow(timeoutMs: number): MailserverError {
  return new MailserverError('peer-too-slow', `peer: it did not take a packet within ${timeoutMs} ms`, {
    origin: 'peer',
    details: { timeoutMs }
  })
}

export function createHandover(clock: Clock, scheduler: Scheduler, timeoutMs: number): Handover {
  // BOUNDED: one per answer under way, and one per link that is told of a refusal.
  const waiting = new Set<(reason: MailserverError) => void>()
  let stopped: MailserverError | undefined

  const reader = (peer: Pick<MailPeer, 'close'>): Reader => {
    let waitedMs = 0
    let taken = 0
    let since: number | undefined
    let fail: ((reason: MailserverError) => void) | undefined

    const give = (send: () => Promise<void>, bytes = 0): Promise<void> => {
      if (stopped !== undefined) return Promise.reject(stopped)
      const began = clock.nowMs()
      since = began
      return new Promise((resolve, reject) => {
        const end = (): void => {
          cancel()
          waiting.delete(refuse)
          waitedMs += Math.max(0, clock.nowMs() - began)
          since = undefined
          fail = undefined
        }
        const refuse = (reason: unknown): void => {
          end()
          reject(reason)
        }
        const cancel = scheduler.after(timeoutMs, () => {
          refuse(tooSlow(timeoutMs))
          void peer.close()
        })
        fail = refuse
        waiting.add(refuse)
        send().then(() => {
          end()
          taken += bytes
          resolve()
        }, refuse)
      })
    }
    return {
      give,
      behindMs: () => {
        if (since === undefined) return undefined
        return waitedMs + Math.max(0, clock.nowMs() - since) - (taken / limits.slowReaderRate) * 1000
      },
      giveUp: () => {
        fail?.(tooSlow(limits.slowReaderMs))
        void peer.close()
      }
    }
  }

  return {
    reader,
    stop: reason => {
      stopped = reason
      for (const fail of [...waiting]) fail(reason)
    },
    start: () => {
      stopped = undefined
    }
  }
}
