import type { Envelope } from '../envelope.ts'
import type { ArchivePort } from '../ports.ts'

/** Packet 126 in its plain form: not authenticated. */
export interface PlainRequest {
  /** 32 bytes. */
  readonly id: Uint8Array
  /** Unix seconds, uint32. */
  readonly from: number
  /** Unix seconds, uint32. */
  readonly to: number
  /** Most envelopes of the answer, as the peer wishes; uint32. */
  readonly limit: number
  /** As the peer sent it: empty, or what a server gave. */
  readonly cursor: Uint8Array
  /** As the peer sent it: 64 bytes that the envelopes' blooms have to be contained in; any other length asks for nothing useful. */
  readonly bloom: Uint8Array
  /** 4 bytes each; Waku only, and of no effect there either. */
  readonly topics?: readonly Uint8Array[]
}

/** Packet 126: a sealed request in an envelope, or the plain form. */
export type HistoryRequest =
  | {
      readonly kind: 'envelope'
      readonly envelope: Envelope
      /** 32 bytes: also the request's id. */
      readonly hash: Uint8Array
      readonly pow: number
    }
  | ({ readonly kind: 'plain' } & PlainRequest)

/** Packet 123. */
export interface SyncRequest {
  /** Unix seconds, uint32: begin of the range. */
  readonly lower: number
  /** Unix seconds, uint32: end of the range. */
  readonly upper: number
  /** 64 bytes that the envelopes' blooms have to be contained in. */
  readonly bloom: Uint8Array
  /** Most envelopes of one response. */
  readonly limit: number
  /** Where the response before ended; empty at first. */
  readonly cursor: Uint8Array
}

/** Packet 124; `envelopes` are RLP. */
export interface SyncResponse {
  /** In the order of the archive. */
  readonly envelopes: readonly Uint8Array[]
  /** Where the next request goes on; empty when nothing is left. */
  readonly cursor: Uint8Array
  /** The last packet of the answer to one request; the ones before it carry envelopes and no cursor. */
  readonly final: boolean
  /** The server's words when it failed; empty otherwise. */
  readonly error: string
}

/** Packet 125: done, or refused with a text. */
export type RequestCompletion =
  | {
      readonly kind: 'done'
      /** 32 bytes. */
      readonly requestId: Uint8Array
      /** 32 bytes, zeros when nothing matched. */
      readonly lastHash: Uint8Array
      /** Empty on the last page, else 36 bytes. */
      readonly cursor: Uint8Array
    }
  | { readonly kind: 'failed'; readonly requestId: Uint8Array; readonly error: string }

/** The peer that asks, and the packets that answer it. Sending waits while the peer is slow. */
export interface MailPeer {
  /** 64 lower-case hex digits: the peer that the link is with. */
  readonly peerId: string
  /** The link's IP address, where it has one. */
  readonly remoteAddress?: string
  /** Aborted when the link ends: who answers after the handler has resolved stops then. */
  readonly signal?: AbortSignal
  /** Packet 127: one envelope goes bare, several as a list; RLP each. */
  readonly sendMessages: (envelopes: readonly Uint8Array[]) => Promise<void>
  /** Packet 125. */
  readonly sendCompletion: (completion: RequestCompletion) => Promise<void>
  /** Packet 124. */
  readonly sendSyncResponse: (response: SyncResponse) => Promise<void>
  /** Ends the link to this peer. */
  readonly close: () => Promise<void>
}

/**
 * A mailserver that plugs into the node. Handlers are awaited before the next packet of that peer is read; one that
 * rejects with an error whose `origin` is `peer` ends the link, any other rejection is logged.
 */
export interface MailserverPort {
  /** Gets every envelope that is new to the node. @default nothing is kept */
  readonly archive?: ArchivePort
  /** Packet 126. */
  readonly request?: (request: HistoryRequest, peer: MailPeer) => Promise<void>
  /** Packet 123. */
  readonly syncRequest?: (request: SyncRequest, peer: MailPeer) => Promise<void>
  /** Packet 124, from trusted peers only. */
  readonly syncResponse?: (response: SyncResponse, peer: MailPeer) => Promise<void>
}
