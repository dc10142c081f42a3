import { bytesToHex, concatBytes, isLowS, keccak256, recoverPublicKey, utf8Bytes } from '@status-stack/crypto'
import type { GroupEvent, IdentityKey } from '@status-stack/interface'
import { check, checkBigint, checkBytesList, checkIdentity, checkRules, wellFormed } from '../arguments.ts'
import { clockNumber } from '../clock.ts'
import { DataError } from '../errors.ts'
import { keyId, keyOfId } from '../ids.ts'
import { limits } from '../limits.ts'
import { type MembershipUpdateEvent, membershipUpdateEvent } from '../payloads/membership-update.ts'
import type { Rules } from '../ports.ts'
import type { RefusalCode } from '../refusal.ts'
import { runSliced, runSteps, type SliceOptions, type Steps } from '../steps.ts'

/** An event whose signature has not been checked, so its author is not known. */
export interface UnverifiedEvent {
  readonly bytes: Uint8Array
  readonly clock: bigint
  readonly event: MembershipUpdateEvent
}

export const signatureLength = 65

const digestOf = (chatId: string, encoded: Uint8Array): Uint8Array => keccak256(concatBytes(utf8Bytes(chatId), encoded))

/** Reads one event without checking who signed it. A refusal code when it is no event: too short, no protobuf, a high s. */
export function readEvent(bytes: Uint8Array, rules: Rules): UnverifiedEvent | RefusalCode {
  if (bytes.length <= signatureLength) return 'event-malformed'
  const signature = bytes.subarray(0, signatureLength)
  // Events are told apart by their signature, so strict rules take only the spelling that signers produce.
  if (rules === 'strict' && !isLowS(signature)) return 'event-signature'
  try {
    const event = membershipUpdateEvent.decode(bytes.subarray(signatureLength))
    return (signature[64] ?? 2) > 1 ? 'event-signature' : { bytes, clock: event.clock, event }
  } catch {
    return 'event-malformed'
  }
}

/** Finds who signed an event for the group `chatId`. The dear part: recovers a key, and checks each key that is named. */
export function verifyEvent(chatId: string, { bytes, event }: UnverifiedEvent): GroupEvent | RefusalCode {
  try {
    const digest = digestOf(chatId, bytes.subarray(signatureLength))
    const author = keyId(recoverPublicKey(digest, bytes.subarray(0, signatureLength)))
    const { type, members, name } = event
    const targets = members.length > limits.eventMembers ? [] : members.filter(member => keyOfId(member) !== undefined)
    return { bytes: new Uint8Array(bytes), author, clock: clockNumber(event.clock), type, members, targets, name }
  } catch {
    return 'event-signature'
  }
}

/**
 * Opens one event of the group `chatId`; the signature is checked over the received bytes. A refusal code when it is no
 * event: too short, no signature, no protobuf.
 *
 * @example
 * ```ts
 * const event = openEvent(groupId, bytes)
 * if (typeof event === 'string') console.log('refused:', event)
 * ```
 */
export function openEvent(chatId: string, bytes: Uint8Array, rules: Rules = 'strict'): GroupEvent | RefusalCode {
  check.text('chatId', chatId)
  check.bytes('bytes', bytes)
  checkRules(rules)
  const unverified = readEvent(bytes, rules)
  return typeof unverified === 'string' ? unverified : verifyEvent(chatId, unverified)
}

/**
 * Opens stored or received events, in their order; invalid events are skipped. `openEvent` gives the reason.
 *
 * @example
 * ```ts
 * const { state } = reduceGroup(groupId, openEvents(groupId, storedBytes))
 * ```
 */
export function openEvents(chatId: string, events: readonly Uint8Array[], rules: Rules = 'strict'): GroupEvent[] {
  checkBytesList('events', events)
  return runSteps(openSteps(chatId, events, rules))
}

/**
 * {@link openEvents} that lets others run: a stored history holds up to a thousand signatures.
 *
 * @throws the signal's reason once it has fired
 * @example
 * ```ts
 * const events = await openEventsSliced(groupId, storedBytes)
 * ```
 */
export async function openEventsSliced(
  chatId: string,
  events: readonly Uint8Array[],
  { rules = 'strict', ...options }: SliceOptions & { readonly rules?: Rules } = {}
): Promise<GroupEvent[]> {
  checkBytesList('events', events)
  return await runSliced(openSteps(chatId, events, rules), options)
}

function* openSteps(chatId: string, events: readonly Uint8Array[], rules: Rules): Steps<GroupEvent[]> {
  const opened: GroupEvent[] = []
  for (const bytes of events) {
    const event = openEvent(chatId, bytes, rules)
    if (typeof event !== 'string') opened.push(event)
    yield
  }
  return opened
}

/**
 * Signs a change of the group `chatId`.
 *
 * @example
 * ```ts
 * signEvent(groupId, { clock: BigInt(nowMs), members: [], name: 'Trip', type: eventTypes.nameChanged }, identity)
 * ```
 */
export function signEvent(chatId: string, event: MembershipUpdateEvent, identity: IdentityKey): GroupEvent {
  check.text('chatId', chatId)
  checkIdentity('identity', identity)
  checkWritten(event)
  const encoded = wellFormed('event', () => membershipUpdateEvent.encode(event))
  const bytes = concatBytes(identity.sign(digestOf(chatId, encoded)), encoded)
  const opened = openEvent(chatId, bytes)
  if (typeof opened === 'string') {
    throw new DataError('invalid-argument', 'identity: expected a signature with a low s', { origin: 'caller' })
  }
  return opened
}

function checkWritten(event: MembershipUpdateEvent): void {
  check.object('event', event)
  checkBigint('event.clock', event.clock)
  check.array('event.members', event.members)
  for (const member of event.members) check.text('event.members', member)
  check.text('event.name', event.name)
  check.integer('event.type', event.type, 0, 2 ** 31 - 1)
}

/** Keys made before: a merge asks for each several times. */
const keys = new WeakMap<GroupEvent, string>()

/**
 * What tells two events apart: the hex of the signature.
 *
 * @example
 * ```ts
 * const known = new Map(events.map(event => [eventKey(event), event]))
 * ```
 */
export function eventKey(event: GroupEvent): string {
  const known = keys.get(event)
  if (known !== undefined) return known
  checkSignature(event)
  const key = bytesToHex(event.bytes.subarray(0, signatureLength))
  keys.set(event, key)
  return key
}

/**
 * The id of the line that a chat shows for an event: Keccak-256 of its signature.
 *
 * @example
 * ```ts
 * const isShown = await store.has(systemMessageId(event))
 * ```
 */
export function systemMessageId(event: GroupEvent): Uint8Array {
  checkSignature(event)
  return keccak256(event.bytes.subarray(0, signatureLength))
}

function checkSignature(event: GroupEvent): void {
  check.object('event', event)
  check.bytes('event.bytes', event.bytes, { min: signatureLength })
}
