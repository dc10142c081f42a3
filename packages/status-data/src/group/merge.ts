import { isGroupId } from '../ids.ts'
import { limits } from '../limits.ts'
import type { Rules } from '../ports.ts'
import type { RefusalCode } from '../refusal.ts'
import { eventKey, type GroupEvent } from './event.ts'
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
  // BOUNDED: limits.groupEvents, accepted and waiting ones together.
  if (union.length > limits.groupEvents) return { kind: 'refused', reason: 'events-too-many', of: 'merged' }
  const { state, accepted, rejected } = reduceGroup(id, union, rules)
  if (rules !== 'strict' && rejected.length > 0) return { kind: 'refused', reason: 'events-invalid', of: 'merged' }
  const before = new Set(reduceGroup(id, stored, rules).accepted.map(eventKey))
  const added = accepted.filter(event => !before.has(eventKey(event)))
  return { kind: 'merged', state, events: union, accepted, added, rejected }
}

/** Whether events are a valid group by themselves: the test of status-go 0.56.10. */
export function isWholeGroup(id: string, events: readonly GroupEvent[]): boolean {
  return events.length > 0 && reduceGroup(id, events, 'status-go-0.56.10').rejected.length === 0
}
