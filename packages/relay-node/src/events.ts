import type { EventNames } from '@status-stack/utils'
import { type MailserverEvents, mailserverEventNames } from '@status-stack/whisper-mailserver'

/** Connections of the node. */
export interface PeerEvents {
  /** A peer that shares a protocol with us; address and port of its end of the connection. */
  readonly peerconnected: { readonly peerId: string; readonly address: string; readonly port: number }
  /** The connection of such a peer has ended. */
  readonly peerdisconnected: {
    readonly peerId: string
    /** `host:port` of the connection that ended. */
    readonly address: string
    /** Who ended it. */
    readonly by: 'us' | 'peer' | 'network'
    readonly reason: string
    /** It is dialed again until it is back. */
    readonly static: boolean
  }
  /** A named peer cannot be reached; said once until it is back. */
  readonly peerunreachable: {
    readonly peerId: string
    /** `host:port`, as its address names it. */
    readonly address: string
    readonly code: string
    /** What the operating system said, where that was it: `ECONNREFUSED`. */
    readonly system?: string
    /** Where no protocol is shared, what the peer speaks: `shh/6, waku/1`. */
    readonly theirs?: string
  }
}

/** Finding peers. */
export interface DiscoveryEvents {
  /** Listening at this UDP port, with so many bootnodes to begin from. */
  readonly discoverystarted: { readonly address: string; readonly port: number; readonly bootnodes: number }
  /** The host name of a bootnode has no address now: it is left out. */
  readonly bootnodeunresolved: { readonly enode: string }
}

/** Taking over the archives of other mailservers. `source` is a peer id. */
export interface ArchiveSyncEvents {
  /** Begins to ask the source; `fromSeconds` is the Unix time at which its range starts. */
  readonly archivesyncstarted: { readonly source: string; readonly fromSeconds: number }
  /** The whole range is here. */
  readonly archivesyncdone: { readonly source: string; readonly envelopes: number; readonly pages: number }
  /** The source broke off or refused; it is asked again when it is connected the next time. */
  readonly archivesyncfailed: { readonly source: string; readonly error: unknown }
}

/** What an archive does: its own events, and what it could not store. */
export interface ArchiveEvents extends MailserverEvents, ArchiveSyncEvents {
  /** One attempt to store so many envelopes failed: they were relayed, are confirmed to nobody, and will be tried again. */
  readonly archivefailed: { readonly envelopes: number; readonly error: unknown }
  /** So many envelopes are not tried again: clients that were away miss them, unless a further copy comes. */
  readonly archivegivenup: { readonly envelopes: number }
}

/** Everything that a relay tells. */
export interface RelayEvents extends PeerEvents, DiscoveryEvents, ArchiveEvents {
  /** A connection was closed before it became one. */
  readonly connectionrefused: {
    readonly reason: string
    readonly stage: string
    readonly direction: 'inbound' | 'outbound'
    readonly address: string
    /** Of a `useless-peer`, what it speaks: `shh/6, waku/1`. */
    readonly theirs?: string
  }
  /** What others should dial has changed; without an address it is no longer known. */
  readonly addresschanged: { readonly address: string | undefined; readonly enode: string }
  /** No port is mapped: only this machine can reach a loopback address. */
  readonly portmappingunused: Readonly<Record<never, never>>
  /** No gateway mapped the ports; `message` says why, for people. */
  readonly portmappingfailed: { readonly message: string }
  /** Something besides the host's own listener. Of `websocket`, the address at which nodes and pages dial this node. */
  readonly serving: { readonly what: 'rpc' | 'metrics' | 'websocket'; readonly url: string }
}

/** The names of {@link PeerEvents}. */
export const peerEventNames: EventNames<PeerEvents> = {
  peerconnected: true,
  peerdisconnected: true,
  peerunreachable: true
}

/** The names of {@link DiscoveryEvents}. */
export const discoveryEventNames: EventNames<DiscoveryEvents> = {
  discoverystarted: true,
  bootnodeunresolved: true
}

/** The names of {@link RelayEvents}. */
export const relayEventNames: EventNames<RelayEvents> = {
  ...peerEventNames,
  ...discoveryEventNames,
  ...mailserverEventNames,
  archivesyncstarted: true,
  archivesyncdone: true,
  archivesyncfailed: true,
  archivefailed: true,
  archivegivenup: true,
  connectionrefused: true,
  addresschanged: true,
  portmappingunused: true,
  portmappingfailed: true,
  serving: true
}
