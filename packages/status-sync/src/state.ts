import type { Random } from './ports.ts'
import { backOffMs, longestWaitMs, nextWaitMs, type Schedule } from './schedule.ts'

/** What a record announces: a message we have, one we want, or the message itself. */
export type RecordKind = 'offer' | 'request' | 'message'

/** One pending thing towards one peer; (peer, id) is its key. Acknowledgements are not records. SPEC: 2/MVDS "State". */
export interface SyncRecord {
  readonly peer: Uint8Array
  readonly id: Uint8Array
  readonly kind: RecordKind
  /** The caller's name for it; empty for a request. */
  readonly tracking: string
  /** Unix seconds in the message; 0 for a request. */
  readonly timestamp: bigint
  /** Bytes of the serialised message; 0 for a request. */
  readonly size: number
  readonly createdMs: number
  /** Attempts since the back-off last restarted. */
  readonly count: number
  /** How often the peer's doing has restarted the back-off, which then begins at this step. */
  readonly restarts: number
  /** Attempts in all. */
  readonly attempts: number
  /** When it was last tried, also in vain; 0 before. */
  readonly lastAttemptMs: number
  readonly dueMs: number
  /** Refused by policy below; sleeps until `retry`. */
  readonly held: boolean
}

/** What can happen to a record. Times are wall-clock milliseconds. */
export type RecordEvent =
  | { readonly kind: 'sent'; readonly atMs: number }
  | { readonly kind: 'not-sent'; readonly nowMs: number }
  | { readonly kind: 'held' }
  | { readonly kind: 'heard'; readonly nowMs: number }
  | { readonly kind: 'retry'; readonly nowMs: number }
  | { readonly kind: 'requested'; readonly nowMs: number }

/** The schedule with what it needs; given to every transition. */
export interface Timing extends Schedule {
  readonly unsentMs: number
  readonly random: Random
}

/** The next state of a record. Pure but for the jitter that `timing.random` gives. */
export function transition(record: SyncRecord, event: RecordEvent, timing: Timing): SyncRecord {
  switch (event.kind) {
    case 'sent': {
      const count = record.count + 1
      const dueMs = event.atMs + nextWaitMs(count, timing, timing.random)
      return { ...record, count, attempts: record.attempts + 1, lastAttemptMs: event.atMs, dueMs }
    }
    case 'not-sent':
      // The time is kept, so that a peer heard all the time cannot make us seal in vain all the time.
      return { ...record, lastAttemptMs: event.nowMs, dueMs: event.nowMs + timing.unsentMs }
    case 'held':
      return { ...record, held: true }
    case 'heard':
      return restart(record, event.nowMs, timing)
    case 'retry':
      return { ...record, held: false, count: 0, dueMs: event.nowMs }
    case 'requested':
      if (record.kind === 'request') return record
      if (record.kind === 'offer') return { ...record, kind: 'message', count: 0, restarts: 0, dueMs: event.nowMs }
      // The message is on its way or was lost; asking again and again must not make us send at will.
      return restart(record, event.nowMs, timing)
  }
}

/**
 * The peer is there: the next attempt is made sooner, never later than it was planned anyway. Each restart begins one step further up, so that a
 * peer that is heard or asks all the time and acknowledges nothing costs about twice the attempts of one that is silent (decision 0269).
 */
function restart(record: SyncRecord, nowMs: number, timing: Timing): SyncRecord {
  const { count, restarts, lastAttemptMs } = record
  const dueMs = Math.min(record.dueMs, Math.max(nowMs, lastAttemptMs + backOffMs(restarts + 1, timing)))
  if (count > restarts) return { ...record, count: restarts, restarts: restarts + 1, dueMs }
  return dueMs === record.dueMs ? record : { ...record, dueMs }
}

/** Whether the record is to be sent at `nowMs`. A due time out of reach of the schedule means a clock set back: due. */
export function isDue(record: SyncRecord, nowMs: number, timing: Timing): boolean {
  if (record.held) return false
  return record.dueMs <= nowMs || record.dueMs - nowMs > longestWaitMs(timing) + timing.unsentMs
}

/** When a record is given up. */
export interface Ages {
  /** Age of a message or an offer; milliseconds. */
  readonly giveUpMs: number
  /** Age of a request; milliseconds. */
  readonly requestGiveUpMs: number
  /** How often a request is sent. */
  readonly maxRequestAttempts: number
  /** Milliseconds that count for no age: a jump of the clock that may be a mistake. */
  readonly lagMs: number
}

/**
 * Whether the record is not to be tried again. Requests end after a few attempts: what their peer offers again is requested
 * again, so what it makes us send stays in proportion to what it sends.
 */
export function isOver(record: SyncRecord, nowMs: number, ages: Ages): boolean {
  const ageMs = nowMs - ages.lagMs - record.createdMs
  if (record.kind !== 'request') return ageMs > ages.giveUpMs
  return ageMs > ages.requestGiveUpMs || (record.attempts >= ages.maxRequestAttempts && record.dueMs <= nowMs)
}

/** What a new record starts from. */
export interface Draft {
  readonly peer: Uint8Array
  readonly id: Uint8Array
  readonly tracking: string
  readonly timestamp: bigint
  readonly size: number
  readonly nowMs: number
}

/** A record that is due at once and was never tried. */
export function recordOf(kind: RecordKind, { nowMs, ...draft }: Draft): SyncRecord {
  return {
    ...draft,
    kind,
    createdMs: nowMs,
    count: 0,
    restarts: 0,
    attempts: 0,
    lastAttemptMs: 0,
    dueMs: nowMs,
    held: false
  }
}
