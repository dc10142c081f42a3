import type { Emitter, EventNames } from '@status-stack/utils'

/** Facts about a mailserver, by name. Ids are lower-case hex without 0x. */
export interface MailserverEvents {
  /** Envelopes are in the store, repetitions included: from the node's relay, or out of another mailserver's archive. */
  readonly archived: { readonly envelopes: number; readonly bytes: number; readonly source: 'live' | 'sync' }
  /** A request of a client was answered with one page. */
  readonly requestserved: Served & { readonly requestId: string }
  /** A request got an `ERROR=` answer, or none because its link ended. */
  readonly requestrefused: { readonly peerId: string; readonly requestId: string; readonly error: string }
  /** Another mailserver got one page of our archive. */
  readonly syncserved: Served
  /** Another mailserver got an error instead. */
  readonly syncrefused: { readonly peerId: string; readonly error: string }
  /** A source said that it has sent everything, or failed. `cursor` is hex, empty on the last page. */
  readonly syncfinished: { readonly peerId: string; readonly cursor: string; readonly error: string }
  /** A pass of the retention has ended. */
  readonly cleaned: { readonly envelopes: number }
  /** The store failed during a pass of the retention, after so many envelopes; the next pass tries again. */
  readonly cleaningfailed: { readonly envelopes: number }
}

/** What one answer held. */
export interface Served {
  /** Who asked: 64 hex digits. */
  readonly peerId: string
  /** Sent in this answer. */
  readonly envelopes: number
  /** Of these envelopes, without the packets around them. */
  readonly bytes: number
  /** How many packets carried them. */
  readonly packets: number
  /** Whether a cursor was given. */
  readonly more: boolean
}

/** The name of an event of a mailserver. */
export type MailserverEventName = keyof MailserverEvents

/** The names of {@link MailserverEvents}. */
export const mailserverEventNames: EventNames<MailserverEvents> = {
  archived: true,
  requestserved: true,
  requestrefused: true,
  syncserved: true,
  syncrefused: true,
  syncfinished: true,
  cleaned: true,
  cleaningfailed: true
}

/** Both ends of the events: the mailserver emits, everybody listens. */
export type EventSource = Pick<Emitter<MailserverEvents>, 'on' | 'emit'>
