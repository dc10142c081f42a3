import type { CounterSnapshot } from '../metrics.ts'
import type { DisconnectReason } from '../p2p/reasons.ts'
import type { ByteStream, Capability, Carrier, Clock, Logger, Random, Scheduler } from '../ports.ts'

/** Collaborators of a host. The key, the capabilities and a carrier are needed; the others have the platform's own as default. */
export interface HostDeps {
  /** The node key: 32 bytes, a secp256k1 private key. It is the node's network identity, not the user's. */
  readonly privateKey: Uint8Array
  readonly capabilities: readonly Capability[]
  /** @default the system clock */
  readonly clock?: Clock | undefined
  /** @default setTimeout, never keeping the process alive */
  readonly scheduler?: Scheduler | undefined
  /** @default the operating system's generator */
  readonly random?: Random | undefined
  /** How connections are made. */
  readonly carrier: Carrier
  /** @default silence */
  readonly logger?: Logger | undefined
}

/** One connected peer, as plain facts. */
export interface PeerInfo {
  /** 64 hex digits. */
  readonly peerId: string
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  readonly remoteAddress: string
  readonly remotePort: number
  readonly direction: 'inbound' | 'outbound'
  readonly flags: { readonly static: boolean; readonly trusted: boolean }
  readonly clientName: string
  readonly protocolVersion: number
  /** Negotiated capabilities with their first message id. */
  readonly capabilities: readonly { readonly name: string; readonly version: number; readonly offset: number }[]
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
  readonly listening: { readonly address: string; readonly port: number }
  readonly peeradded: PeerInfo
  readonly peerremoved: PeerInfo & { readonly ending: Ending }
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
  readonly stopped: { readonly peers: number }
}

/** The name of an event of a host. */
export type HostEventName = keyof HostEvents

/** A node of the network. All methods may be called at any time; `start` and `stop` are idempotent. */
export interface Host {
  /** 64 hex digits: Keccak-256 of our public key. */
  readonly peerId: string
  readonly publicKey: Uint8Array
  readonly start: (options?: { signal?: AbortSignal }) => Promise<void>
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
    options?: { signal?: AbortSignal; static?: boolean; trusted?: boolean }
  ) => Promise<PeerInfo>
  /** Keeps a connection to this node; dials again for ever. */
  readonly addStatic: (address: string, options?: { trusted?: boolean }) => void
  /** Lets this node in beyond the limits; takes effect on a live connection too. Takes an address or a peer id. */
  readonly addTrusted: (addressOrPeerId: string) => void
  readonly removeTrusted: (addressOrPeerId: string) => void
  /** Forgets a static peer and disconnects it with reason 0. Takes an address or a peer id. */
  readonly removePeer: (addressOrPeerId: string) => Promise<void>
  /** Refuses a node or an address from now on; disconnects what is connected. @param durationMs default for ever */
  readonly ban: (target: { peerId: string } | { address: string }, durationMs?: number) => void
  readonly unban: (target: { peerId: string } | { address: string }) => void
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
  readonly metrics: () => CounterSnapshot
  readonly addEventListener: <T extends HostEventName>(
    type: T,
    listener: (event: CustomEvent<HostEvents[T]>) => void,
    options?: AddEventListenerOptions | boolean
  ) => void
  readonly removeEventListener: <T extends HostEventName>(
    type: T,
    listener: (event: CustomEvent<HostEvents[T]>) => void
  ) => void
  readonly [Symbol.asyncDispose]: () => Promise<void>
}
