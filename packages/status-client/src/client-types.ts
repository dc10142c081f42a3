import type { ClientEvents } from './events.ts'
import type { ClockReport } from './maintenance/clock-report.ts'
import type {
  AccountLock,
  Clock,
  Database,
  IdentityKey,
  Logger,
  NameResolver,
  PeerLink,
  Random,
  Scheduler
} from './ports.ts'
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
  SearchQuery,
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
  /** Timers of the client itself; the layers have theirs. A simulation gives its own. @default the system's */
  readonly scheduler?: Scheduler | undefined
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

/** Which part of a chat is read; all optional. */
export interface MessagesQuery {
  /** Only messages that sort before this one. */
  readonly before?: MessageId | undefined
  /** The earliest messages that sort after this one; `null`: from the beginning of the chat. Not together with `before`. */
  readonly after?: MessageId | null | undefined
  /** @default 50; 1…1000 */
  readonly limit?: number | undefined
}

/** Which part of an archive is asked for; all optional. */
export interface HistoryQuery {
  /** Peer id of the mailserver. @default the configured ones that are attached, best first, the next when one fails */
  readonly mailserver?: string | undefined
  /** Only places where messages of these chats arrive: the server learns of no others. @default all of ours */
  readonly chats?: readonly ChatRef[] | undefined
  readonly fromSeconds?: number | undefined
  readonly toSeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a request for history brought. */
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
  /**
   * Posts nothing more of what is queued: it stays in the store and goes after the next start. What is received is still acknowledged.
   * For a program that is told to end while much is queued, and has something to finish before it calls `stop`.
   *
   * @example
   * ```ts
   * process.once('SIGTERM', async () => {
   *   client.holdQueue()
   *   await answerWhatRuns()
   *   await client.stop()
   * })
   * ```
   */
  readonly holdQueue: () => void
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
   * read, which of them fit, and where a later search goes on. At most 1000 messages are read for a step, and others get their turn
   * in between.
   *
   * @throws ClientError `invalid-argument`
   * @example
   * ```ts
   * for await (const { read, messages } of client.search(chat, 'meeting', { signal })) show(read, messages)
   * ```
   */
  readonly search: (chat: ChatRef, text: string, query?: SearchQuery) => AsyncIterable<SearchStep>
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
  /**
   * The text that is being written for a chat, `''` for none. It is stored encrypted, on this device only, and is no part of
   * `exportAccount`; sending does not change it.
   *
   * @throws ClientError `invalid-argument`, `store-failed`
   * @example
   * ```ts
   * await client.setDraft(chat, 'half a sentence')
   * await client.draft(chat) // 'half a sentence', after a restart too
   * ```
   */
  readonly draft: (chat: ChatRef) => Promise<string>
  /**
   * Keeps the text that is being written for a chat; `''` forgets it.
   *
   * @throws ClientError `invalid-argument`, `store-failed`; `too-large` over `limits.draftCharacters` UTF-16 units
   */
  readonly setDraft: (chat: ChatRef, text: string) => Promise<void>
  readonly acceptRequest: (chat: ChatRef) => Promise<void>
  /**
   * Whether the user wants notices of what arrives in a chat: `Chat.muted`. On this device only, over restarts.
   *
   * @throws ClientError `invalid-argument`, `unknown-chat`, `store-failed`
   */
  readonly setMuted: (chat: ChatRef, muted: boolean) => Promise<void>
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
  /**
   * What we call a person: `Contact.name`. `''` forgets it. It stays on this device, is part of `exportAccount`, and can be given to any
   * person, contact or not.
   *
   * @throws ClientError `invalid-argument`, `store-failed`; `too-large` over `limits.petNameCharacters` UTF-16 units
   * @example
   * ```ts
   * await client.setName(publicKey, 'Bob from work')
   * ```
   */
  readonly setName: (publicKey: PublicKey, name: string) => Promise<void>
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
