import type { PeerLink } from '@status-stack/devp2p-transport'
import type { PeerStore } from '@status-stack/devp2p-transport/discovery'
import type { Privacy } from '@status-stack/relay-node'
import type { ComposeDeps } from '@status-stack/status-client/compose'

/** What a client node is made of. */
export interface ClientNodeDeps extends Pick<ComposeDeps, 'identity' | 'database' | 'storageKey' | 'logger' | 'clock'> {
  /** 32 bytes: the private key that names the node to its peers. Independent of the identity, so that peers do not learn that. */
  readonly privateKey: Uint8Array
}

/** A node that keeps history. */
export interface MailserverOption {
  /** `enode://…`, `ws://…` or `wss://…`. */
  readonly enode: string
  /** Its id as a peer, 64 hex digits. */
  readonly peerId: string
  /** What its requests are closed with. @default that of the fleets of status-go */
  readonly password?: string | undefined
}

/** How a client node takes part in the network. */
export interface ClientNodeOptions {
  /** Which protocol carries messages; with `both`, in both networks. @default 'whisper' */
  readonly privacy?: Privacy | undefined
  /** Addresses of nodes kept connected for ever. @default none */
  readonly peers?: readonly string[] | undefined
  /** Best first; kept connected too. @default none */
  readonly mailservers?: readonly MailserverOption[] | undefined
  /** Asks the mailservers by itself for what was missed. @default true */
  readonly autoHistory?: boolean | undefined
  /** Where to accept connections; only dials without. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined
  /** Send with forward secrecy. @default 'on' */
  readonly pfs?: 'on' | 'off' | undefined
  /** After how long an unacknowledged message is sent again, milliseconds. @default that of the client */
  readonly syncRetryMs?: number | undefined
  /** What peers are told of this program: `name/version`. @default that of the host */
  readonly clientName?: string | undefined
  /** Networks to keep to, as CIDR masks with commas between. @default all */
  readonly netRestrict?: string | undefined
  /** Finds peers from these bootnodes on as well. */
  readonly discovery?:
    | {
        /** Complete enode URLs. */
        readonly bootnodes: readonly string[]
        /** UDP port. @default the TCP port, or a free one where that is taken */
        readonly port?: number | undefined
        /** Where good peers are remembered. */
        readonly store?: PeerStore | undefined
      }
    | undefined
  /** Changes each link before the client sees it: a bad network for tests. */
  readonly wrapLink?: ((link: PeerLink) => PeerLink) | undefined
}
