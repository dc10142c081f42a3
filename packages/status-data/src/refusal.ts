/** Every reason a message is not shown, by the step of the inbound pipeline that finds it. */
export const refusalCodes = [
  // envelope and wrapper
  'envelope-unsigned',
  'wrapper-too-large',
  'wrapper-malformed',
  'wrapper-signature',
  'wrapper-unsigned',
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
  'stale',
  'target-author',
  'quota-exceeded'
] as const

export type RefusalCode = (typeof refusalCodes)[number]

/** Why a message is not shown. Not final: do not acknowledge it, so that it comes again and is judged anew. */
export interface Refused {
  readonly kind: 'refused'
  readonly reason: RefusalCode
  readonly final: boolean
}

/** Refusals that time lifts. */
const passing: readonly RefusalCode[] = ['clock-ahead']

/** A refusal with its code. */
export function refuse(reason: RefusalCode): Refused {
  return { kind: 'refused', reason, final: !passing.includes(reason) }
}
