import type { Account } from './account.ts'
import type { RemoteAccount } from './connect-account.ts'
import type { EventFacts, EventName } from './events.ts'
import { methods } from './methods.ts'

/** Between two looks for a daemon that has ended, milliseconds. */
const retryMs = 1000

/** An account behind a daemon that may end and come back. */
export interface AttachedAccount extends Account {
  /** Ends the connection and looks for no daemon any more. */
  readonly close: () => void
}

/** What happens to the daemon. */
export interface AttachedEvents {
  /** Its connection has ended: calls fail until it is back. */
  readonly lost: () => void
  /** It is there again, and everything is heard as before; what happened meanwhile has to be read. */
  readonly back: () => void
}

/**
 * The account of a daemon, over more than one of its runs: calls fail while it is gone, and go to the next one once `connect` finds it.
 * What is listened to is listened to there as well.
 *
 * @example
 * ```ts
 * const account = attachedAccount(await connect(), connect, { lost: () => warn('gone'), back: () => reload() })
 * ```
 */
export function attachedAccount(
  first: RemoteAccount,
  connect: () => Promise<RemoteAccount | undefined>,
  events: AttachedEvents
): AttachedAccount {
  let current = first
  let closed = false
  let timer: NodeJS.Timeout | undefined
  const listening = new Set<{ readonly listen: () => void; off: () => void }>()

  const look = async (): Promise<void> => {
    const found = await connect().catch(() => undefined)
    if (closed) return found?.close()
    if (found === undefined) {
      timer = setTimeout(look, retryMs)
      return
    }
    current = found
    for (const { listen } of listening) listen()
    follow()
    events.back()
  }
  const follow = (): void => {
    const { ended } = current
    const onEnd = (): void => {
      if (closed) return
      events.lost()
      timer = setTimeout(look, retryMs)
    }
    if (ended.aborted) onEnd()
    else ended.addEventListener('abort', onEnd, { once: true })
  }
  follow()

  const calls = Object.keys(methods).map(name => [
    name,
    (params?: object, options?: { readonly signal?: AbortSignal | undefined }) => current.call(name, params, options)
  ])
  return {
    ...(Object.fromEntries(calls) as Omit<Account, 'on'>),
    on: <Name extends EventName>(event: Name, handler: (fact: EventFacts[Name]) => void) => {
      const entry = {
        listen: () => {
          entry.off = current.on(event, handler)
        },
        off: () => {}
      }
      entry.listen()
      listening.add(entry)
      return () => {
        listening.delete(entry)
        entry.off()
      }
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      current.close()
    }
  }
}
