import type { Message } from './message-types.ts'
import type { ChatRef, MessageId } from './types.ts'

/** Which part of a chat is read; all optional. */
export interface MessagesQuery {
  /** Only messages that sort before this one. */
  readonly before?: MessageId | undefined
  /** The earliest messages that sort after this one; `null`: from the beginning of the chat. Not together with `before`. */
  readonly after?: MessageId | null | undefined
  /** Most messages that are answered. @default 50; 1…1000 */
  readonly limit?: number | undefined
}

/** Which part of an archive is asked for; all optional. */
export interface HistoryQuery {
  /** Peer id of the mailserver. @default the configured ones that are attached, best first, the next when one fails */
  readonly mailserver?: string | undefined
  /** Only places where messages of these chats arrive: the server learns of no others. @default all of ours */
  readonly chats?: readonly ChatRef[] | undefined
  /** Begin of the range, Unix seconds. @default what is missing of each place, as far back as the option `historySeconds` */
  readonly fromSeconds?: number | undefined
  /** End of the range, Unix seconds. @default now */
  readonly toSeconds?: number | undefined
  /** Ends the request; what has come is kept, and the gap is asked for again. */
  readonly signal?: AbortSignal | undefined
}

/** What a request for history brought. */
export interface HistoryResult {
  /** Peer id of the mailserver that answered. */
  readonly mailserver: string
  /** Envelopes that we could open. */
  readonly deliveries: number
  /** Pages that the mailserver sent, those with nothing for us included. */
  readonly pages: number
}

/** How a search is narrowed and ended. */
export interface SearchQuery {
  /** Only messages that sort before this one. */
  readonly before?: MessageId | undefined
  /** Ends it between two messages: nothing more is read, and what was found since the last step is given. */
  readonly signal?: AbortSignal | undefined
}

/** A part of a search. */
export interface SearchStep {
  /** Messages that were read since the step before. */
  readonly read: number
  /** Those of them that fit, newest first. */
  readonly messages: readonly Message[]
  /** The last one that was read: with it as `before` a later search goes on here. */
  readonly upTo: MessageId
}
