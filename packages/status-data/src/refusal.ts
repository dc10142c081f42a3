import type { Refused as AnyRefused } from '@status-stack/interface'

/**
 * Every reason a message is not shown, by the step of the inbound pipeline that finds it.
 *
 * @example
 * ```ts
 * const words = Object.fromEntries(refusalCodes.map(code => [code, code.replaceAll('-', ' ')]))
 * ```
 */
export const refusalCodes = [
  // envelope and wrapper
  'envelope-unsigned',
  'wrapper-too-large',
  'wrapper-malformed',
  'wrapper-signature',
  'wrapper-unsigned',
  'wrapper-not-canonical',
  'type-unknown',
  'payload-malformed',
  // context
  'author-mismatch',
  'arrival-mismatch',
  'recipient-mismatch',
  'author-not-self',
  // clocks
  'clock-zero',
  'clock-ahead',
  'timestamp-zero',
  // chat messages and annotations
  'text-blank',
  'text-too-long',
  'chat-id-empty',
  'chat-id-invalid',
  'message-type',
  'content-type',
  'sticker-invalid',
  'image-invalid',
  'image-too-large',
  'audio-invalid',
  'audio-too-large',
  'message-id-invalid',
  'emoji-invalid',
  'field-too-long',
  // groups
  'event-malformed',
  'event-signature',
  'events-too-many',
  'events-invalid',
  'group-id-invalid',
  'group-unknown',
  'embedded-mismatch',
  'not-a-member',
  'author-not-a-member',
  // devices and contacts
  'name-blank',
  'device-type-blank',
  'installation-id-blank',
  'installation-unknown',
  'contact-id-invalid',
  // transactions
  'value-not-a-number',
  'address-blank',
  'id-empty',
  'hash-blank',
  'signature-missing',
  'transaction-unknown',
  'transaction-wrong-chat',
  'transaction-not-ours',
  'transaction-wrong-state',
  // what is already stored
  'duplicate',
  'author-blocked',
  'chat-unknown',
  'chat-deleted',
  'chat-trimmed',
  'stale',
  'target-author',
  'target-chat',
  'contact-blocked',
  'pin-public',
  // quotas: what we have no room for now
  'quota-exceeded',
  'author-rate',
  'group-invitation-quota',
  'reaction-quota',
  'early-note-quota',
  'pin-quota'
] as const

/** Why a payload is not shown, as a code of a closed list. */
export type RefusalCode = (typeof refusalCodes)[number]

/** Why a message is not shown, in a code of this package. */
export type Refused = AnyRefused<RefusalCode>

/** What time, the user or our own room may lift: never a verdict about the message. */
const passing: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'clock-ahead',
  'chat-trimmed',
  'quota-exceeded',
  'author-rate',
  'group-invitation-quota',
  'reaction-quota',
  'early-note-quota',
  'pin-quota'
])

/** What happens to honest peers every day. */
const ordinary: ReadonlySet<RefusalCode> = new Set<RefusalCode>(['duplicate', 'stale', 'chat-deleted', 'chat-trimmed'])

/** A refusal with its code. */
export function refuse(reason: RefusalCode): Refused {
  const refused = { kind: 'refused', reason, final: !passing.has(reason) } as const
  return ordinary.has(reason) ? { ...refused, expected: true } : refused
}
