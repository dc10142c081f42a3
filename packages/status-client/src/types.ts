/** A Status identity: 65 bytes, 0x04‖X‖Y. */
export type PublicKey = Uint8Array

/** `0x` and 64 hex digits: keccak256(author ‖ wrapper), the same on every device and for every recipient. SPEC: 6/PAYLOADS. */
export type MessageId = string

/** Which conversation. A group's `id` is `<uuid>-0x<creator's key>`. */
export type ChatRef =
  | { readonly kind: 'one-to-one'; readonly publicKey: PublicKey }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'group'; readonly id: string }

/** What was observed, as people see it: the bytes' own protection times the transport's guarantee (ARCHITECTURE.md, "Protection"). */
export type ShownProtection = 'forward-secret' | 'static-key' | 'transport-only' | 'public'

/** A member of a group. */
export interface GroupMember {
  /** Who it is. */
  readonly publicKey: PublicKey
  /** May add, remove and rename. */
  readonly admin: boolean
  /** Has confirmed, and may talk. */
  readonly joined: boolean
}

/** What is known of a group. */
export interface GroupInfo {
  /** As an admin gave it. */
  readonly name: string
  /** Everyone who was added and is still in, joined or not. */
  readonly members: readonly GroupMember[]
  /** We are a member and have confirmed it. */
  readonly joined: boolean
  /** We are a member at all; false after leaving or being removed. */
  readonly member: boolean
}

/** A conversation and what is known of it. */
export interface Chat {
  /** What methods take. */
  readonly chat: ChatRef
  /** Chat id of the protocol: `0x…` key, channel name or group id. */
  readonly id: string
  /** We listen there, and it is to be shown. */
  readonly active: boolean
  /** A first message of a person who is not a contact: shown apart until accepted. */
  readonly request: boolean
  /** Messages of others that were not marked as seen. */
  readonly unread: number
  /** Of these, the ones that name us. */
  readonly unreadMentions: number
  /** Lamport clock of the newest thing in it, milliseconds: orders a list of chats. */
  readonly lastClock: number
  /** The user wants no notice of what arrives here; it is counted all the same. On this device only. */
  readonly muted: boolean
  /** Of a group only. */
  readonly group?: GroupInfo | undefined
}

/** What we show of ourselves, the same on all of our devices. */
export interface Profile {
  /** The name that we claim, such as `alice.eth`; `''` for none. Others show it once it is verified. */
  readonly ensName: string
  /** Data URI; `''` for none. */
  readonly picture: string
}

/** A person and how we stand to each other. */
export interface Contact {
  /** Who it is. */
  readonly publicKey: PublicKey
  /** We added them. */
  readonly added: boolean
  /** They added us. */
  readonly requestReceived: boolean
  /** Nothing of theirs is shown, and nothing can be sent to them alone; in groups they still get what all get. */
  readonly blocked: boolean
  /** What we call them, `''` for nothing. On this device only: no other person learns of it. */
  readonly name: string
  /** Claimed name; shown as theirs only when `ensVerified`. */
  readonly ensName: string
  /** A resolver confirmed that the name is this key's; never without `names`. */
  readonly ensVerified: boolean
  /** Data URI, chosen by them; empty for none. */
  readonly picture: string
  /** Least protection accepted and sent; see `PolicyLevel`. */
  readonly minimum: PolicyLevel
  /** `off` sends to this contact without pfs: transport encryption only. */
  readonly pfs: 'on' | 'off'
  /** Numbers both people can read to each other; equal on both sides. */
  readonly safetyText: string
}

/**
 * Least protection for a person. `auto`: sends static-key or better, and accepts nothing weaker than the strongest seen from
 * that device. `any`: whatever reaches the addressee only, downgrades included.
 */
export type PolicyLevel = 'auto' | 'forward-secret' | 'static-key' | 'any'

/** A device of an identity, with the name that it has given itself. */
export interface DeviceInfo {
  /** The device's own name for itself. */
  readonly installationId: string
  /** Whether it is a device of our identity. */
  readonly own: boolean
  /** Gets copies: own devices once they are paired, those of others from the start. */
  readonly enabled: boolean
  /** Chosen on that device; empty while it was never told. Of our own devices only. */
  readonly name: string
  /** As that device says, such as `desktop`; empty while it was never told. */
  readonly deviceType: string
}

/** A peer that is connected now. */
export interface PeerInfo {
  /** 64 lower-case hex digits: Keccak-256 of the peer's node key. */
  readonly peerId: string
  /** IP address of the link; absent where the transport knows none. */
  readonly remoteAddress?: string | undefined
}

/** Facts, never content. `details` are numbers and short names. */
export interface TraceFact {
  /** Which layer acted; `route` and `whisper` are the privacy layer's, whatever it is. */
  readonly layer: 'data' | 'sync' | 'pfs' | 'route' | 'whisper' | 'store'
  /** On the way out, or in. */
  readonly direction: 'out' | 'in'
  /** One plain sentence: what the layer did. */
  readonly did: string
  /** Messages that it is about, as far as the layer knows them. */
  readonly messageIds: readonly MessageId[]
  /** What the layer was given. */
  readonly bytesIn: number
  /** What it made of it. */
  readonly bytesOut: number
  /** As the layer calls it; only where it decides about it. */
  readonly protection?: string | undefined
  /** How long it took. */
  readonly ms: number
}
