import * as payloads from '../gen/payloads.js'
import { type Extensible, list, message, optional, text, u64 } from '../wire/codec.ts'

/** A device names itself to our other devices. SPEC: 6/PAYLOADS, type 4. */
export interface PairInstallation extends Extensible {
  /** Lamport clock, ms: the newest name of a device counts. */
  readonly clock: bigint
  /** The device that says so. */
  readonly installationId: string
  /** As that device calls it, such as `desktop`. */
  readonly deviceType: string
  /** Chosen by the user, for the list of devices. */
  readonly name: string
}

/** Type 12. `lastUpdated` and `systemTags` are neither set nor read by status-go 0.56.10. */
export interface SyncInstallationContact extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** The contact's public key, `0x` + 130 hex digits. */
  readonly id: string
  /** The contact's picture as that device knows it; a data URI. */
  readonly profileImage: string
  /** The contact's name as that device knows it. */
  readonly ensName: string
  /** Always 0 when it is ours. */
  readonly lastUpdated: bigint
  /** Always empty when it is ours. */
  readonly systemTags: readonly string[]
}

/** Type 14. */
export interface SyncInstallationPublicChat extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** Name of a public chat that was joined. */
  readonly id: string
}

/** Type 13. */
export interface SyncInstallationAccount extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** Our own picture as that device knows it. */
  readonly profileImage: string
  /** As the sending device had it. */
  readonly lastUpdated: bigint
}

/** Type 5. */
export interface SyncInstallation extends Extensible {
  /** As in type 12, several at once. */
  readonly contacts: readonly SyncInstallationContact[]
  /** As in type 14, several at once. */
  readonly publicChats: readonly SyncInstallationPublicChat[]
  /** As in type 13. */
  readonly account?: SyncInstallationAccount | undefined
}

export const pairInstallation = /* @__PURE__ */ message<PairInstallation>(
  'PairInstallation',
  payloads.PairInstallation,
  {
    clock: u64,
    installationId: text,
    deviceType: text,
    name: text
  }
)

export const syncInstallationContact = /* @__PURE__ */ message<SyncInstallationContact>(
  'SyncInstallationContact',
  payloads.SyncInstallationContact,
  { clock: u64, id: text, profileImage: text, ensName: text, lastUpdated: u64, systemTags: list(text) }
)

export const syncInstallationPublicChat = /* @__PURE__ */ message<SyncInstallationPublicChat>(
  'SyncInstallationPublicChat',
  payloads.SyncInstallationPublicChat,
  { clock: u64, id: text }
)

export const syncInstallationAccount = /* @__PURE__ */ message<SyncInstallationAccount>(
  'SyncInstallationAccount',
  payloads.SyncInstallationAccount,
  { clock: u64, profileImage: text, lastUpdated: u64 }
)

export const syncInstallation = /* @__PURE__ */ message<SyncInstallation>(
  'SyncInstallation',
  payloads.SyncInstallation,
  {
    contacts: list(syncInstallationContact.field),
    publicChats: list(syncInstallationPublicChat.field),
    account: optional(syncInstallationAccount.field)
  }
)
