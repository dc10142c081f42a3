import type { HistoryPage, HistoryQuery as PrivacyHistoryQuery } from '@status-stack/interface'
import type { TimeSlicer } from '@status-stack/utils'
import type { WhisperCounters, WhisperEventName, WhisperEvents } from './events.ts'
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
  /** Makes padding, nonces, ephemeral keys and ids. @default the platform's secure randomness */
  readonly random?: Random | undefined
  /** Timers of the node. @default the system's; none keeps a process alive */
  readonly scheduler?: Scheduler | undefined
  /** Told of bad peers and of defects, with ids and sizes only. @default silent */
  readonly logger?: Logger | undefined
  /** Finds nonces; the node stops it with itself. */
  readonly pow?: PowSearcher | undefined
  /** Divides long work into turns; for tests and simulations. @default the one that all packages share */
  readonly slicer?: TimeSlicer | undefined
}

/** A message to post on a route. */
export interface PostMessage {
  /** Topic, key and work: from `planRoute`, or made by hand. */
  readonly route: Route
  /** At most `payloadLimit(route)` bytes; encrypted with the route's key. */
  readonly payload: Uint8Array
  /** Signs inside the ciphertext: who can open the message learns its public key. @default unsigned */
  readonly signer?: IdentityKey | undefined
  /** Seconds. @default the route's */
  readonly ttlSeconds?: number | undefined
  /** How hard to work on it. @default the route's */
  readonly pow?: PowOptions | undefined
  /** Peer id: hand it to this peer alone, as packet 127; it is not relayed, and the peer has to trust us. */
  readonly targetPeer?: string | undefined
  /** Called now and then while the proof of work is searched for. */
  readonly onProgress?: ((progress: { readonly tries: number; readonly expected: number }) => void) | undefined
  /** Ends the search for a nonce; `post` rejects with its reason. An envelope that is sealed goes out all the same. */
  readonly signal?: AbortSignal | undefined
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
  /** Closes the envelope; without one the call fails with `no-key`. */
  readonly key: RouteKey
  /** What is encrypted, at most 2^24 − 1 bytes and as far as the node's `maxMessageSize` goes. */
  readonly payload: Uint8Array
  /** Signs inside the ciphertext. @default unsigned */
  readonly signer?: IdentityKey | undefined
  /** Used as it is, without alignment, when not empty. @default random bytes up to a multiple of 256 */
  readonly padding?: Uint8Array | undefined
  /** Seconds; 0 means 50. @default 50 */
  readonly ttlSeconds?: number | undefined
  /** How hard to work on it. @default target and time of the node */
  readonly pow?: PowOptions | undefined
  /** Peer id: hand it to this peer alone, as packet 127, which is not relayed. */
  readonly targetPeer?: string | undefined
  /** Called at most about 20 times a second while a nonce is searched for; `expected` is the average number of tries. */
  readonly onProgress?: ((progress: { readonly tries: number; readonly expected: number }) => void) | undefined
  /** Ends the search for a nonce; the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** A page of history to ask for. `toSeconds` 0 means now. */
export interface HistoryQuery extends Omit<PrivacyHistoryQuery<Interest>, 'password'> {
  /** Closes the request: the server's node key, or what the fleet agreed on. @default the node's `mailserverPassword` */
  readonly key?: RouteKey | { readonly kind: 'password'; readonly password: string } | undefined
  /** How long the server may take for the page, milliseconds. @default the node's `requestTimeoutMs` */
  readonly timeoutMs?: number | undefined
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
  /** Lowest PoW that is taken now, EIP-627 units. */
  readonly minPow: number
  /** Bytes. */
  readonly maxMessageSize: number
  /** 64 bytes; absent while the node wants everything. */
  readonly bloomFilter?: Uint8Array
}

/** A peer that is connected now. */
export interface PeerInfo {
  /** 64 lower-case hex digits: the link's `peerId`. */
  readonly peerId: string
  /** The link's IP address; absent where the transport knows none. */
  readonly remoteAddress?: string
  /** Its packets 124, 125 and 127 are taken: since `trustPeer`, or since a request of `mailserver` to it. */
  readonly trusted: boolean
  /** It wants every envelope, so what it listens for is not known to us. */
  readonly fullNode: boolean
  /** It announced that it relays nothing of others. */
  readonly light: boolean
  /** It announced that it answers batches with packets 12 and 11. */
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
  /**
   * Takes an envelope of another network, with all the checks that one of a peer passes. An archive may still be storing it, unless much waits
   * for that already. @throws WhisperError `invalid-envelope`
   */
  readonly offer: (envelope: Uint8Array) => Promise<OfferOutcome>
}

/** A node of Whisper, or of another protocol of its family. Usable over any {@link PeerLink}. */
export interface Whisper {
  /** What a transport has to announce for it. */
  readonly capability: Capability
  /** Allows links and posts, and begins to expire envelopes. Opens no connection. Idempotent. */
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
  /** Seals a message, works on it and hands it to the peers; resolves when those that are connected have taken it, after `sendWaitMs` at most. @throws WhisperError `pow-not-reached`, `payload-too-large`, `message-too-large`, `pow-too-low`, `unknown-peer` */
  readonly post: (message: PostMessage) => Promise<Posted>
  /** Listens from this call on, not from the first `next()`; live envelopes in the pool are matched too. */
  readonly subscribe: (interest: Interest, options?: { readonly signal?: AbortSignal | undefined }) => Subscription
  /** Asks a mailserver for one page; resolves with what the interests could open of it. @throws WhisperError `request-refused`, `request-timeout`, `response-too-large`, `response-without-progress`, `unknown-peer`, `link-closed` */
  readonly history: (server: string, query: HistoryQuery) => Promise<HistoryPage>
  /** Whether at least one peer finished the handshake: ask before sealing. */
  readonly connected: () => boolean
  /** Longest payload that fits an envelope on this route, bytes. */
  readonly payloadLimit: (route: Route) => number
  /** Peers that have finished the handshake and whose link has not ended. */
  readonly peers: () => readonly PeerInfo[]
  /** Closes the link to a peer. @throws WhisperError `unknown-peer` */
  readonly disconnect: (peerId: string) => Promise<void>

  /** The low level that `shh_*` is made of: key-agnostic filters and envelopes. */
  readonly filters: FilterTable
  /** `post` without a route: topic, key and work as they are given. @throws as `post`, and `no-key` */
  readonly postEnvelope: (message: PostEnvelope) => Promise<Posted>
  /** What an envelope of `size` = 20 + data bytes costs; measures this machine on first use. */
  readonly estimatePow: (target: number, size: number, ttlSeconds: number) => Promise<PowEstimate>
  /** Current values, as the setters have left them. */
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
  /** Bytes and packets by kind: of all links since the node was made, and of those that are up. */
  readonly bandwidth: () => Bandwidth
  /** A snapshot: what happened how often since the node was made. */
  readonly counters: () => WhisperCounters
  /** For a bridge to another network of the same envelopes. */
  readonly exchange: EnvelopeExchange
  /** Asking servers for what was missed. */
  readonly mailserver: MailserverClient
  /** Plugs a mailserver in; the returned function takes it out again. One at a time. */
  readonly serve: (mailserver: MailserverPort) => () => void
  /**
   * Calls the handler with each such fact until the answered function is called: life cycles and refusals; messages that a filter or subscription
   * opened are not among them.
   *
   * @throws WhisperError `invalid-argument` for a name that never comes
   */
  readonly on: <Name extends WhisperEventName>(event: Name, handler: (fact: WhisperEvents[Name]) => void) => () => void
}

export type { EnvelopeMessage }
