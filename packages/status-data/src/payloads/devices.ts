import * as payloads from '../gen/payloads.js'
import { type Extensible, list, message, optional, text, u64 } from '../wire/codec.ts'

/** A device names itself to our other devices. SPEC: 6/PAYLOADS, type 4. */
export interface PairInstallation extends Extensible {
  readonly clock: bigint
  readonly installationId: string
  readonly deviceType: string
  readonly name: string
}

/** Type 12. `lastUpdated` and `systemTags` are neither set nor read by status-go 0.56.10. */
export interface SyncInstallationContact extends Extensible {
  readonly clock: bigint
  readonly id: string
  readonly profileImage: string
  readonly ensName: string
  readonly lastUpdated: bigint
  readonly systemTags: readonly string[]
}

/** Type 14. */
export interface SyncInstallationPublicChat extends Extensible {
  readonly clock: bigint
  readonly id: string
}

/** Type 13. */
export interface SyncInstallationAccount extends Extensible {
  readonly clock: bigint
  readonly profileImage: string
  readonly lastUpdated: bigint
}

/** Type 5. */
export interface SyncInstallation extends Extensible {
  readonly contacts: readonly SyncInstallationContact[]
  readonly publicChats: readonly SyncInstallationPublicChat[]
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
