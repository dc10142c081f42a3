/** Facts about a mailserver, each with its detail. Ids are lower-case hex without 0x. */
export interface MailserverEventMap {
  readonly archived: { readonly envelopes: number; readonly bytes: number; readonly source: 'live' | 'sync' }
  readonly requestserved: Served & { readonly requestId: string }
  /** A request got an `ERROR=` answer, or none because its link ended. */
  readonly requestrefused: { readonly peerId: string; readonly requestId: string; readonly error: string }
  readonly syncserved: Served
  readonly syncrefused: { readonly peerId: string; readonly error: string }
  /** A source said that it has sent everything, or failed. `cursor` is hex, empty on the last page. */
  readonly syncfinished: { readonly peerId: string; readonly cursor: string; readonly error: string }
  /** A pass of the retention has ended. */
  readonly cleaned: { readonly envelopes: number }
  readonly cleaningfailed: { readonly envelopes: number }
}

/** What one answer held. */
export interface Served {
  readonly peerId: string
  readonly envelopes: number
  readonly bytes: number
  readonly packets: number
  /** Whether a cursor was given. */
  readonly more: boolean
}

/** The name of an event of a mailserver. */
export type MailserverEventName = keyof MailserverEventMap

/** What is called with an event of this name. */
export type MailserverEventListener<Name extends MailserverEventName> = (
  event: CustomEvent<MailserverEventMap[Name]>
) => void

/** The typed face of an `EventTarget`. */
export interface MailserverEvents {
  readonly addEventListener: <Name extends MailserverEventName>(
    name: Name,
    listener: MailserverEventListener<Name>,
    options?: AddEventListenerOptions
  ) => void
  readonly removeEventListener: <Name extends MailserverEventName>(
    name: Name,
    listener: MailserverEventListener<Name>
  ) => void
}

/** Both ends of the events: the mailserver emits, everybody listens. */
export interface EventSource extends MailserverEvents {
  readonly emit: <Name extends MailserverEventName>(name: Name, detail: MailserverEventMap[Name]) => void
}

export function createEventSource(): EventSource {
  const target = new EventTarget()
  return {
    addEventListener: (name, listener, options) => target.addEventListener(name, listener as EventListener, options),
    removeEventListener: (name, listener) => target.removeEventListener(name, listener as EventListener),
    emit: (name, detail) => {
      target.dispatchEvent(new CustomEvent(name, { detail }))
    }
  }
}
