import type { HistoryPage, HistoryQuery as PrivacyHistoryQuery } from '@status-stack/interface'
import type { TimeSlicer } from '@status-stack/utils'
import type { WhisperCounters, WhisperEvents } from './events.ts'
import type { FilterTable } from './filters/filter-types.ts'
import type { EnvelopeMessage } from './filters/message.ts'
import type { MailserverClient } from './mailserver/client-types.ts'
import type { MailserverPort } from './mailserver/port.ts'
import type { Clock, IdentityKey, Logger, PeerLink, Random, Scheduler } from './ports.ts'
import type { Bandwidth } from './relay/bandwidth.ts'
import type { OfferOutcome } from './relay/intake.ts'
import type { Capability } from './relay/protocol.ts'
import type { Interest, PowOptions, ReceivedMessage, Route, RouteKey } from './route.ts'
import type { PowEstimate, PowSearcher } from './search/searcher.ts'

export type { HistoryPage } from '@status-stack/interface'

/** What a node works with. All optional: the machine's own are the default. */
export interface WhisperDeps {
  /**
   * The time of the machine, as it is. Never one that is corrected by what peers or messages say: expiry is judged and written by it, and a
   * stranger who moved it could cut the node off.
   */
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  readonly scheduler?: Scheduler | undefined
  readonly logger?: Logger | undefined
  /** Finds nonces; the node stops it with itself. */
  readonly pow?: PowSearcher | undefined
  /** Divides long work into turns; for tests and simulations. @default the one that all packages share */
  readonly slicer?: TimeSlicer | undefined
}

/** A message to post on a route. */
export interface PostMessage {
  readonly route: Route
  readonly payload: Uint8Array
  readonly signer?: IdentityKey
  /** Seconds. @default the route's */
  readonly ttlSeconds?: number
  /** @default the route's */
  readonly pow?: PowOptions
  /** Peer id: hand it to this peer alone, as packet 127; it is not relayed, and the peer has to trust us. */
  readonly targetPeer?: string
  /** Called now and then while the proof of work is searched for. */
  readonly onProgress?: (progress: { readonly tries: number; readonly expected: number }) => void
  readonly signal?: AbortSignal
}

/** What became of a posted message. */
export interface Posted {
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** Unix seconds. */
  readonly expiry: number
  /** Peer ids that had taken it when `post` resolved. */
  readonly sentTo: readonly string[]
  /** Peers that acknowledge it, buffered from the start; each once; ends when the envelope expires. */
  readonly confirmations: AsyncIterable<{ readonly by: string }>
}

/** A message at the level of EIP-627: explicit key, topic, work. */
export interface PostEnvelope {
  /** 4 bytes. */
  readonly topic: Uint8Array
  readonly key: RouteKey
  readonly payload: Uint8Array
  readonly signer?: IdentityKey
  /** Used as it is, without alignment, when not empty. @default random bytes up to a multiple of 256 */
  readonly padding?: Uint8Array
  /** Seconds; 0 means 50. @default 50 */
  readonly ttlSeconds?: number
  /** @default target and time of the node */
  readonly pow?: PowOptions
  readonly targetPeer?: string
  readonly onProgress?: (progress: { readonly tries: number; readonly expected: number }) => void
  readonly signal?: AbortSignal
}

/** A page of history to ask for. `toSeconds` 0 means now. */
export interface HistoryQuery extends Omit<PrivacyHistoryQuery<Interest>, 'password'> {
  /** @default the node's `mailserverPassword` */
  readonly key?: RouteKey | { readonly kind: 'password'; readonly password: string }
  /** @default the node's `requestTimeoutMs` */
  readonly timeoutMs?: number
}

/** A subscription: messages as they come, and the moment from which they can. */
export type Subscription = AsyncIterable<ReceivedMessage> & {
  /** Resolves when the connected peers know that the topics are wanted. */
  readonly ready: Promise<void>
}

/** What a node holds and asks for now. */
export interface WhisperInfo {
  /** Bytes of live envelopes. */
  readonly memory: number
  /** Live envelopes. */
  readonly messages: number
  readonly minPow: number
  /** Bytes. */
  readonly maxMessageSize: number
  /** 64 bytes; absent while the node wants everything. */
  readonly bloomFilter?: Uint8Array
}

/** A peer that is connected now. */
export interface PeerInfo {
  readonly peerId: string
  readonly remoteAddress?: string
  readonly trusted: boolean
  readonly fullNode: boolean
  readonly light: boolean
  readonly confirmations: boolean
  /** The PoW this peer wants. */
  readonly minPow: number
}

/** The ends by which envelopes pass between this network and another one. */
export interface EnvelopeExchange {
  /**
   * Calls `take` with every envelope that is newly pooled here, from a peer or posted, until the returned function is called. What
   * `offer` brought is not among them, nor what a light node got from others, nor packet 127. `take` must not throw.
   */
  readonly onPooled: (take: (envelope: Uint8Array) => void) => () => void
  /** Takes an envelope of another network, with all the checks that one of a peer passes. @throws WhisperError `invalid-envelope` */
  readonly offer: (envelope: Uint8Array) => Promise<OfferOutcome>
}

/** A node of Whisper, or of another protocol of its family. Usable over any {@link PeerLink}. */
export interface Whisper {
  /** What a transport has to announce for it. */
  readonly capability: Capability
  readonly start: () => Promise<void>
  /** Ends every link and subscription and waits for them. Idempotent. */
  readonly stop: () => Promise<void>
  /** `stop`, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
  /**
   * Runs the protocol on a link; settles when the link ended. A second link of a peer takes the place of an older one that is
   * silent for half of `handshakeTimeoutMs`.
   * @throws WhisperError with origin `peer` on a violation; `duplicate-peer` when the older link lives, `too-many-peers`
   */
  readonly attach: (link: PeerLink) => Promise<void>
  /** @throws WhisperError `pow-not-reached`, `payload-too-large`, `message-too-large`, `pow-too-low`, `unknown-peer` */
  readonly post: (message: PostMessage) => Promise<Posted>
  /** Listens from this call on, not from the first `next()`; live envelopes in the pool are matched too. */
  readonly subscribe: (interest: Interest, options?: { readonly signal?: AbortSignal }) => Subscription
  /** @throws WhisperError `request-refused`, `request-timeout`, `response-too-large`, `response-without-progress`, `unknown-peer`, `link-closed` */
  readonly history: (server: string, query: HistoryQuery) => Promise<HistoryPage>
  /** Whether at least one peer finished the handshake: ask before sealing. */
  readonly connected: () => boolean
  /** Longest payload that fits an envelope on this route, bytes. */
  readonly payloadLimit: (route: Route) => number
  readonly peers: () => readonly PeerInfo[]
  /** Closes the link to a peer. @throws WhisperError `unknown-peer` */
  readonly disconnect: (peerId: string) => Promise<void>

  /** The low level that `shh_*` is made of: key-agnostic filters and envelopes. */
  readonly filters: FilterTable
  /** @throws as `post`, and `no-key` */
  readonly postEnvelope: (message: PostEnvelope) => Promise<Posted>
  /** What an envelope of `size` = 20 + data bytes costs; measures this machine on first use. */
  readonly estimatePow: (target: number, size: number, ttlSeconds: number) => Promise<PowEstimate>
  readonly info: () => WhisperInfo
  /** Takes effect at once here, after 10 s for peers. @throws WhisperError `invalid-argument` */
  readonly setMinPow: (minPow: number) => Promise<void>
  /** 64 bytes. @throws WhisperError `invalid-argument` */
  readonly setBloomFilter: (bloomFilter: Uint8Array) => Promise<void>
  /** Bytes, at most 10 MiB. @throws WhisperError `invalid-argument` */
  readonly setMaxMessageSize: (bytes: number) => void
  /** Announces a light node, or a full one again, on links from now on, in Waku on all of them; a light node relays nothing of others. */
  readonly setLight: (light: boolean) => void
  /** Accepts packets 124, 125 and 127 of a connected peer until its link ends. @throws WhisperError `unknown-peer` */
  readonly trustPeer: (peerId: string) => void
  readonly bandwidth: () => Bandwidth
  /** A snapshot: what happened how often since the node was made. */
  readonly counters: () => WhisperCounters
  /** For a bridge to another network of the same envelopes. */
  readonly exchange: EnvelopeExchange
  readonly mailserver: MailserverClient
  /** Plugs a mailserver in; the returned function takes it out again. One at a time. */
  readonly serve: (mailserver: MailserverPort) => () => void
  /** Life cycles and refusals; messages that a filter or subscription opened are not among them. */
  readonly events: WhisperEvents
}

export type { EnvelopeMessage }
