import type { EventNames } from '@status-stack/utils'
import type { DeliveryState, HeldReason } from './ledger-types.ts'
import type { SkewFact } from './maintenance/clock-skew.ts'
import type { Message } from './message-types.ts'
import type {
  Chat,
  ChatRef,
  Contact,
  DeviceInfo,
  MessageId,
  PeerInfo,
  Profile,
  PublicKey,
  ShownProtection,
  TraceFact
} from './types.ts'

/** Something became of a message of ours. */
export interface DeliveryEvent {
  /** The message that it is about; of a reaction or an edit its own id. */
  readonly messageId: MessageId
  /** The chat that it was sent to. */
  readonly chat: ChatRef
  /** What happened. */
  readonly state: DeliveryState
  /** For whom; absent for a public chat. */
  readonly recipient?: PublicKey | undefined
  /** Of `held`, `expired` and `given-up`: why. */
  readonly reason?: HeldReason | undefined
  /** The weakest under which it has left for this recipient so far. */
  readonly protection?: ShownProtection | undefined
  /** Peer, mailserver or device that the fact is about. */
  readonly by?: string | undefined
}

/** Something that arrived was not shown. Never content, never keys of the message. */
export interface RefusedEvent {
  /** Where it was refused: by which layer, by the rules for a person, or by their quota. */
  readonly layer: 'transport' | 'pfs' | 'sync' | 'data' | 'policy' | 'quota'
  /** A code of that layer, for logs and for looking it up. */
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
  /** As it is now. */
  readonly message: Message
  /** `replaced`: it is no longer there; the message that came instead names it in `replaces`. */
  readonly change: 'edited' | 'deleted' | 'reaction' | 'pinned' | 'unpinned' | 'replaced'
}

/** How far a request for history has come. */
export interface HistoryEvent {
  /** Peer id of the one that is asked. */
  readonly mailserver: string
  /** Places that are asked about. */
  readonly interests: number
  /** Pages so far. */
  readonly pages: number
  /** Envelopes so far that we could open. */
  readonly deliveries: number
  /** `page`: one more has come; `done`: the range is complete; `failed`: it is asked for again later. */
  readonly state: 'started' | 'page' | 'done' | 'failed'
  /** Begin of the range, Unix seconds. */
  readonly fromSeconds: number
  /** End of the range, Unix seconds. */
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
  profile: true,
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
  /** A stored message was edited, deleted, pinned, reacted to or replaced. */
  change: ChangeEvent
  /** The ledger of a message of ours learnt something. */
  delivery: DeliveryEvent
  /** Something that arrived was not shown. */
  refused: RefusedEvent
  /** A peer of the privacy layer came or went: its `peerconnected` and `peerdisconnected`. */
  peer: { readonly peer: PeerInfo; readonly state: 'connected' | 'disconnected'; readonly reason?: string | undefined }
  /** A chat appeared, or changed: its counters, its last clock, its group, whether it is active or a request. The latest state. */
  chat: Chat
  /** The same of a contact: theirs or our own rules for them. */
  contact: Contact
  /** Our own name or picture is another: set here, or on another device of ours. */
  profile: Profile
  /** Something that people should know although nothing failed. */
  notice: NoticeEvent
  /** A device of ours was found, paired, disabled or named. */
  device: { readonly device: DeviceInfo; readonly change: 'found' | 'enabled' | 'disabled' | 'named' }
  /** A request to a mailserver went on or ended. */
  history: HistoryEvent
  /** Our clock seems to be wrong, or no longer does. It is for people to set it right: no clock of ours is ever corrected by it. */
  skew: SkewFact
  /** What a layer did with a message: facts for a view of the layers at work, made only while somebody listens. */
  trace: TraceFact
}
