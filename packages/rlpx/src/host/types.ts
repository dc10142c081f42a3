import type { CounterSnapshot } from '../metrics.ts'
import type { DisconnectReason } from '../p2p/reasons.ts'
import type { ByteStream, Capability, Carrier, Clock, Logger, Random, Scheduler } from '../ports.ts'

/** Collaborators of a host. The key, the capabilities and a carrier are needed; the others have the platform's own as default. */
export interface HostDeps {
  /** The node key: 32 bytes, a secp256k1 private key. It is the node's network identity, not the user's. */
  readonly privateKey: Uint8Array
  /** What the node speaks; one of them at least has to be shared with a peer. */
  readonly capabilities: readonly Capability[]
  /** What bans, throttles and re-dials go by. @default the system clock */
  readonly clock?: Clock | undefined
  /** Timers of the host. @default setTimeout, never keeping the process alive */
  readonly scheduler?: Scheduler | undefined
  /** Ephemeral keys, nonces and padding of handshakes. @default the operating system's generator */
  readonly random?: Random | undefined
  /** How connections are made. */
  readonly carrier: Carrier
  /** Told of refusals and of defects, with ids and numbers only. @default silence */
  readonly logger?: Logger | undefined
}

/** One connected peer, as plain facts. */
export interface PeerInfo {
  /** 64 hex digits. */
  readonly peerId: string
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  /** IP address of the connection, or what a trusted proxy said of it. */
  readonly remoteAddress: string
  /** Port of the connection at the peer's end: of an inbound one not where it listens. */
  readonly remotePort: number
  /** Who dialed. */
  readonly direction: 'inbound' | 'outbound'
  /** Live: `static` is dialed for ever, `trusted` passes the limits. */
  readonly flags: { readonly static: boolean; readonly trusted: boolean }
  /** As its Hello says, cut to `limits.clientNameCharacters`; anyone can say anything. */
  readonly clientName: string
  /** Version of the base protocol in its Hello; from 5 on messages are compressed. */
  readonly protocolVersion: number
  /** Negotiated capabilities with their first message id. */
  readonly capabilities: readonly { readonly name: string; readonly version: number; readonly offset: number }[]
  /** When the session was established, Unix milliseconds. */
  readonly connectedAtMs: number
}

/** Why a connection was refused before it became a peer. */
export type RefusalReason =
  | 'banned'
  /** Outside `netRestrict`. */
  | 'not-allowed'
  | 'throttled'
  | 'pending-limit'
  | 'stopped'
  | 'handshake-timeout'
  | 'bad-handshake'
  | 'bad-hello'
  | 'network'
  | 'too-many-peers'
  | 'too-many-inbound'
  | 'already-connected'
  | 'self'
  | 'useless-peer'
  | 'invalid-identity'
  | 'unexpected-identity'
  | 'refused-by-peer'

/** What ended a session that had become a peer. */
export interface Ending {
  /** `us`: we said goodbye or gave up. `peer`: it said goodbye. `network`: the connection broke without a word. */
  readonly by: 'us' | 'peer' | 'network'
  /** The Disconnect reason that was sent or received, if any. */
  readonly reason?: DisconnectReason | 'unknown'
  /** The number received, also when it has no name. */
  readonly reasonCode?: number
  /** The error code of a failure: `timeout`, `bad-mac`, `too-large`… */
  readonly failure?: string
}

/** Facts a host reports, by event name. */
export interface HostEvents {
  /** Bound to this address and port; not of a host that only dials. */
  readonly listening: { readonly address: string; readonly port: number }
  /** Both Hellos are accepted, and a capability is shared. */
  readonly peerconnected: PeerInfo
  /** The session of a peer has ended, its capabilities too. */
  readonly peerdisconnected: PeerInfo & { readonly ending: Ending }
  /** A connection did not become a peer. */
  readonly refused: {
    readonly reason: RefusalReason
    readonly stage: 'accept' | 'handshake' | 'hello'
    readonly direction: 'inbound' | 'outbound'
    readonly remoteAddress: string
    /** Known once the handshake has proved it, or claimed by a dial. */
    readonly peerId?: string
    /** Of a Disconnect received, its number. */
    readonly reasonCode?: number
    /** Of a useless peer, what it announces: `shh/6, waku/1`; empty when nothing of it can be named. */
    readonly theirs?: string
  }
  /** A dial did not make a peer; `code` is that of the error. */
  readonly dialfailed: {
    readonly peerId: string
    /** As its address names it. */
    readonly host: string
    readonly port: number
    readonly code: string
    /** What the operating system said, where that was it: `ECONNREFUSED`. */
    readonly system?: string
    /** Where no capability is shared, what the other node announces: `shh/6, waku/1`. */
    readonly theirs?: string
    /** When a static peer is tried again. */
    readonly nextAtMs?: number
  }
  /** `stop` is through; so many peers were there when it began. */
  readonly stopped: { readonly peers: number }
}

/** The name of an event of a host. */
export type HostEventName = keyof HostEvents

/** A node of the network. All methods may be called at any time; `start` and `stop` are idempotent. */
export interface Host {
  /** 64 hex digits: Keccak-256 of our public key. */
  readonly peerId: string
  /** 65 bytes, 0x04‖X‖Y: of the node key. */
  readonly publicKey: Uint8Array
  /** Listens, if it is to, and begins to dial static peers. Rejects when the address cannot be bound. */
  readonly start: (options?: { signal?: AbortSignal | undefined }) => Promise<void>
  /**
   * Makes no connection any more, until it is stopped and started again: dials in progress are given up, static peers are not dialed
   * again. Connections that stand stay. For a caller that says goodbye over them before `stop`: a peer whose capability ends first would
   * be dialed at once, and left in the middle of the handshake.
   */
  readonly stopDialing: () => void
  /** Says goodbye with reason 8 and waits until every session, capability and timer has ended. */
  readonly stop: () => Promise<void>
  /**
   * Takes a connection that another listener received, as if it had arrived at ours: the same limits by address, the same peers.
   * So a node that listens over TCP is reached over WebSocket, too.
   */
  readonly accept: (stream: ByteStream) => void
  /**
   * Connects to a node, written as the carrier's nodes are (`enode://…` over TCP), and resolves once both Hellos are accepted; with the existing peer if already connected.
   * `static: true` also keeps dialing it for ever. Rejects with `disconnected` or `refused` and the reason.
   */
  readonly dial: (
    address: string,
    options?: { signal?: AbortSignal | undefined; static?: boolean | undefined; trusted?: boolean | undefined }
  ) => Promise<PeerInfo>
  /** Keeps a connection to this node; dials again for ever. */
  readonly addStatic: (address: string, options?: { trusted?: boolean | undefined }) => void
  /** Lets this node in beyond the limits; takes effect on a live connection too. Takes an address or a peer id. */
  readonly addTrusted: (addressOrPeerId: string) => void
  /** Counts this node for the limits again; a live connection stays. Takes an address or a peer id. */
  readonly removeTrusted: (addressOrPeerId: string) => void
  /** Forgets a static peer and disconnects it with reason 0. Takes an address or a peer id. */
  readonly removePeer: (addressOrPeerId: string) => Promise<void>
  /** Refuses a node or an address from now on; disconnects what is connected. @param durationMs default for ever */
  readonly ban: (target: { peerId: string } | { address: string }, durationMs?: number) => void
  /** Lifts a ban before its time. */
  readonly unban: (target: { peerId: string } | { address: string }) => void
  /** Those whose session is established now. */
  readonly peers: () => readonly PeerInfo[]
  /** Our address as others dial it, an enode URL unless the carrier has a format of its own; it names the listening one unless {@link Host.setExternalAddress} was called. */
  readonly enode: () => string
  /** The address others reach us at, from NAT or configuration; `undefined` goes back to the listening one. */
  readonly setExternalAddress: (address: string | undefined) => void
  /** Ports others reach us at where they differ from the listening ones: mapped by a router, or UDP apart from TCP. */
  readonly setAdvertisedPorts: (ports: {
    readonly tcpPort?: number | undefined
    readonly udpPort?: number | undefined
  }) => void
  /** Counters since the start, and what is there now. */
  readonly metrics: () => CounterSnapshot
  /** Calls the handler with each such fact until the answered function is called. @throws TransportError `invalid-argument` for a name that never comes */
  readonly on: <Name extends HostEventName>(event: Name, handler: (fact: HostEvents[Name]) => void) => () => void
  readonly [Symbol.asyncDispose]: () => Promise<void>
}
