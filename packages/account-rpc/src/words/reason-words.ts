/**
 * What the codes of the layers are called in front of people. Programs get the codes themselves with `--json`. A code that is not
 * here yet is shown with its dashes taken out, which is English enough to look it up by.
 */

const plain = (code: string): string => code.replaceAll('-', ' ')

const look = (table: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(table, code) ? (table[code] ?? plain(code)) : plain(code)

const unreadable = 'it cannot be read'
const forged = 'it is not from the person it claims'
const tooMany = 'too many arrived at once'
const cannotOpen = 'this device has no key for it'

const notShown: Readonly<Record<string, string>> = {
  unsigned: forged,
  'envelope-unsigned': forged,
  'wrapper-unsigned': forged,
  'wrapper-signature': forged,
  'wrapper-malformed': unreadable,
  'wrapper-not-canonical': unreadable,
  'wrapper-too-large': 'it is too large',
  'payload-malformed': unreadable,
  malformed: unreadable,
  'type-unknown': 'its type is not known here',
  'message-type': 'its type is not known here',
  'content-type': 'its type is not known here',
  'author-mismatch': forged,
  'arrival-mismatch': 'it arrived where such messages do not belong',
  'recipient-mismatch': 'it is not for you',
  'author-not-self': 'only a device of yours may send it',
  'clock-zero': 'it has no time',
  'timestamp-zero': 'it has no time',
  'clock-ahead': 'its time is too far in the future',
  'text-blank': 'it is empty',
  'text-too-long': 'its text is too long',
  'chat-id-empty': unreadable,
  'chat-id-invalid': unreadable,
  'sticker-invalid': 'its sticker cannot be read',
  'image-invalid': 'its image cannot be read',
  'image-too-large': 'its image is too large',
  'audio-invalid': 'its sound cannot be read',
  'audio-too-large': 'its sound is too large',
  'message-id-invalid': unreadable,
  'emoji-invalid': 'its reaction is unknown',
  'field-too-long': 'a part of it is too long',
  'event-malformed': 'a group change cannot be read',
  'event-signature': 'a group change is not from the person it claims',
  'events-too-many': 'the group has too many changes',
  'events-invalid': 'the group was changed by somebody who is not an admin',
  'group-id-invalid': 'the group cannot be read',
  'group-unknown': 'it is from a group that you are not in',
  'embedded-mismatch': 'it belongs to another group than it claims',
  'not-a-member': 'it is for a group that you are not in',
  'author-not-a-member': 'its author is not in the group',
  'installation-unknown': 'the device is not known',
  duplicate: 'it is here already',
  'author-blocked': 'you blocked its author',
  'contact-blocked': 'you blocked this person',
  'chat-unknown': 'its conversation is not known',
  'chat-deleted': 'its conversation was deleted',
  'chat-trimmed': 'it is older than what is kept',
  stale: 'something newer is here already',
  'target-author': 'only the author may change a message',
  'target-chat': 'it is about a message of another conversation',
  'quota-exceeded': 'strangers have sent too much',
  'stranger-quota': 'strangers have sent too much',
  'author-rate': 'its sender sends too fast',
  'group-invitation-quota': 'too many invitations to groups',
  'reaction-quota': tooMany,
  'early-note-quota': tooMany,
  'pin-quota': tooMany,
  'strangers-busy': 'strangers sent too much at once',
  'group-busy': 'its group sent too much at once',
  'unknown-session': cannotOpen,
  'unknown-prekey': cannotOpen,
  replayed: 'it came before',
  'protection-static-key': 'it has no forward secrecy, which you asked for',
  'protection-transport-only': 'it is less protected than you asked for',
  'protection-none': 'it is less protected than you asked for'
}

/**
 * Why something that arrived is not shown.
 *
 * @example
 * ```ts
 * account.on('refused', ({ reason }) => console.log(whyNotShown(reason)))
 * ```
 */
export const whyNotShown = (code: string): string => look(notShown, code)

const history: Readonly<Record<string, string>> = {
  'request-refused': 'it refused',
  'request-timeout': 'it did not answer in time',
  'link-closed': 'the connection was lost',
  'unknown-peer': 'the connection was lost',
  'response-too-large': 'it sent more than a page may hold',
  aborted: 'it was ended'
}

/**
 * Why a mailserver's answer did not come to its end.
 *
 * @example
 * ```ts
 * account.on('history', ({ state, reason }) => state === 'failed' && console.log(whyNoHistory(reason)))
 * ```
 */
export const whyNoHistory = (code: string | undefined): string =>
  code === undefined ? 'it failed without a reason' : look(history, code)
