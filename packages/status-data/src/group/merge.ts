import { isGroupId } from '../ids.ts'
import { limits } from '../limits.ts'
import type { Rules } from '../ports.ts'
import type { RefusalCode } from '../refusal.ts'
import { compareEvents, eventKey, type GroupEvent } from './event.ts'
import { type EventRefusal, type Group, reduceGroup, sortEvents } from './membership.ts'

export type GroupMerge =
  | {
      readonly kind: 'merged'
      readonly state: Group
      /** What to store: the events that count and, strict, the ones that may still come to count. */
      readonly events: readonly GroupEvent[]
      /** What to send on. */
      readonly accepted: readonly GroupEvent[]
      /** Accepted now and not before: one line each in the chat, in order. */
      readonly added: readonly GroupEvent[]
      readonly rejected: readonly { readonly event: GroupEvent; readonly reason: EventRefusal }[]
    }
  | {
      readonly kind: 'refused'
      readonly reason: Extract<RefusalCode, 'events-invalid' | 'events-too-many' | 'group-id-invalid'>
      /** Under the rules of status-go 0.56.10: whether the received events alone are invalid, or only the union. */
      readonly of: 'received' | 'merged'
    }

/**
 * A group's stored events united with received ones.
 *
 * Strict: a union by signature and a replay, nothing else, so the order of arrival cannot matter. Under the rules of
 * status-go 0.56.10 one invalid event refuses the whole update, received alone or in the union, and then the stored
 * state stays.
 */
export function mergeGroup(
  id: string,
  stored: readonly GroupEvent[],
  received: readonly GroupEvent[],
  rules: Rules = 'strict'
): GroupMerge {
  if (rules === 'strict' && !isGroupId(id)) return { kind: 'refused', reason: 'group-id-invalid', of: 'received' }
  if (rules !== 'strict' && !isWholeGroup(id, received))
    return { kind: 'refused', reason: 'events-invalid', of: 'received' }
  const union = sortEvents([...stored, ...received], rules)
  const { state, accepted, rejected } = reduceGroup(id, union, rules)
  // BOUNDED: limits.groupEvents
  if (accepted.length > limits.groupEvents) return { kind: 'refused', reason: 'events-too-many', of: 'merged' }
  if (rules !== 'strict' && rejected.length > 0) return { kind: 'refused', reason: 'events-invalid', of: 'merged' }
  const before = new Set(reduceGroup(id, stored, rules).accepted.map(eventKey))
  const added = accepted.filter(event => !before.has(eventKey(event)))
  const events = sortEvents([...accepted, ...waiting(state, rejected)], rules)
  return { kind: 'merged', state, events, accepted, added, rejected }
}

/** Refusals that no other event can lift. */
const hopeless: readonly EventRefusal[] = [
  'not-the-creator',
  'name-empty',
  'name-too-long',
  'target-count',
  'target-not-self',
  'type-unknown'
]

/**
 * The events that may come to count. BOUNDED: limits.waitingEvents: members' before strangers', newer before older.
 * What falls out comes again with what it waits for, because every update carries the whole history.
 */
function waiting(
  state: Group,
  rejected: readonly { readonly event: GroupEvent; readonly reason: EventRefusal }[]
): GroupEvent[] {
  const hopeful = rejected.filter(({ reason }) => !hopeless.includes(reason)).map(({ event }) => event)
  if (hopeful.length <= limits.waitingEvents) return hopeful
  const isStranger = (event: GroupEvent): number => Number(!state.members.includes(event.author))
  return hopeful.sort((a, b) => isStranger(a) - isStranger(b) || compareEvents(b, a)).slice(0, limits.waitingEvents)
}

/** Whether events are a valid group by themselves: the test of status-go 0.56.10. */
export function isWholeGroup(id: string, events: readonly GroupEvent[]): boolean {
  return events.length > 0 && reduceGroup(id, events, 'status-go-0.56.10').rejected.length === 0
}
