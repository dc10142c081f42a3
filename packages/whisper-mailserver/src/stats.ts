import type { EventSource } from './events.ts'

/** Counted since the mailserver was made, but for what is running. */
export interface MailserverStats {
  /** Envelopes and bytes that were handed to the store, repetitions included. */
  readonly archivedEnvelopes: number
  /** Of those envelopes, as RLP. */
  readonly archivedBytes: number
  /** Pages that were sent to clients. */
  readonly requestsServed: number
  /** Requests that got an error, or whose link ended before the answer. */
  readonly requestsRefused: number
  /** Pages that were sent to other mailservers. */
  readonly syncsServed: number
  /** Envelopes and bytes of answers. */
  readonly sentEnvelopes: number
  /** Of those envelopes, as RLP. */
  readonly sentBytes: number
  /** Deleted by the retention. */
  readonly deletedEnvelopes: number
  /** Requests being answered now. */
  readonly running: number
}

/** Everything but what is running, and changeable. */
type Counts = { -readonly [Name in Exclude<keyof MailserverStats, 'running'>]: number }

/** Counts what a mailserver says that it did. */
export function countEvents(events: Pick<EventSource, 'on'>): Readonly<Counts> {
  const counts: Counts = {
    archivedEnvelopes: 0,
    archivedBytes: 0,
    requestsServed: 0,
    requestsRefused: 0,
    syncsServed: 0,
    sentEnvelopes: 0,
    sentBytes: 0,
    deletedEnvelopes: 0
  }
  events.on('archived', fact => {
    counts.archivedEnvelopes += fact.envelopes
    counts.archivedBytes += fact.bytes
  })
  events.on('requestserved', fact => {
    counts.requestsServed += 1
    counts.sentEnvelopes += fact.envelopes
    counts.sentBytes += fact.bytes
  })
  events.on('syncserved', fact => {
    counts.syncsServed += 1
    counts.sentEnvelopes += fact.envelopes
    counts.sentBytes += fact.bytes
  })
  events.on('requestrefused', () => {
    counts.requestsRefused += 1
  })
  events.on('cleaned', fact => {
    counts.deletedEnvelopes += fact.envelopes
  })
  return counts
}
