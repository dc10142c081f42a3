import type { EventNames } from '@status-stack/utils'
import type { SkewFact } from './maintenance/clock-skew.ts'
import type {
  Chat,
  ChatRef,
  Contact,
  DeliveryState,
  DeviceInfo,
  HeldReason,
  Message,
  MessageId,
  PeerInfo,
  PublicKey,
  ShownProtection,
  TraceFact
} from './types.ts'

/** Something became of a message of ours. */
export interface DeliveryEvent {
  readonly messageId: MessageId
  readonly chat: ChatRef
  readonly state: DeliveryState
  readonly recipient?: PublicKey | undefined
  readonly reason?: HeldReason | undefined
  readonly protection?: ShownProtection | undefined
  /** Peer, mailserver or device that the fact is about. */
  readonly by?: string | undefined
}

/** Something that arrived was not shown. Never content, never keys of the message. */
export interface RefusedEvent {
  readonly layer: 'transport' | 'pfs' | 'sync' | 'data' | 'policy' | 'quota'
  readonly reason: string
  /** The author the transport names; absent for unsigned envelopes. */
  readonly author?: PublicKey | undefined
  /** False when the message is kept unacknowledged and will be retried (policy, a quota, a clock ahead). */
  readonly final: boolean
  /**
   * True for ordinary traffic, in which nothing is lost: our own messages coming back, copies of what we have (relays repeat them
   * after every reconnection), and what something newer has overtaken.
   */
  readonly expected: boolean
}

/** A stored message is another now. */
export interface ChangeEvent {
  readonly message: Message
  /** `replaced`: it is no longer there; the message that came instead names it in `replaces`. */
  readonly change: 'edited' | 'deleted' | 'reaction' | 'pinned' | 'unpinned' | 'replaced'
}

/** How far a request for history has come. */
export interface HistoryEvent {
  readonly mailserver: string
  readonly interests: number
  readonly pages: number
  readonly deliveries: number
  readonly state: 'started' | 'page' | 'done' | 'failed'
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Why it failed: a code of Whisper's. */
  readonly reason?: string | undefined
}

/** Something that a person should know about a chat or the network. */
export type NoticeEvent =
  /**
   * The last clock of this chat was so far ahead that no reader would have accepted the next message; a clock that they accept was
   * taken instead, so what we write may sort before what has that clock.
   */
  | {
      readonly kind: 'clock-fallback'
      readonly chat: ChatRef
      /** Milliseconds since the epoch, as the chat had it. */
      readonly lastClock: number
      /** The one that was taken. */
      readonly clock: number
    }
  /** The oldest message request or group invitation of a stranger was deleted to make room for a new one. */
  | { readonly kind: 'chat-evicted'; readonly chat: ChatRef }

/** The names of {@link ClientEvents}. */
export const clientEventNames: EventNames<ClientEvents> = {
  message: true,
  change: true,
  delivery: true,
  refused: true,
  peer: true,
  chat: true,
  contact: true,
  notice: true,
  device: true,
  history: true,
  skew: true,
  trace: true
}

/** Name of the event → what its handlers get. */
export interface ClientEvents {
  /** A message was stored: received, or written by us on this or another device. */
  message: Message
  change: ChangeEvent
  delivery: DeliveryEvent
  refused: RefusedEvent
  /** A peer of the privacy layer came or went: its `peerconnected` and `peerdisconnected`. */
  peer: { readonly peer: PeerInfo; readonly state: 'connected' | 'disconnected'; readonly reason?: string | undefined }
  /** A chat appeared, or changed: its counters, its last clock, its group, whether it is active or a request. The latest state. */
  chat: Chat
  /** The same of a contact: theirs or our own rules for them. */
  contact: Contact
  /** Something that people should know although nothing failed. */
  notice: NoticeEvent
  device: { readonly device: DeviceInfo; readonly change: 'found' | 'enabled' | 'disabled' | 'named' }
  history: HistoryEvent
  /** Our clock seems to be wrong, or no longer does. It is for people to set it right: no clock of ours is ever corrected by it. */
  skew: SkewFact
  trace: TraceFact
}
