import type { CompleteEnode } from '@status-stack/rlpx'
import type { Clock, DatagramCarrier, Random, Scheduler } from '../ports.ts'
import type { NodeRecord } from './enr.ts'
import type { PacketCodec } from './packet.ts'

/** Collaborators of discovery. */
export interface DiscoveryDeps {
  /** The node key, 32 bytes. */
  readonly privateKey: Uint8Array
  /** Expiry of packets is written and judged by it. @default the system clock */
  readonly clock?: Clock | undefined
  /** Timers of discovery. @default setTimeout, never keeping the process alive */
  readonly scheduler?: Scheduler | undefined
  /** Chooses targets of lookups and nodes to check. @default the operating system's generator */
  readonly random?: Random | undefined
  /** How packets travel. @default UDP */
  readonly datagrams?: DatagramCarrier | undefined
  /** Encodes, signs, decodes and verifies packets. @default the codec of `@ethereumjs/devp2p`, loaded at start */
  readonly codec?: PacketCodec | undefined
  /** Our record, answered to ENRRequest. @default none */
  readonly record?: (() => NodeRecord) | undefined
  /** Told when ten peers agree on our own public address. @default nobody */
  readonly onOwnAddress?: ((address: string) => void) | undefined
}

/** Values of discovery, all optional. */
export interface DiscoveryOptions {
  /** Where the socket is bound; port 0 is any free one. @default { host: '127.0.0.1', port: 0 } */
  readonly listen?: { readonly host?: string | undefined; readonly port?: number | undefined } | undefined
  /** TCP port we tell others, or what answers it when it can change. 0–65535. @default 0, unknown */
  readonly tcpPort?: number | (() => number) | undefined
  /** enode URLs to begin with. @default none */
  readonly bootnodes?: readonly string[] | undefined
  /** Networks whose nodes are answered, asked and passed on, as {@link parseNetRestrict} reads them. @default all */
  readonly netRestrict?: string | undefined
  /** How long a node may take to answer, milliseconds. @default 500 */
  readonly replyTimeoutMs?: number | undefined
  /** How often the table is filled anew. @default 1 800 000 */
  readonly refreshIntervalMs?: number | undefined
  /** Longest wait between two checks of a random node. @default 10 000 */
  readonly revalidateIntervalMs?: number | undefined
}

/** Finding nodes. `start` and `stop` are idempotent. */
export interface Discovery {
  /** Binds the socket and looks for nodes from the bootnodes on. Rejects when the port cannot be bound. */
  readonly start: () => Promise<void>
  /** Ends what is being asked and closes the socket. */
  readonly stop: () => Promise<void>
  /** Where we listen. */
  readonly endpoint: () => { readonly address: string; readonly port: number } | undefined
  /** Nodes near a random point, found by asking around. */
  readonly randomNodes: (options?: { signal?: AbortSignal | undefined }) => Promise<readonly CompleteEnode[]>
  /** Nodes nearest to a public key (65 bytes), found by asking around. */
  readonly lookup: (
    publicKey: Uint8Array,
    options?: { signal?: AbortSignal | undefined }
  ) => Promise<readonly CompleteEnode[]>
  /** Asks a node for its record; only a newer or equal record of that very node counts. */
  readonly requestRecord: (enodeUrl: string) => Promise<NodeRecord>
  /** Checks that a node answers; it then is in the table if there is room. */
  readonly ping: (enodeUrl: string) => Promise<void>
  /** What is in the table now: nodes that have answered. */
  readonly known: () => readonly CompleteEnode[]
  /** Counters since the start, and what is held now. */
  readonly stats: () => DiscoveryStats
}

/** Counters of discovery since its start, and what its table holds now. */
export interface DiscoveryStats {
  /** In the table now. */
  readonly nodes: number
  /** Endpoint proofs remembered now: nodes that have answered our Ping lately. */
  readonly bonds: number
  /** Datagrams received, those that were dropped included. */
  readonly packetsIn: number
  /** Datagrams sent. */
  readonly packetsOut: number
  /** Dropped packets by reason. */
  readonly dropped: Readonly<Record<string, number>>
}
