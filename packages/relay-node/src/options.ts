import type { PeerStore } from '@status-stack/devp2p-transport/discovery'
import type { EnvelopeStore } from '@status-stack/whisper-mailserver'
import type { Privacy } from './privacy.ts'
import type { RelayCarrier, RelayProtocol } from './protocols.ts'

/** An address to listen on. */
export interface ListenAddress {
  /** An IP address of this machine; `0.0.0.0` and `::` are all of them. */
  readonly host: string
  /** 0 is any free one. */
  readonly port: number
}

/** What a relay is made of; only the key has no default. */
export interface RelayDeps {
  /** 32 bytes: names the node. */
  readonly privateKey: Uint8Array
  /** Where good peers are remembered. @default nowhere */
  readonly peerStore?: PeerStore | undefined
  /** Protocols beside Whisper and Waku: each is announced to peers and gets their links. @default none */
  readonly protocols?: readonly RelayProtocol[] | undefined
  /** Carriers of packets beside devp2p over TCP and WebSocket. @default none */
  readonly carriers?: readonly RelayCarrier[] | undefined
}

/** Keeping what is relayed, and serving it to clients that were away. */
export interface ArchiveOptions {
  /** Opened by the relay, and closed when it stops. */
  readonly store: EnvelopeStore
  /** Password of requests; `false`: they must be sealed to the key. @default 'status-offline-inbox' */
  readonly password?: string | false | undefined
  /** 32 bytes; requests may be sealed to its public key. @default the node's key */
  readonly privateKey?: Uint8Array | undefined
  /** Days; 0 keeps for ever. @default 30 */
  readonly retentionDays?: number | undefined
  /** Seconds between two requests of one peer. @default 0: no limit */
  readonly rateLimitSeconds?: number | undefined
  /** Answer only requests that are signed by the key of the node that sends them. @default false */
  readonly bindSigner?: boolean | undefined
  /** Requests without envelope: no work, no key, no signature. @default 'serve' */
  readonly plainRequests?: 'serve' | 'refuse' | undefined
  /** Mailservers whose archives are taken over, over Whisper, each time they are connected, and ten minutes after a failure. @default none */
  readonly sources?: readonly ArchiveSource[] | undefined
}

/** Another mailserver. */
export interface ArchiveSource {
  /** Where it is dialed. */
  readonly enode: string
  /** 64 hex digits. */
  readonly peerId: string
  /** Unix seconds from which on its archive is taken over. */
  readonly fromSeconds: number
}

/** Connections over WebSocket, as pages make them; they count among those of the relay. */
export interface WebSocketOptions extends ListenAddress {
  /** Path at which WebSockets are opened. @default '/' */
  readonly path?: string | undefined
  /** Origins of pages that may connect (`https://app.example.org`), or `any`. Programs state none and are let in. @default no page */
  readonly origins?: readonly string[] | 'any' | undefined
  /** Networks of proxies whose `X-Forwarded-For` counts: CIDR masks with commas between. @default none */
  readonly trustedProxies?: string | undefined
  /** What others dial: `wss://node.example.org/rlpx`. @default ws at the address */
  readonly publicUrl?: string | undefined
}

/** Serving the `shh_*` API of go-ethereum, and `waku_*` where Waku is spoken; only what is named is served. */
export interface RelayRpcOptions {
  /** Path of a Unix socket. */
  readonly ipc?: string | undefined
  /** JSON-RPC over HTTP POST; `allowedOrigins` are the pages that may call it. @default not served */
  readonly http?: (ListenAddress & { readonly allowedOrigins?: readonly string[] | undefined }) | undefined
  /** JSON-RPC over WebSocket, with subscriptions; `allowedOrigins` as for HTTP. @default not served */
  readonly webSocket?: (ListenAddress & { readonly allowedOrigins?: readonly string[] | undefined }) | undefined
  /** Signs tokens; needed beyond loopback. */
  readonly tokenSecret?: Uint8Array | undefined
  /** Host names by which it may be asked for, beside addresses. @default 'localhost' */
  readonly allowedHosts?: readonly string[] | undefined
}

/** Values of a relay. */
export interface RelayOptions {
  /** Where RLPx is listened for, TCP. @default 127.0.0.1, any free port */
  readonly listen?: ListenAddress | undefined
  /** What peers and the metrics are told: `name/version`. @default 'status-stack/0' */
  readonly clientName?: string | undefined
  /** The privacy protocol; `both` carries between the two networks. @default 'whisper' */
  readonly privacy?: Privacy | undefined
  /** Nodes to stay connected to: enode, `ws://` or `wss://` URLs. @default none */
  readonly peers?: readonly string[] | undefined
  /** Enode URLs that are let in beyond the limits and may send direct messages. @default none */
  readonly trusted?: readonly string[] | undefined
  /** Lowest proof of work that is relayed. @default 0.000002 */
  readonly minPow?: number | undefined
  /** Most connections. @default 25 */
  readonly maxPeers?: number | undefined
  /** Most connections whose handshake is in progress. @default 50 */
  readonly maxPendingInbound?: number | undefined
  /** With discovery, one of this many connections is dialed by the node itself. @default 3 */
  readonly dialRatio?: number | undefined
  /** A light node: nothing is relayed, only what its filters admit is taken. @default false */
  readonly light?: boolean | undefined
  /** Look for peers by discovery v4. `auto`: when there are bootnodes. @default 'auto' */
  readonly discovery?: 'on' | 'off' | 'auto' | undefined
  /** Enode URLs that discovery begins from; names are looked up at start. @default none */
  readonly bootnodes?: readonly string[] | undefined
  /** UDP port. @default that of `listen` */
  readonly discoveryPort?: number | undefined
  /** How ports are opened and the address is learnt: none, any, upnp, pmp[:IP], extip:IP. @default 'none' */
  readonly nat?: string | undefined
  /** Networks to keep to: CIDR masks with commas between. @default all */
  readonly netRestrict?: string | undefined
  /** What is kept for clients that were away. @default what is relayed is not archived */
  readonly archive?: ArchiveOptions | undefined
  /** Connections over WebSocket as well. @default none */
  readonly webSocket?: WebSocketOptions | undefined
  /** The `shh_*` and `waku_*` API for programs on this machine. @default no API */
  readonly rpc?: RelayRpcOptions | undefined
  /** Serve `/metrics`, `/healthz` and `/readyz` over HTTP; `allowedHosts` as for the API. @default not */
  readonly metrics?: (ListenAddress & { readonly allowedHosts?: readonly string[] | undefined }) | undefined
}

/** Fills in what was not given. */
export function resolveOptions(given: RelayOptions) {
  return {
    ...given,
    listen: given.listen ?? { host: '127.0.0.1', port: 0 },
    clientName: given.clientName ?? 'status-stack/0',
    privacy: given.privacy ?? ('whisper' as const),
    peers: given.peers ?? [],
    trusted: given.trusted ?? [],
    minPow: given.minPow ?? 0.000002,
    maxPeers: given.maxPeers ?? 25,
    maxPendingInbound: given.maxPendingInbound ?? 50,
    dialRatio: given.dialRatio ?? 3,
    light: given.light === true,
    discovery: given.discovery ?? ('auto' as const),
    bootnodes: given.bootnodes ?? [],
    nat: given.nat ?? 'none'
  }
}

/** The options with their defaults. */
export type ResolvedOptions = ReturnType<typeof resolveOptions>

/**
 * Whether a relay looks for peers: when told to, and by itself when it has somewhere to begin.
 *
 * @example
 * ```ts
 * wantsDiscovery({ bootnodes: ['enode://…'] }) // true
 * ```
 */
export function wantsDiscovery({
  discovery = 'auto',
  bootnodes = []
}: Pick<RelayOptions, 'discovery' | 'bootnodes'>): boolean {
  return discovery === 'on' || (discovery === 'auto' && bootnodes.length > 0)
}

/** Of `maxPeers` connections, those that a relay with discovery makes itself; others dial the rest. */
export function shareToDial(maxPeers: number, dialRatio: number): number {
  return Math.min(maxPeers, Math.max(1, Math.floor(maxPeers / dialRatio)))
}
