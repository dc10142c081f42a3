import type { ClientEvents, ClockReport, Contact, DeviceInfo, Profile, SkewFact } from '@status-stack/status-client'

/** One fact for a program: `event` names its kind. */
export type JsonEvent = { readonly event: string } & Readonly<Record<string, unknown>>

/** Within one format fields and events are added; none is renamed, removed or given another meaning. */
export const jsonFormat = 1

/**
 * The object as it leaves the program, with its format in front.
 *
 * @example
 * ```ts
 * console.log(JSON.stringify(versioned(fact)))
 * ```
 */
export function versioned(event: JsonEvent): JsonEvent {
  return { format: jsonFormat, ...event }
}

/** The same members as a plain object type. */
type Plain<T> = { readonly [K in keyof T]: T[K] }

/** A public key as `0x04…`: 65 bytes in hex. */
export type KeyHex = string

/** A conversation as JSON. */
export type ChatJson =
  | { readonly kind: 'one-to-one'; readonly publicKey: KeyHex }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'group'; readonly id: string }

/** Who this account is. */
export type IdentityFact = {
  readonly event: 'identity'
  /** The person's identity. */
  readonly publicKey: KeyHex
  /** `zQ3sh…` */
  readonly text: string
  /** This device's name for itself. */
  readonly installationId: string
  /** Of the program that serves the account. */
  readonly version: string
  /** Mailservers that are asked for history. */
  readonly mailservers: number
}

/** A conversation with its counters. */
export type ChatFact = {
  /** `group` where a method about groups answers it. */
  readonly event: 'chat' | 'group'
  /** What methods take. */
  readonly chat: ChatJson
  /** As the protocol names it: `0x…` key, name of the channel or id of the group. */
  readonly id: string
  /** We listen there, and it is to be shown. */
  readonly active: boolean
  /** The first message of a person who is no contact, not accepted yet. */
  readonly request: boolean
  /** Messages of others that were not marked as seen. */
  readonly unread: number
  /** Of these, the ones that name us. */
  readonly unreadMentions: number
  /** Clock of the latest message: orders conversations. */
  readonly lastClock: number
  /** No notices of it are wanted. */
  readonly muted: boolean
  /** Of a group only. */
  readonly group?: {
    readonly name: string
    readonly joined: boolean
    readonly member: boolean
    readonly members: readonly { readonly publicKey: KeyHex; readonly admin: boolean; readonly joined: boolean }[]
  }
}

/** A person, and our rules for them. */
export type ContactFact = { readonly event: 'contact'; readonly publicKey: KeyHex; readonly text: string } & Omit<
  Contact,
  'publicKey'
>

/** What this account shows of itself. */
export type ProfileFact = { readonly event: 'profile' } & Plain<Profile>

/** What two people compare to know that they have each other's key. */
export type VerificationFact = {
  readonly event: 'verification'
  /** The other person. */
  readonly publicKey: KeyHex
  /** Twelve groups of five digits, the same for both. */
  readonly safetyText: string
}

/** A device of ours or of a contact. */
export type DeviceFact = { readonly event: 'device' } & Plain<DeviceInfo> & {
    readonly change?: ClientEvents['device']['change']
  }

/** A peer came or went. */
export type PeerFact = {
  readonly event: 'peer'
  /** Whether it came or went. */
  readonly state: 'connected' | 'disconnected'
  /** 64 lower-case hex digits. */
  readonly peerId: string
  /** IP address of the link, where it is known. */
  readonly address?: string
  /** Why it went: a code; absent for a goodbye. */
  readonly reason?: string
}

/** A request to a mailserver on its way. */
export type HistoryFact = {
  readonly event: 'history'
  /** `page`: one more has come; `done`: the range is complete; `failed`: it is asked for again later. */
  readonly state: ClientEvents['history']['state']
  /** Peer id of the one that is asked. */
  readonly mailserver: string
  /** Places that are asked about. */
  readonly places: number
  /** Pages so far. */
  readonly pages: number
  /** Envelopes so far that could be opened. */
  readonly envelopes: number
  /** Begin of the range, Unix seconds. */
  readonly fromSeconds: number
  /** End of the range, Unix seconds. */
  readonly toSeconds: number
  /** Why it failed: a code. */
  readonly reason?: string
}

/** What a request to a mailserver brought. */
export type FetchedFact = {
  /** Peer id of the one that answered. */
  readonly mailserver: string
  /** Pages that it sent. */
  readonly pages: number
  /** Envelopes that could be opened. */
  readonly envelopes: number
}

/** The clock of the machine seems to be wrong, or agrees again. */
export type ClockSkewFact = { readonly event: 'skew' } & Plain<SkewFact>

/** Something that people should know although nothing failed. */
export type NoticeFact = { readonly event: 'notice'; readonly chat: ChatJson } & (
  | { readonly kind: 'clock-fallback'; readonly lastClock: number; readonly clock: number }
  | { readonly kind: 'chat-evicted' }
)

/** What is known about the clock of the machine, and the chats whose clocks are ahead of it. */
export type ClockReportFact = Omit<ClockReport, 'chatsAhead'> & {
  readonly chatsAhead: readonly { readonly chat: ChatJson; readonly lastClock: number; readonly aheadMs: number }[]
}
