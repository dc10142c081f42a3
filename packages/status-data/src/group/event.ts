import {
  bytesToHex,
  compareBytes,
  concatBytes,
  isLowS,
  keccak256,
  recoverPublicKey,
  utf8Bytes
} from '@status-stack/crypto'
import { clockNumber } from '../clock.ts'
import { DataError } from '../errors.ts'
import { keyId, keyOfId } from '../ids.ts'
import { limits } from '../limits.ts'
import { eventTypes, type MembershipUpdateEvent, membershipUpdateEvent } from '../payloads/membership-update.ts'
import type { IdentityKey, Rules } from '../ports.ts'
import type { RefusalCode } from '../refusal.ts'

/** One signed change of a group, opened: its author is who signed these very bytes for this very group. */
export interface GroupEvent {
  /** The wire form: 65 bytes of signature, then the protobuf. Stored and sent on as it came, never encoded again. */
  readonly bytes: Uint8Array
  /** `0x` + 130 hex digits. */
  readonly author: string
  /** Ms. */
  readonly clock: number
  /** See `eventTypes`. */
  readonly type: number
  /** Whom it names, as it is written. */
  readonly members: readonly string[]
  /** The ones among them that are keys: a text that is no key names nobody. */
  readonly targets: readonly string[]
  readonly name: string
}

export const signatureLength = 65

const digestOf = (chatId: string, encoded: Uint8Array): Uint8Array => keccak256(concatBytes(utf8Bytes(chatId), encoded))

/**
 * Opens one event of the group `chatId`; the signature is checked over the received bytes. A refusal code when it is no
 * event: too short, no signature, no protobuf.
 */
export function openEvent(chatId: string, bytes: Uint8Array, rules: Rules = 'strict'): GroupEvent | RefusalCode {
  if (bytes.length <= signatureLength) return 'event-malformed'
  const signature = bytes.subarray(0, signatureLength)
  const encoded = bytes.subarray(signatureLength)
  // Events are told apart by their signature, so strict rules take only the spelling that signers produce.
  if (rules === 'strict' && !isLowS(signature)) return 'event-signature'
  let event: MembershipUpdateEvent
  try {
    event = membershipUpdateEvent.decode(encoded)
  } catch {
    return 'event-malformed'
  }
  if ((signature[64] ?? 2) > 1) return 'event-signature'
  try {
    const author = keyId(recoverPublicKey(digestOf(chatId, encoded), signature))
    const { type, members, name } = event
    const targets = members.length > limits.eventMembers ? [] : members.filter(member => keyOfId(member) !== undefined)
    return { bytes: Uint8Array.from(bytes), author, clock: clockNumber(event.clock), type, members, targets, name }
  } catch {
    return 'event-signature'
  }
}

/**
 * Opens stored or received events, in their order; the ones that are none are left out.
 * @throws nothing: use `openEvent` to learn why one is none.
 */
export function openEvents(chatId: string, events: readonly Uint8Array[], rules: Rules = 'strict'): GroupEvent[] {
  return events.map(bytes => openEvent(chatId, bytes, rules)).filter(event => typeof event !== 'string')
}

/** Signs a change of the group `chatId`. */
export function signEvent(chatId: string, event: MembershipUpdateEvent, identity: IdentityKey): GroupEvent {
  const encoded = membershipUpdateEvent.encode(event)
  const bytes = concatBytes(identity.sign(digestOf(chatId, encoded)), encoded)
  const opened = openEvent(chatId, bytes)
  if (typeof opened === 'string') {
    throw new DataError('invalid-argument', 'identity: signs with a high s', { origin: 'caller' })
  }
  return opened
}

/** What tells two events apart: the hex of the signature. */
export function eventKey(event: GroupEvent): string {
  return bytesToHex(event.bytes.subarray(0, signatureLength))
}

/** The id of the line that a chat shows for an event: Keccak-256 of its signature. */
export function systemMessageId(event: GroupEvent): Uint8Array {
  return keccak256(event.bytes.subarray(0, signatureLength))
}

/** The order of replay: clock, then CHAT_CREATED first, then the signature: the same everywhere. */
export function compareEvents(a: GroupEvent, b: GroupEvent): number {
  if (a.clock !== b.clock) return a.clock - b.clock
  const created = Number(b.type === eventTypes.chatCreated) - Number(a.type === eventTypes.chatCreated)
  return created !== 0 ? created : compareBytes(a.bytes.subarray(0, 65), b.bytes.subarray(0, 65))
}
