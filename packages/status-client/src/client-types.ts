import type { ClientEvents } from './events.ts'
import type { LedgerEntry } from './ledger-types.ts'
import type { ClockReport } from './maintenance/clock-report.ts'
import type { Emoji, Message, OutgoingCommand, OutgoingContent, SendOptions, SendResult } from './message-types.ts'
import type { PeerLink } from './ports.ts'
import type { HistoryQuery, HistoryResult, MessagesQuery, SearchQuery, SearchStep } from './queries.ts'
import type {
  Chat,
  ChatRef,
  Contact,
  DeviceInfo,
  MessageId,
  PeerInfo,
  PolicyLevel,
  Profile,
  PublicKey
} from './types.ts'

/** The messenger. Every method may reject with a `ClientError`. */
export interface Client {
  /** Our own identity, 65 bytes. */
  readonly publicKey: PublicKey
  /** This device's name for itself, from the store or the options; part of what others seal for. */
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
  /**
   * Calls the handler with each fact of a name from now on; the returned function ends it. @throws ClientError `invalid-argument` for a
   * name that never comes
   */
  readonly on: <K extends keyof ClientEvents>(event: K, handler: (fact: ClientEvents[K]) => void) => () => void

  /**
   * Settles when the link has ended; rejects when the peer broke the protocol. A peer may come back under its id before its old
   * link has ended: when there is no answer on that one, the new link takes its place.
   */
  readonly attach: (link: PeerLink) => Promise<void>
  /** Peers that have finished the handshake of the privacy layer. */
  readonly peers: () => readonly PeerInfo[]
  /** Whether there is at least one such peer: only then something can leave. */
  readonly connected: () => boolean
  /** Where we listen, by name and without owners: for people who want to know what they reveal. */
  readonly places: () => Promise<string[]>
  /** Settles once nothing is being handled: received messages, ledger, hand-over. What waits for a peer or a time still waits. */
  readonly idle: () => Promise<void>
  /** One round by hand when `timers` is off: sync, outbox, contact code, retention. */
  readonly tick: () => Promise<void>

  /** What there is to say about our clock and about chats whose clocks are ahead of time. */
  readonly clockReport: () => Promise<ClockReport>

  /** Every chat that is stored, left ones included, in no particular order. */
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
  /** One stored message; `undefined` for an id that is not stored here. */
  readonly message: (messageId: MessageId) => Promise<Message | undefined>
  /**
   * Listens to a public chat from now on, and tells our other devices. Idempotent. @throws ClientError `invalid-argument` for what is no
   * name of a channel
   */
  readonly joinPublic: (name: string) => Promise<void>
  /** Listens there no more; what is stored of it stays. Idempotent. */
  readonly leavePublic: (name: string) => Promise<void>
  /**
   * Stores a message and begins to deliver it; resolves once it is durable, without waiting for a peer. @throws ClientError
   * `invalid-argument`, `unknown-chat`, `blocked`, `not-a-member`, `too-large`, `store-failed`
   */
  readonly send: (chat: ChatRef, content: OutgoingContent, options?: SendOptions) => Promise<SendResult>
  /** The result names what is sent for it: its own id in the ledger and in `delivery`. */
  readonly react: (messageId: MessageId, emoji: Emoji, on?: boolean) => Promise<SendResult>
  /** As with `react`. */
  readonly edit: (messageId: MessageId, text: string) => Promise<SendResult>
  /** For everybody. As with `react`. Those to whom it has not been sent yet do not get it any more. */
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
  /** Marks the messages of a chat as seen, up to one of them or to the last; answers how many. Told to nobody. */
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
  /** Shows a message request among the chats from now on. Does not add the person. */
  readonly acceptRequest: (chat: ChatRef) => Promise<void>
  /**
   * Whether the user wants notices of what arrives in a chat: `Chat.muted`. On this device only, over restarts.
   *
   * @throws ClientError `invalid-argument`, `unknown-chat`, `store-failed`
   */
  readonly setMuted: (chat: ChatRef, muted: boolean) => Promise<void>
  /** Bytes of an image or voice file that would still fit now. */
  readonly attachmentLimit: (chat: ChatRef) => Promise<number>

  /** What became of one of our messages, for each recipient; `undefined` when it is not ours or not stored. */
  readonly ledger: (messageId: MessageId) => Promise<LedgerEntry | undefined>
  /** Tries now what is waiting: for one recipient or for all. */
  readonly retry: (recipient?: PublicKey) => Promise<void>
  /** Gives a message up. */
  readonly cancel: (messageId: MessageId) => Promise<void>

  /** Everyone of whom a record is kept: added, blocked, or heard of. */
  readonly contacts: () => Promise<readonly Contact[]>
  /** The record of a person, a blank one when nothing is known. @throws ClientError `invalid-argument` for our own key */
  readonly contact: (publicKey: PublicKey) => Promise<Contact>
  /** Adds a person, accepts their request and sends them our profile. @throws ClientError `invalid-argument` for our own key, `blocked` */
  readonly addContact: (publicKey: PublicKey) => Promise<void>
  /** Takes a person out of our contacts; they are not told. */
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
  /** Refuses everything of a person, gives up what waits for them, and deletes what they wrote. They are not told. */
  readonly block: (publicKey: PublicKey) => Promise<void>
  /** Takes their messages again; what was deleted stays so, and they are no contact. */
  readonly unblock: (publicKey: PublicKey) => Promise<void>
  /** Changes the rules for a person, and tries again what waits for them. Fields that are left out stay. */
  readonly setPolicy: (
    publicKey: PublicKey,
    policy: { readonly minimum?: PolicyLevel | undefined; readonly pfs?: 'on' | 'off' | undefined }
  ) => Promise<void>
  /**
   * Our own name and picture: what was set last, on this device or on another one of ours. The event `profile` tells when that is something else.
   *
   * @example
   * ```ts
   * const { ensName, picture } = await client.profile()
   * ```
   */
  readonly profile: () => Promise<Profile>
  /**
   * Sets our ENS name and picture, and sends them to our other devices and to everyone whom we have added. Fields that are left out stay, `''`
   * clears one. Our devices take what was set last, an emptied profile too. A device with status-go does not tell an emptied profile from one that was
   * never set: what it sends of its own then clears ours nowhere.
   *
   * @throws ClientError `invalid-argument`, `store-failed`; `too-large` for a name of more than 256 bytes or a picture of more than 65 536, which
   * readers do not take
   */
  readonly setProfile: (profile: {
    readonly ensName?: string | undefined
    readonly picture?: string | undefined
  }) => Promise<void>

  /** Creates a group and invites these people; we are its admin. @throws ClientError `limit` for more members than a group has */
  readonly createGroup: (name: string, members: readonly PublicKey[]) => Promise<{ readonly id: string }>
  /** Confirms that we are in: until then we are listed and do not talk. @throws ClientError `unknown-chat`, `not-a-member` */
  readonly joinGroup: (id: string) => Promise<void>
  /** Adds people; each still has to join. Admins only. @throws ClientError `not-an-admin`, `limit` */
  readonly inviteToGroup: (id: string, members: readonly PublicKey[]) => Promise<void>
  /** Changes the name for everybody. Admins only. @throws ClientError `not-an-admin` */
  readonly renameGroup: (id: string, name: string) => Promise<void>
  /** Makes members admins. Admins only. @throws ClientError `not-an-admin`, `not-a-member` */
  readonly promoteInGroup: (id: string, members: readonly PublicKey[]) => Promise<void>
  /** Removes a member who is no admin. Admins only. @throws ClientError `not-an-admin`, `not-a-member` */
  readonly removeFromGroup: (id: string, member: PublicKey) => Promise<void>
  /** Makes us an ordinary member again. @throws ClientError `not-an-admin` */
  readonly stepDownInGroup: (id: string) => Promise<void>
  /** Takes us out of the group; what is stored of it stays. @throws ClientError `not-a-member` */
  readonly leaveGroup: (id: string) => Promise<void>

  /** Our own devices, this one included. */
  readonly devices: () => Promise<readonly DeviceInfo[]>
  /** Devices of another person, as far as their bundles and messages told of them. */
  readonly devicesOf: (publicKey: PublicKey) => Promise<readonly DeviceInfo[]>
  /** Tells our other devices this device's name and type. */
  readonly pair: (name: string, deviceType: string) => Promise<void>
  /** Gives a device of ours copies of what we send from now on. @throws ClientError `unknown-device` */
  readonly enableDevice: (installationId: string) => Promise<void>
  /** Takes that back. @throws ClientError `unknown-device` */
  readonly disableDevice: (installationId: string) => Promise<void>
  /** Sends contacts and public chats to our other devices. */
  readonly syncDevices: () => Promise<void>

  /** Publishes our contact code now. It is also published by itself after start and every 6 h. */
  readonly publishContactCode: () => Promise<void>
  /** Asks a mailserver for what was missed, or for a range; resolves when all pages are handled. @throws ClientError `history-failed`, whose `cause` is the last mailserver's error */
  readonly fetchHistory: (query?: HistoryQuery) => Promise<HistoryResult>

  /** Everything that a person could lose, under a password; no sessions, no installation id (decision 23). */
  readonly exportAccount: (password: string | Uint8Array) => Promise<Uint8Array>
  /**
   * Deletes all of it from the database and, where the database can be told to, from its files; the client is stopped afterwards.
   * Call it again if it was interrupted.
   */
  readonly wipe: () => Promise<void>
}
