import { concatBytes } from '@status-stack/crypto'
import { protobuf } from '@status-stack/protobuf'
import * as payloads from '../gen/payloads.js'
import { type Extensible, flag, type MessageCodec, message, optional, text, u64 } from '../wire/codec.ts'

/** "I added you" and "my profile changed", in one. SPEC: 6/PAYLOADS, type 2. */
export interface ContactUpdate extends Extensible {
  /** Lamport clock, ms: the newest profile counts. */
  readonly clock: bigint
  /** Claimed, not verified; may be empty. */
  readonly ensName: string
  /** A data URI or base64. */
  readonly profileImage: string
  /**
   * The profile is empty because its owner emptied it; one that was never set is empty without this. On the wire: both texts are there, and empty.
   * DEVIATION: status-go leaves empty texts out and reads both forms as the same empty profile. @default false
   */
  readonly cleared?: boolean | undefined
}

/** Tags of the two texts, each with the length 0. */
const [ensNameTag, profileImageTag] = [0x12, 0x1a] as const
const emptyTexts = /* @__PURE__ */ Uint8Array.of(ensNameTag, 0, profileImageTag, 0)

const fields = /* @__PURE__ */ message<ContactUpdate>('ContactUpdate', payloads.ContactUpdate, {
  clock: u64,
  ensName: text,
  profileImage: text,
  cleared: /* @__PURE__ */ optional(flag)
})

const isEmpty = ({ ensName, profileImage }: ContactUpdate): boolean => ensName === '' && profileImage === ''

/** Whether both texts are on the wire. The bytes were decoded before: they are well formed, and their fields were counted. */
function namesBoth(bytes: Uint8Array): boolean {
  const reader = new protobuf.Reader(bytes)
  const found = new Set<number>()
  while (reader.pos < reader.len) {
    const tag = reader.tag()
    found.add(tag)
    reader.skipType(tag & 7, 0, tag >>> 3)
  }
  return found.has(ensNameTag) && found.has(profileImageTag)
}

export const contactUpdate: MessageCodec<ContactUpdate> = {
  field: fields.field,
  encode: update => {
    const bytes = fields.encode(update)
    return update.cleared === true && isEmpty(update) ? concatBytes(bytes, emptyTexts) : bytes
  },
  decode: bytes => {
    const update = fields.decode(bytes)
    return isEmpty(update) && namesBoth(bytes) ? { ...update, cleared: true } : update
  }
}
