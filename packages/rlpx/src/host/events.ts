import { check } from '../errors.ts'
import { type Counters, count } from '../metrics.ts'
import type { Logger } from '../ports.ts'
import type { Host, HostEventName, HostEvents, RefusalReason } from './types.ts'

/** An object, because the compiler then misses none. */
const names = Object.keys({
  listening: true,
  peerconnected: true,
  peerdisconnected: true,
  refused: true,
  dialfailed: true,
  stopped: true
} satisfies Record<HostEventName, true>)

/** What a host reports, and to whom. */
export interface HostEventHub extends Pick<Host, 'addEventListener' | 'removeEventListener'> {
  readonly emit: <T extends HostEventName>(type: T, detail: HostEvents[T]) => void
  /** Counts, logs and reports a connection that did not become a peer. */
  readonly refused: (
    reason: RefusalReason,
    stage: HostEvents['refused']['stage'],
    facts: Omit<HostEvents['refused'], 'reason' | 'stage'>
  ) => void
}

export function createHostEventHub(counters: Counters, logger: Logger | undefined): HostEventHub {
  const target = new EventTarget()
  const emit: HostEventHub['emit'] = (type, detail) => {
    target.dispatchEvent(new CustomEvent(type, { detail }))
  }
  return {
    emit,
    refused: (reason, stage, facts) => {
      count(counters.refused, reason)
      logger?.debug(`refused: ${reason}`, { stage, direction: facts.direction })
      emit('refused', { reason, stage, ...facts })
    },
    addEventListener: (type, listener, options) => {
      check.oneOf('event', type, names)
      check.function('listener', listener)
      target.addEventListener(type, listener as EventListener, options)
    },
    removeEventListener: (type, listener) => {
      target.removeEventListener(type, listener as EventListener)
    }
  }
}
