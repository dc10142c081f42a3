import type { WhisperOptions } from '@status-stack/whisper'
import type { ClockReport } from './clock-report.ts'
import type { ClientEvents } from './events.ts'
import type { AccountLock, Clock, Database, IdentityKey, Logger, NameResolver, PeerLink, Random } from './ports.ts'
import type {
  Chat,
  ChatRef,
  Contact,
  DeviceInfo,
  Emoji,
  LedgerEntry,
  Message,
  MessageId,
  OutgoingCommand,
  OutgoingContent,
  PeerInfo,
  PolicyLevel,
  PublicKey,
  SearchStep,
  SendOptions,
  SendResult
} from './types.ts'

/** Collaborators of a client, whatever its layers. */
export interface ComposeDeps {
  readonly identity: IdentityKey
  /** `classic-level`, `browser-level` or `memory-level`; this client is its only user. */
  readonly database: Database
  /**
   * 32 bytes that encrypt the store: random, kept by the app under the account's password. `changeStorageKey` puts another in its
   * place, so that a copy of the old one opens nothing.
   */
  readonly storageKey: Uint8Array
  /** @default the system clock */
  readonly clock?: Clock | undefined
  /** @default the platform's secure randomness */
  readonly random?: Random | undefined
  /** @default silent */
  readonly logger?: (Omit<Logger, 'info'> & Partial<Pick<Logger, 'info'>>) | undefined
  /** @default Web Locks where the platform has them */
  readonly lock?: AccountLock | undefined
  /**
   * Makes an image that is too large for its envelope smaller: at most `maxBytes`, PNG, JPEG, WEBP or GIF.
   * @default none: too large images are refused
   */
  readonly scaleImage?: ((image: Uint8Array, maxBytes: number) => Promise<Uint8Array>) | undefined
  /** The node key, which signs mailserver requests. @default a fresh one each run */
  readonly node?: IdentityKey | undefined
  /** @default none: no name is ever verified */
  readonly names?: NameResolver | undefined
}

/** Collaborators of a client with the default layers. */
export interface ClientDeps extends ComposeDeps {
  /** Values for the Whisper node. @default its own */
  readonly whisper?: WhisperOptions | undefined
}

export interface MessagesQuery {
  /** Only messages that sort before this one. */
  readonly before?: MessageId | undefined
  /** @default 50; 1…1000 */
  readonly limit?: number | undefined
}

export interface HistoryQuery {
  /** Peer id of the mailserver. @default the configured ones that are attached, best first, the next when one fails */
  readonly mailserver?: string | undefined
  /** Only places where messages of these chats arrive: the server learns of no others. @default all of ours */
  readonly chats?: readonly ChatRef[] | undefined
  readonly fromSeconds?: number | undefined
  readonly toSeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface HistoryResult {
  /** Peer id of the mailserver that answered. */
  readonly mailserver: string
  /** Envelopes that we could open. */
  readonly deliveries: number
  readonly pages: number
}

/** The messenger. Every method may reject with a `ClientError`. */
export interface Client {
  readonly publicKey: PublicKey
  readonly installationId: string
  /** Opens the subscriptions, then starts sync. Idempotent. */
  readonly start: () => Promise<void>
  /** Waits for all work and takes old session records out of the database's files. Never closes the database. Idempotent. */
  readonly stop: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
  readonly on: <K extends keyof ClientEvents>(event: K, handler: (fact: ClientEvents[K]) => void) => () => void

  /**
   * Settles when the link has ended; rejects when the peer broke the protocol. A peer may come back under its id before its old
   * link has ended: when there is no answer on that one, the new link takes its place.
   */
  readonly attach: (link: PeerLink) => Promise<void>
  readonly peers: () => readonly PeerInfo[]
  readonly connected: () => boolean
  /** Where we listen, by name and without owners: for people who want to know what they reveal. */
  readonly places: () => Promise<string[]>
  /** Settles once nothing is being handled: received messages, ledger, hand-over. What waits for a peer or a time still waits. */
  readonly idle: () => Promise<void>
  /** One round by hand when `timers` is off: sync, outbox, contact code, retention. */
  readonly tick: () => Promise<void>

  /** What there is to say about our clock and about chats whose clocks are ahead of time. */
  readonly clockReport: () => Promise<ClockReport>

  readonly chats: () => Promise<readonly Chat[]>
  /** Newest first. */
  readonly messages: (chat: ChatRef, query?: MessagesQuery) => Promise<readonly Message[]>
  /**
   * Messages whose text holds `text` in any letter case, newest first, as far as the caller reads on: each step says how many were
   * read and which of them fit. @throws ClientError `invalid-argument`
   */
  readonly search: (chat: ChatRef, text: string, query?: Pick<MessagesQuery, 'before'>) => AsyncIterable<SearchStep>
  readonly message: (messageId: MessageId) => Promise<Message | undefined>
  readonly joinPublic: (name: string) => Promise<void>
  readonly leavePublic: (name: string) => Promise<void>
  readonly send: (chat: ChatRef, content: OutgoingContent, options?: SendOptions) => Promise<SendResult>
  /** The result names what is sent for it: its own id in the ledger and in `delivery`. */
  readonly react: (messageId: MessageId, emoji: Emoji, on?: boolean) => Promise<SendResult>
  /** As with `react`. */
  readonly edit: (messageId: MessageId, text: string) => Promise<SendResult>
  /** For everybody. As with `react`. */
  readonly deleteMessage: (messageId: MessageId) => Promise<SendResult>
  /** Pins a message for everybody in the chat, or takes it off. One-to-one chats and groups; clients of 2020 do not know pins. */
  readonly pin: (messageId: MessageId, on?: boolean) => Promise<SendResult>
  /** What is pinned in a chat, latest pin first. */
  readonly pinned: (chat: ChatRef) => Promise<readonly Message[]>
  /**
   * Asks for money, answers such a request or says that something was paid: a message of kind `command` on both sides, in the place
   * of the one it answers. Nothing is paid and no chain is asked: that is a wallet's business.
   */
  readonly sendCommand: (chat: ChatRef, command: OutgoingCommand) => Promise<SendResult>
  readonly markSeen: (chat: ChatRef, upTo?: MessageId) => Promise<number>
  /** Deletes a chat's messages, and takes them out of the database's files before it answers where the database can be told to. */
  readonly clearChat: (chat: ChatRef) => Promise<void>
  readonly acceptRequest: (chat: ChatRef) => Promise<void>
  /** Bytes of an image or voice file that would still fit now. */
  readonly attachmentLimit: (chat: ChatRef) => Promise<number>

  readonly ledger: (messageId: MessageId) => Promise<LedgerEntry | undefined>
  /** Tries now what is waiting: for one recipient or for all. */
  readonly retry: (recipient?: PublicKey) => Promise<void>
  /** Gives a message up. */
  readonly cancel: (messageId: MessageId) => Promise<void>

  readonly contacts: () => Promise<readonly Contact[]>
  readonly contact: (publicKey: PublicKey) => Promise<Contact>
  readonly addContact: (publicKey: PublicKey) => Promise<void>
  readonly removeContact: (publicKey: PublicKey) => Promise<void>
  readonly block: (publicKey: PublicKey) => Promise<void>
  readonly unblock: (publicKey: PublicKey) => Promise<void>
  readonly setPolicy: (
    publicKey: PublicKey,
    policy: { readonly minimum?: PolicyLevel | undefined; readonly pfs?: 'on' | 'off' | undefined }
  ) => Promise<void>
  readonly setProfile: (profile: {
    readonly ensName?: string | undefined
    readonly picture?: string | undefined
  }) => Promise<void>

  readonly createGroup: (name: string, members: readonly PublicKey[]) => Promise<{ readonly id: string }>
  readonly joinGroup: (id: string) => Promise<void>
  readonly inviteToGroup: (id: string, members: readonly PublicKey[]) => Promise<void>
  readonly renameGroup: (id: string, name: string) => Promise<void>
  readonly promoteInGroup: (id: string, members: readonly PublicKey[]) => Promise<void>
  readonly removeFromGroup: (id: string, member: PublicKey) => Promise<void>
  readonly stepDownInGroup: (id: string) => Promise<void>
  readonly leaveGroup: (id: string) => Promise<void>

  readonly devices: () => Promise<readonly DeviceInfo[]>
  readonly devicesOf: (publicKey: PublicKey) => Promise<readonly DeviceInfo[]>
  /** Tells our other devices this device's name and type. */
  readonly pair: (name: string, deviceType: string) => Promise<void>
  readonly enableDevice: (installationId: string) => Promise<void>
  readonly disableDevice: (installationId: string) => Promise<void>
  /** Sends contacts and public chats to our other devices. */
  readonly syncDevices: () => Promise<void>

  /** Publishes our contact code now. It is also published by itself after start and every 6 h. */
  readonly publishContactCode: () => Promise<void>
  /** @throws ClientError `history-failed`, whose `cause` is the last mailserver's error */
  readonly fetchHistory: (query?: HistoryQuery) => Promise<HistoryResult>

  /** Everything that a person could lose, under a password; no sessions, no installation id (decision 23). */
  readonly exportAccount: (password: string | Uint8Array) => Promise<Uint8Array>
  /**
   * Deletes all of it from the database and, where the database can be told to, from its files; the client is stopped afterwards.
   * Call it again if it was interrupted.
   */
  readonly wipe: () => Promise<void>
}
