import type { IdentityKey } from '../ports.ts'
import type { Interest, ReceivedMessage, RouteKey } from '../route.ts'
import type { RequestCompletion, SyncRequest } from './port.ts'

/** The key a request is closed with: the server's node key, a symmetric key, or the password that the fleet agreed on. */
export type RequestKey = RouteKey | { readonly kind: 'password'; readonly password: string }

/** One request at the level of the packets: what `shhext_requestMessages` is made of. */
export interface MailRequest {
  /** Unix seconds, included. */
  readonly fromSeconds: number
  /** Unix seconds, included. */
  readonly toSeconds: number
  /** 4 bytes each; the bloom filter of the request is made of them. */
  readonly topics: readonly Uint8Array[]
  /** Most envelopes of the page; servers have a bound of their own. */
  readonly limit: number
  /** Where the page begins: the cursor of the page before, from the same server. @default the beginning of the range */
  readonly cursor?: Uint8Array | undefined
  /** Signs the request: what the server learns of who asks. A node key, not the identity. */
  readonly signer: IdentityKey
  /** Closes the request. @default the node's `mailserverPassword` */
  readonly key?: RequestKey | undefined
  /** How long the server may take to answer, milliseconds. @default the node's `requestTimeoutMs`; the event `mailserverrequestexpired` follows */
  readonly timeoutMs?: number | undefined
  /** Ask again for the same topics within 3 s. @default false */
  readonly force?: boolean | undefined
  /** Ends the search for the request's proof of work. */
  readonly signal?: AbortSignal | undefined
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
  /** At least one. */
  readonly interests: readonly Interest[]
  /** Unix seconds, included. */
  readonly fromSeconds: number
  /** Unix seconds, included; 0 means now, when the range begins. */
  readonly toSeconds: number
  /** Envelopes a page. @default 1000 */
  readonly pageLimit?: number | undefined
  /** Signs every request of the range. A node key, not the identity. */
  readonly signer: IdentityKey
  /** Closes the requests. @default the node's `mailserverPassword` */
  readonly key?: RequestKey | undefined
  /** Where an earlier run stopped: its last `resume`. */
  readonly resume?: HistoryResume | undefined
  /** Tries of one page on one server before the next server is asked. @default 2 */
  readonly attempts?: number | undefined
  /** How long a server may take for a page. @default the node's `requestTimeoutMs` */
  readonly timeoutMs?: number | undefined
  /** Ends the range: the iteration rejects with its reason, and the last `resume` stays good. */
  readonly signal?: AbortSignal | undefined
}

/** Where a range stands; plain data, to be stored. A cursor is only ever used on the server that gave it. */
export interface HistoryResume {
  /** Peer id of the server that gave the cursor. */
  readonly server: string
  /** Its cursor, 36 bytes of status-go's and ours; opaque. */
  readonly cursor: Uint8Array
  /** The end of the range, fixed when it began. */
  readonly toSeconds: number
}

/** How far the pages of a range have come. */
export interface HistoryProgress {
  /** Peer id of the server that gave this page. */
  readonly server: string
  /** Pages so far, this one included: counted from 1. */
  readonly page: number
  /** What the interests opened of this page, without what an earlier page had. */
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
