import { createEmitter, type EventNames } from '@status-stack/utils'
import { check } from '../errors.ts'
import { type Counters, count } from '../metrics.ts'
import type { Logger } from '../ports.ts'
import type { Host, HostEventName, HostEvents, RefusalReason } from './types.ts'

const names: EventNames<HostEvents> = {
  listening: true,
  peerconnected: true,
  peerdisconnected: true,
  refused: true,
  dialfailed: true,
  stopped: true
}

/** What a host reports, and to whom. */
export interface HostEventHub extends Pick<Host, 'on'> {
  readonly emit: <Name extends HostEventName>(name: Name, fact: HostEvents[Name]) => void
  /** Counts, logs and reports a connection that did not become a peer. */
  readonly refused: (
    reason: RefusalReason,
    stage: HostEvents['refused']['stage'],
    facts: Omit<HostEvents['refused'], 'reason' | 'stage'>
  ) => void
}

export function createHostEventHub(counters: Counters, logger: Logger | undefined): HostEventHub {
  const { on, emit } = createEmitter<HostEvents>(names, check, (event, error) =>
    logger?.error('a listener failed', { event, error: String(error) })
  )
  return {
    on,
    emit,
    refused: (reason, stage, facts) => {
      count(counters.refused, reason)
      logger?.debug(`refused: ${reason}`, { stage, direction: facts.direction })
      emit('refused', { reason, stage, ...facts })
    }
  }
}
