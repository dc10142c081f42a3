import type { Envelope } from '../envelope.ts'
import type { ArchivePort } from '../ports.ts'

/** Packet 126 in its plain form: not authenticated. */
export interface PlainRequest {
  /** 32 bytes. */
  readonly id: Uint8Array
  readonly from: number
  readonly to: number
  readonly limit: number
  readonly cursor: Uint8Array
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
  readonly lower: number
  readonly upper: number
  readonly bloom: Uint8Array
  readonly limit: number
  readonly cursor: Uint8Array
}

/** Packet 124; `envelopes` are RLP. */
export interface SyncResponse {
  readonly envelopes: readonly Uint8Array[]
  readonly cursor: Uint8Array
  readonly final: boolean
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
  readonly peerId: string
  readonly remoteAddress?: string
  /** Aborted when the link ends: who answers after the handler has resolved stops then. */
  readonly signal?: AbortSignal
  /** Packet 127: one envelope goes bare, several as a list; RLP each. */
  readonly sendMessages: (envelopes: readonly Uint8Array[]) => Promise<void>
  /** Packet 125. */
  readonly sendCompletion: (completion: RequestCompletion) => Promise<void>
  /** Packet 124. */
  readonly sendSyncResponse: (response: SyncResponse) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * A mailserver that plugs into the node. Handlers are awaited before the next packet of that peer is read; one that
 * rejects with an error whose `origin` is `peer` ends the link, any other rejection is logged.
 */
export interface MailserverPort {
  readonly archive?: ArchivePort
  /** Packet 126. */
  readonly request?: (request: HistoryRequest, peer: MailPeer) => Promise<void>
  /** Packet 123. */
  readonly syncRequest?: (request: SyncRequest, peer: MailPeer) => Promise<void>
  /** Packet 124, from trusted peers only. */
  readonly syncResponse?: (response: SyncResponse, peer: MailPeer) => Promise<void>
}
