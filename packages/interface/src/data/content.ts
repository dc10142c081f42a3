/** The reactions of the protocol, by name. */
export type Emoji = 'love' | 'thumbs-up' | 'thumbs-down' | 'laugh' | 'sad' | 'angry'
/** The formats of images that messages carry. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif'
/** The formats of sounds that messages carry. */
export type AudioFormat = 'aac' | 'amr'

interface Quoting {
  /** Id of the quoted message, `0x` + 64 hex digits; unknown ids show no quote. */
  readonly replyTo?: string
}

/** What people see in a chat: everything that travels as a ChatMessage. */
export type MessageContent =
  | ({ readonly kind: 'text' | 'status' | 'emoji'; readonly text: string } & Quoting)
  | ({ readonly kind: 'sticker'; readonly hash: string; readonly pack: number; readonly text?: string } & Quoting)
  | ({
      readonly kind: 'image'
      readonly image: Uint8Array
      /** Sniffed from the bytes when sending; as sent when receiving. */
      readonly format?: ImageFormat
      readonly text?: string
    } & Quoting)
  | ({
      readonly kind: 'audio'
      readonly audio: Uint8Array
      readonly format?: AudioFormat
      readonly durationMs?: number
      readonly text?: string
    } & Quoting)
  /** A content type of a later release: kept, shown as unsupported, never sent. */
  | ({ readonly kind: 'unsupported'; readonly contentType: number; readonly text: string } & Quoting)

/** What refers to an earlier message, by its id (`0x` + 64 hex digits). */
export type AnnotationContent =
  | { readonly kind: 'reaction'; readonly messageId: string; readonly emoji: Emoji; readonly retracted?: boolean }
  | { readonly kind: 'edit'; readonly messageId: string; readonly text: string }
  | { readonly kind: 'delete'; readonly messageId: string }
  | { readonly kind: 'pin'; readonly messageId: string; readonly pinned: boolean }

/** One change of a group, before it is signed. Members are 65-byte public keys. */
export type GroupChange =
  | { readonly kind: 'created'; readonly name: string }
  | { readonly kind: 'name-changed'; readonly name: string }
  | { readonly kind: 'members-added'; readonly members: readonly Uint8Array[] }
  | { readonly kind: 'member-joined' }
  | { readonly kind: 'member-removed'; readonly member: Uint8Array }
  | { readonly kind: 'admins-added'; readonly members: readonly Uint8Array[] }
  | { readonly kind: 'admin-removed' }

/** A change of a group: to be signed when it is sent, with its history when it came. */
export type GroupContent =
  /** Sending: the changes to sign, in order. */
  | { readonly kind: 'group-changes'; readonly changes: readonly GroupChange[] }
  /** Receiving, or sending the history again: the events are in the effect `group-events`. */
  | { readonly kind: 'group-update' }

/** What devices of one identity tell each other. */
export type DeviceContent =
  | { readonly kind: 'pair'; readonly installationId: string; readonly deviceType: string; readonly name: string }
  | {
      readonly kind: 'sync-contact'
      readonly publicKey: Uint8Array
      readonly ensName: string
      readonly picture: string
    }
  | { readonly kind: 'sync-public-chat'; readonly name: string }
  /** Sent by status-go 0.56.10 and ignored by it: parsed and kept. */
  | { readonly kind: 'sync-installation' | 'sync-account' }

/** A step of asking for or sending a payment. */
export type TransactionContent =
  | { readonly kind: 'request-address'; readonly value: string; readonly contract: string }
  | { readonly kind: 'accept-request-address'; readonly id: string; readonly address: string }
  | { readonly kind: 'decline-request-address'; readonly id: string }
  | {
      readonly kind: 'request-transaction'
      readonly value: string
      readonly contract: string
      readonly address: string
    }
  | { readonly kind: 'decline-request-transaction'; readonly id: string }
  | {
      readonly kind: 'send-transaction'
      readonly id: string
      readonly transactionHash: string
      readonly signature: Uint8Array
    }

/**
 * What a message says, the same going out and coming in. `payload` of an accepted message holds every wire field as
 * well, unknown ones included.
 */
export type Content =
  | MessageContent
  | AnnotationContent
  | GroupContent
  | DeviceContent
  | TransactionContent
  /** `cleared`: there was a name or a picture, and both were taken away. A profile that was never set is empty without it. */
  | { readonly kind: 'contact-update'; readonly ensName: string; readonly picture: string; readonly cleared?: boolean }
  | { readonly kind: 'contact-code' }
  | { readonly kind: 'push' }
  /** A payload type this version does not know: its bytes are in `payload`. */
  | { readonly kind: 'unknown' }
