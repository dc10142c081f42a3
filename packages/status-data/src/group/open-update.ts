import { bytesToHex, equalBytes } from '@status-stack/crypto'
import type { GroupEvent } from '@status-stack/interface'
import type { Times } from '../checks/context.ts'
import { validateClock } from '../clock.ts'
import { limits } from '../limits.ts'
import type { MembershipUpdateMessage } from '../payloads/membership-update.ts'
import type { RefusalCode } from '../refusal.ts'
import type { Steps } from '../steps.ts'
import { eventKey, readEvent, signatureLength, verifyEvent } from './event.ts'

/** The events of an update that are events, and why the first of the others is none. */
export interface OpenedUpdate {
  readonly events: readonly GroupEvent[]
  readonly refusal?: RefusalCode
}

/**
 * Opens the events of a received update, in their order. What costs little is checked first, so a signature is verified only
 * where nothing else is wrong, and never for bytes that we have or that came before in the same update.
 *
 * BOUNDED: limits.groupEvents per update; of a group we know, limits.newEvents. What is left out comes again, because every
 * update carries the whole history.
 */
export function* openUpdate(
  { chatId, events: received }: MembershipUpdateMessage,
  updateAuthor: string,
  { nowMs, rules }: Times,
  stored: readonly GroupEvent[]
): Steps<OpenedUpdate> {
  const known = new Map(stored.map(event => [eventKey(event), event]))
  let verifications = rules === 'strict' && known.size > 0 ? limits.newEvents : limits.groupEvents
  const events: GroupEvent[] = []
  let refusal: RefusalCode | undefined
  for (const bytes of received) {
    const key = bytesToHex(bytes.subarray(0, signatureLength))
    const same = known.get(key)
    let opened: GroupEvent | RefusalCode
    if (same !== undefined && equalBytes(same.bytes, bytes)) opened = same
    else {
      const unverified = readEvent(bytes, rules)
      opened =
        typeof unverified === 'string' ? unverified : (validateClock(unverified.clock, nowMs) ?? 'events-too-many')
      if (typeof unverified !== 'string' && opened === 'events-too-many' && verifications > 0) {
        verifications -= 1
        opened = verifyEvent(chatId, unverified)
        yield
        if (typeof opened !== 'string') known.set(key, opened)
      }
    }
    const problem = typeof opened === 'string' ? opened : validateClock(BigInt(opened.clock), nowMs)
    refusal ??= problem
    if (problem === undefined && typeof opened !== 'string') events.push(opened)
  }
  const placed = rules === 'strict' ? withPlaces(events, updateAuthor) : events
  return { events: placed, ...(refusal === undefined ? {} : { refusal }) }
}

/**
 * Notes the order that an author gives to their own events of one clock: only an update that they have signed can tell.
 * Others hand the history on, and could turn it round.
 */
function withPlaces(events: readonly GroupEvent[], author: string): readonly GroupEvent[] {
  const counts = new Map<number, number>()
  for (const event of events) {
    if (event.author === author) counts.set(event.clock, (counts.get(event.clock) ?? 0) + 1)
  }
  return events.map((event, place) =>
    event.author === author && (counts.get(event.clock) ?? 0) > 1 ? { ...event, place } : event
  )
}
