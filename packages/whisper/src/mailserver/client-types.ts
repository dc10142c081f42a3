import type { IdentityKey } from '../ports.ts'
import type { Interest, ReceivedMessage, RouteKey } from '../route.ts'
import type { RequestCompletion, SyncRequest } from './port.ts'

/** The key a request is closed with: the server's node key, a symmetric key, or the password that the fleet agreed on. */
export type RequestKey = RouteKey | { readonly kind: 'password'; readonly password: string }

/** One request at the level of the packets: what `shhext_requestMessages` is made of. */
export interface MailRequest {
  readonly fromSeconds: number
  readonly toSeconds: number
  /** 4 bytes each; the bloom filter of the request is made of them. */
  readonly topics: readonly Uint8Array[]
  readonly limit: number
  readonly cursor?: Uint8Array
  readonly signer: IdentityKey
  readonly key?: RequestKey
  /** @default the node's `requestTimeoutMs`; the event `mailserverrequestexpired` follows */
  readonly timeoutMs?: number
  /** Ask again for the same topics within 3 s. @default false */
  readonly force?: boolean
  readonly signal?: AbortSignal
}

/** A request that left for a mailserver. */
export interface MailRequestSent {
  /** 32 bytes. */
  readonly requestId: Uint8Array
  /** The server's packet 125. @throws WhisperError `request-timeout`, `link-closed` */
  readonly completion: Promise<RequestCompletion>
}

/** A range of history, over as many pages and servers as it takes. */
export interface HistoryRange {
  readonly interests: readonly Interest[]
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Envelopes a page. @default 1000 */
  readonly pageLimit?: number
  readonly signer: IdentityKey
  readonly key?: RequestKey
  /** Where an earlier run stopped: its last `resume`. */
  readonly resume?: HistoryResume
  /** Tries of one page on one server before the next server is asked. @default 2 */
  readonly attempts?: number
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Where a range stands; plain data, to be stored. A cursor is only ever used on the server that gave it. */
export interface HistoryResume {
  readonly server: string
  readonly cursor: Uint8Array
  /** The end of the range, fixed when it began. */
  readonly toSeconds: number
}

/** How far the pages of a range have come. */
export interface HistoryProgress {
  readonly server: string
  readonly page: number
  readonly deliveries: readonly ReceivedMessage[]
  /** Envelopes that were new in this range: pages of a second server repeat what the first already gave. */
  readonly received: number
  /** Absent when the range is complete. */
  readonly resume?: HistoryResume
}

/** The client side of mailservers. */
export interface MailserverClient {
  /**
   * Sends packet 126 and trusts the server from now on, like status-go; messages reach the filters with `allowP2P`.
   * @throws WhisperError `request-too-soon`, `unknown-peer`, `invalid-argument`
   */
  readonly request: (server: string, request: MailRequest) => Promise<MailRequestSent>
  /**
   * A whole range, page by page; servers are asked in turn when one fails. Ends when the range is complete.
   * @throws WhisperError the last server's failure when none is left
   */
  readonly range: (servers: readonly string[], range: HistoryRange) => AsyncIterable<HistoryProgress>
  /** Sends packet 123 and trusts the source; answers arrive at the plugged-in mailserver. @throws WhisperError `unknown-peer`, `invalid-argument` */
  readonly sync: (source: string, request: SyncRequest) => Promise<void>
}
