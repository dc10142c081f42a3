import type { IdentityKey } from '../ports.ts'
import type { Arrival, Audience } from '../protection.ts'
import type { ChatRef } from './chat.ts'
import type { Content } from './content.ts'
import type { GroupEvent } from './group.ts'
import type { PublicKey } from './state.ts'

/** What a message asks to change outside its chat. Plain facts: whether they are applied is decided by `admit` and the client. */
export type DataEffect =
  /** The events of a group update, opened: each says who signed it. Merge them with the stored ones. */
  | { readonly kind: 'group-events'; readonly chatId: string; readonly events: readonly GroupEvent[] }
  /** The author added us, or changed their profile. Never adds them. */
  | {
      readonly kind: 'contact-updated'
      readonly publicKey: PublicKey
      readonly ensName: string
      readonly picture: string
      readonly clock: number
    }
  /** A name claimed in a message, not verified. */
  | { readonly kind: 'ens-claimed'; readonly publicKey: PublicKey; readonly ensName: string; readonly clock: number }
  /** Our profile as another device of ours has it. `cleared`: it is empty because it was emptied there, not because there never was one. */
  | {
      readonly kind: 'own-profile'
      readonly ensName: string
      readonly picture: string
      readonly cleared?: boolean
      readonly clock: number
    }
  | {
      readonly kind: 'device-announced'
      readonly installationId: string
      readonly deviceType: string
      readonly name: string
      readonly clock: number
    }
  | {
      readonly kind: 'contact-synced'
      readonly publicKey: PublicKey
      readonly ensName: string
      readonly picture: string
      readonly clock: number
    }
  | { readonly kind: 'public-chat-synced'; readonly name: string; readonly clock: number }

/** A message that passed every check that needs no stored state. `Payload`: the wire fields as the layer parsed them. */
export interface Accepted<Payload = unknown> {
  /** Tells it from `refused`. */
  readonly kind: 'accepted'
  /** 32 bytes; the same for every copy, device and recipient. An unsigned wrapper has one, too. */
  readonly messageId: Uint8Array
  /** 65 bytes: who signed the wrapper, or the transport author of an unsigned one. */
  readonly author: PublicKey
  /** False: deniable, and not to be handed on to others. */
  readonly signed: boolean
  /** Written by ourselves, here or on another device: shown as outgoing. */
  readonly fromSelf: boolean
  /** The wrapper's type number. */
  readonly type: number
  /** Every field that was on the wire, unknown ones included; for tools, a messenger needs `content` only. */
  readonly payload: Payload
  /** What it says, in the terms of a messenger. */
  readonly content: Content
  /** Absent when the message belongs to no chat (devices, push, unknown types). */
  readonly chat?: ChatRef
  /** Lamport clock, ms; 0 for payloads without one. */
  readonly clock: number
  /** When the sender says it was written, ms; not for ordering. Envelope time for payloads without one. */
  readonly timestamp: number
  /**
   * The clock is more than two minutes before the envelope: a retry that comes late, or an old message that someone, perhaps
   * not its author, sends once more. Show it as old, not as new. Absent for what has no clock of its own.
   */
  readonly old?: true
  /** What it asks to change outside its chat; empty for most messages. */
  readonly effects: readonly DataEffect[]
}

/** What came with the bytes. */
export interface ReceiveContext {
  /** 65 bytes: the envelope's signer. */
  readonly transportAuthor?: PublicKey | undefined
  /** When the envelope was sent (expiry − ttl), ms. */
  readonly sentMs: number
  /** Now by our clock, Unix ms: messages too far ahead of it are refused for the time being. */
  readonly nowMs: number
  /** Where the privacy layer heard it; decides which chat an unaddressed message belongs to. */
  readonly arrival: Arrival
  /** Our own public key, 65 bytes. */
  readonly self: PublicKey
  /**
   * The opened events we have of a group. Those among the received ones need no second verification: a group message
   * carries the whole history each time.
   */
  readonly knownEvents?: ((chatId: string) => readonly GroupEvent[]) | undefined
}

/** Who sends, and when. */
export interface OutgoingContext {
  /** Signs the message and, for a group, its events. */
  readonly identity: IdentityKey
  /** Now by our clock, Unix ms: the message's own time, and the least of its clock. */
  readonly nowMs: number
  /** The chat's last clock value, ms. @default 0 */
  readonly lastClock?: number | undefined
  /** Our ENS name, put into chat messages. @default '' */
  readonly ensName?: string | undefined
}

/** What to hand to the layers below. Compute once: every recipient gets the same bytes and the same message id. */
export type Outgoing<Payload = unknown> = {
  /** 32 bytes. */
  readonly messageId: Uint8Array
  /** The wrapper. */
  readonly bytes: Uint8Array
  /** The message as `decode` would give it to us on another device, with its clock. */
  readonly local: Accepted<Payload>
  /**
   * The chat's last clock lies too far ahead, so this message's is now instead: readers would have refused one above it. Seen
   * after a wrong time of this device; say so when it lasts.
   */
  readonly ignoredLastClock?: true
} & (
  | {
      readonly reliability: 'reliable'
      /** Identities, without our own. */
      readonly to: readonly PublicKey[]
      /** Whether our other devices get it as well. */
      readonly ownCopies: boolean
    }
  | { readonly reliability: 'best-effort'; readonly to: readonly Audience[] }
)
