import * as payloads from '../gen/payloads.js'
import { type Extensible, message, text, u64 } from '../wire/codec.ts'

/** "I added you" and "my profile changed", in one. SPEC: 6/PAYLOADS, type 2. */
export interface ContactUpdate extends Extensible {
  /** Lamport clock, ms: the newest profile counts. */
  readonly clock: bigint
  /** Claimed, not verified; may be empty. */
  readonly ensName: string
  /** A data URI or base64. */
  readonly profileImage: string
}

export const contactUpdate = /* @__PURE__ */ message<ContactUpdate>('ContactUpdate', payloads.ContactUpdate, {
  clock: u64,
  ensName: text,
  profileImage: text
})
