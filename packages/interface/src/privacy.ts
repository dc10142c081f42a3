import type { PeerLink } from './link.ts'
import type { IdentityKey } from './ports.ts'
import type { Arrival, Destination, Guarantee } from './protection.ts'

/** Where we want to listen. A rendezvous is a secret that two identities share; only its peer may write there. */
export type ListenTarget =
  | { readonly kind: 'identity' }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }
  | { readonly kind: 'rendezvous'; readonly peer: Uint8Array; readonly secret: Uint8Array }

/** A message that was found where we listen. */
export interface ReceivedMessage {
  /** What the sender gave to `post`: bytes of the layer above, which this one does not read. */
  readonly payload: Uint8Array
  /** 65 bytes: the identity key that signed it for transport; absent when it is not signed. */
  readonly signer?: Uint8Array
  /** Unix seconds at which it says it was sent. Payload checks use it, not the local clock. Not covered by the signature. */
  readonly sentSeconds: number
  /** 32 bytes: names the message within the privacy layer. */
  readonly hash: Uint8Array
  /** The place at which it was heard, and with it who alone can have written it. */
  readonly arrival: Arrival
  /** The same as `guaranteeOf` the route on which it was posted. */
  readonly guarantee: Guarantee
  /** Heard from a peer just now, or out of the archive of the mailserver of this peer id. */
  readonly source: 'live' | { readonly mailserver: string }
}

/** What became of a posted message. */
export interface PostedMessage {
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** Unix seconds; peers forget the message then. */
  readonly expiry: number
  /** Peer ids that had taken it when `post` resolved. */
  readonly sentTo: readonly string[]
  /** Peers that acknowledge it, buffered from the start, each once; ends at expiry. */
  readonly confirmations: AsyncIterable<{ readonly by: string }>
}

/** A message to post. */
export interface MessageToPost<Route> {
  /** Where it goes: what `planRoute` of the same layer gave. */
  readonly route: Route
  /** At most `payloadLimit(route)` bytes; nobody but its readers learns what is in it. */
  readonly payload: Uint8Array
  /** Signs for transport; receivers learn its public key. @default unsigned */
  readonly signer?: IdentityKey | undefined
  /** How long it lives in the network, seconds. @default the route's */
  readonly lifetimeSeconds?: number | undefined
  /** Peer id: hand it to this peer alone. @default all who want it */
  readonly targetPeer?: string | undefined
  /** Ends the work that comes before sending: `post` rejects with the signal's reason. What peers have taken stays sent. */
  readonly signal?: AbortSignal | undefined
}

/** A page of the past to ask a server for. */
export interface HistoryQuery<Interest> {
  /** Places to ask about, as `planInterest` gave them; the server learns their topics, or a filter made of them. At least one. */
  readonly interests: readonly Interest[]
  /** Unix seconds, both included. */
  readonly fromSeconds: number
  /** End of the range, Unix seconds. */
  readonly toSeconds: number
  /** Most messages of the page, 1 … 1000. */
  readonly limit: number
  /** Opaque; valid for the server that gave it. */
  readonly cursor?: Uint8Array | undefined
  /** A node key, not the identity: it is what the server learns. */
  readonly signer: IdentityKey
  /** Where the server has a password of its own. */
  readonly password?: string | undefined
  /** Ends the wait for the server's answer. */
  readonly signal?: AbortSignal | undefined
}

/** One page: what came of the range, in the server's order. */
export interface HistoryPage {
  /** Those messages of the page that one of the interests could open. */
  readonly deliveries: readonly ReceivedMessage[]
  /** Absent on the last page. */
  readonly cursor?: Uint8Array
  /**
   * What is left of the range, where the page tells: for another server, to which the cursor means nothing. A message at its edge may come
   * again.
   */
  readonly remaining?: { readonly fromSeconds: number; readonly toSeconds: number }
}

/** A peer that finished the handshake. */
export interface PrivacyPeer {
  /** The link's `peerId`: 64 lower-case hex digits, Keccak-256 of the peer's node key. */
  readonly peerId: string
  /** The link's IP address; absent where the transport knows none. */
  readonly remoteAddress?: string
  /** Whether it acknowledges what it takes. */
  readonly confirmations: boolean
}

/** What a privacy layer reports. */
export interface PrivacyEvents {
  /** A peer finished the handshake: messages can go to it. */
  readonly peerconnected: PrivacyPeer
  /** `reason` is a code of the layer; absent for a goodbye. */
  readonly peerdisconnected: { readonly peerId: string; readonly reason?: string }
  /** A sign that clocks differ. Outsiders can make such signs: they may warn people, never correct a clock. */
  readonly clocksign: { readonly peerId: string; readonly sign: ClockSign }
}

/** The names of {@link PrivacyEvents}. */
export const privacyEventNames: { readonly [Name in keyof PrivacyEvents]: true } = {
  peerconnected: true,
  peerdisconnected: true,
  clocksign: true
}

/**
 * A message that was refused for its time, between a peer and us.
 * - `from-future`: refused by us as sent in the future; our clock may be behind.
 * - `expired`: refused by us as expired; our clock may be ahead.
 * - `rejected`: one of ours, refused by the peer.
 */
export type ClockSign = 'from-future' | 'expired' | 'rejected'

/**
 * The privacy layer: carries bytes between those who know where to listen, and tells nobody else who they are.
 * Whisper and Waku implement it; nothing above knows which.
 *
 * Rules that an implementation keeps, each a case of `privacyLayerCases`:
 * - `subscribe` registers in the call, not at the first `next()`; what is still in circulation is matched too.
 * - A delivery on a rendezvous or a contact code whose signer is not that peer or owner is dropped.
 * - `guaranteeOf` the route is the guarantee of the delivery.
 * - `history` returns pages, it does not push them; live messages go on meanwhile, so that no server can withhold them.
 */
export interface PrivacyLayer<Route = unknown, Interest = unknown> {
  /** What a transport announces for links that `attach` runs on. */
  readonly wire: { readonly name: string; readonly version: number; readonly codes: number }
  /** Makes `attach` and `post` possible. Opens no connection: links come from a transport. Idempotent. */
  readonly start: () => Promise<void>
  /** Ends every link and subscription and waits for them. Idempotent. */
  readonly stop: () => Promise<void>
  /** Runs the protocol on a link; settles when the link has ended, and rejects with the layer's error on a violation. */
  readonly attach: (link: PeerLink) => Promise<void>
  /** Those that have finished the handshake and whose link has not ended. */
  readonly peers: () => readonly PrivacyPeer[]
  /** Whether at least one peer finished the handshake: ask before sealing, for an unsent seal burns message keys. */
  readonly connected: () => boolean
  /** Live messages that peers have sent, and messages of ours that they have acknowledged, since the layer was made: what signs are weighed against. */
  readonly traffic: () => { readonly received: number; readonly acknowledged: number }
  /** Calls `listener` with each fact; returns the function that ends it. */
  readonly on: <Event extends keyof PrivacyEvents>(
    event: Event,
    listener: (fact: PrivacyEvents[Event]) => void
  ) => () => void
  /** Plans where to post. May be costly the first time; cached. */
  readonly planRoute: (to: Destination, hints?: { readonly rendezvous?: Uint8Array | undefined }) => Promise<Route>
  /** Plans where to listen; holds what decrypts. What it derives at a cost it may keep in its own store. */
  readonly planInterest: (me: IdentityKey, target: ListenTarget) => Promise<Interest>
  /** Deletes what was kept for a place where we no longer listen. */
  readonly forgetInterest: (target: ListenTarget) => Promise<void>
  /** Who could read a message posted on this route. */
  readonly guaranteeOf: (route: Route) => Guarantee
  /** Longest payload on this route, bytes: only this layer knows its overhead. */
  readonly payloadLimit: (route: Route) => number
  /** Posts and resolves when the connected peers have taken it. */
  readonly post: (message: MessageToPost<Route>) => Promise<PostedMessage>
  /**
   * Messages of a place from this call on, until the signal fires, the reader returns or the layer stops. `ready` resolves when peers
   * know that the place is wanted.
   */
  readonly subscribe: (
    interest: Interest,
    options?: { readonly signal?: AbortSignal | undefined }
  ) => AsyncIterable<ReceivedMessage> & { readonly ready: Promise<void> }
  /** Asks a server for the past. Absent where the network has no servers. */
  readonly history?: (server: string, query: HistoryQuery<Interest>) => Promise<HistoryPage>
}

/** Codes that any privacy layer's errors may carry, which the layers above tell apart. Others are its own affair. */
export type PrivacyFailure = 'payload-too-large' | 'message-too-large' | 'request-refused' | 'request-timeout'

/** What a privacy layer may remember between runs, in a namespace of its own; values are encrypted at rest. */
export interface PrivacyStore {
  /** The value last put under the key; `undefined` when there is none. */
  readonly get: (key: string) => Promise<Uint8Array | undefined>
  /** Stores the value in place of an earlier one; durable when it resolves. */
  readonly put: (key: string, value: Uint8Array) => Promise<void>
  /** Forgets the key; no error when there is none. */
  readonly delete: (key: string) => Promise<void>
}
