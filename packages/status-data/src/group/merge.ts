import { check, checkEvents, checkKey, checkMs, checkRules } from '../arguments.ts'
import { isPossibleClock } from '../clock.ts'
import { isGroupId, keyId } from '../ids.ts'
import { limits } from '../limits.ts'
import type { PublicKey, Rules } from '../ports.ts'
import type { RefusalCode } from '../refusal.ts'
import { eventKey, type GroupEvent } from './event.ts'
import { type EventRefusal, type Group, reduceGroup } from './membership.ts'
import { compareEvents, orderEvents, uniteEvents } from './order.ts'

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

/** How events are merged. */
export interface MergeOptions {
  /** @default 'strict' */
  readonly rules?: Rules
  /** Ourselves, 65 bytes, and now, ms: leaves out the events of {@link usableEvents}. @default they are kept */
  readonly self?: PublicKey | undefined
  readonly nowMs?: number | undefined
}

/**
 * A group's stored events united with received ones.
 *
 * Strict: a union by signature and a replay, nothing else, so the order of arrival does not matter. Events of one author with
 * one clock keep the order of that author's own updates. Under the rules of status-go 0.56.10 one invalid event refuses the
 * whole update, received alone or in the union, and then the stored state stays.
 *
 * @param stored in the order in which an earlier merge gave them
 * @param received the events of the effect `group-events`
 * @throws DataError `invalid-argument`
 * @example
 * ```ts
 * const merged = mergeGroup(effect.chatId, openEvents(effect.chatId, storedBytes), effect.events, { self, nowMs })
 * if (merged.kind === 'merged') store(merged.events.map(event => event.bytes))
 * ```
 */
export function mergeGroup(
  id: string,
  stored: readonly GroupEvent[],
  received: readonly GroupEvent[],
  options: Rules | MergeOptions = {}
): GroupMerge {
  const { rules = 'strict', self, nowMs }: MergeOptions = typeof options === 'string' ? { rules: options } : options
  check.text('id', id)
  checkEvents('stored', stored)
  checkEvents('received', received)
  checkRules(rules)
  if (self !== undefined) checkKey('self', self)
  if (nowMs !== undefined) checkMs('nowMs', nowMs)
  if (rules !== 'strict') return mergeWhole(id, stored, received, rules)
  if (!isGroupId(id)) return { kind: 'refused', reason: 'group-id-invalid', of: 'received' }
  const usable = nowMs === undefined || self === undefined ? stored : usableEvents(stored, keyId(self), nowMs)
  const union = orderEvents(uniteEvents(usable, received))
  const { state, accepted, rejected } = reduceGroup(id, union, rules)
  // BOUNDED: limits.groupEvents, limits.groupEventBytes
  const bytes = bytesOf(accepted)
  if (accepted.length > limits.groupEvents || bytes > limits.groupEventBytes) {
    return { kind: 'refused', reason: 'events-too-many', of: 'merged' }
  }
  const kept = new Set([...accepted, ...waitingEvents(state, rejected, limits.groupEventBytes - bytes)])
  const events = union.filter(event => kept.has(event))
  return { kind: 'merged', state, events, accepted, added: addedTo(id, usable, accepted, rules), rejected }
}

function mergeWhole(
  id: string,
  stored: readonly GroupEvent[],
  received: readonly GroupEvent[],
  rules: Rules
): GroupMerge {
  if (!isWholeGroup(id, received)) return { kind: 'refused', reason: 'events-invalid', of: 'received' }
  const { state, accepted, rejected } = reduceGroup(id, [...stored, ...received], rules)
  if (accepted.length > limits.groupEvents) return { kind: 'refused', reason: 'events-too-many', of: 'merged' }
  if (rejected.length > 0) return { kind: 'refused', reason: 'events-invalid', of: 'merged' }
  return { kind: 'merged', state, events: accepted, accepted, added: addedTo(id, stored, accepted, rules), rejected }
}

function addedTo(
  id: string,
  stored: readonly GroupEvent[],
  accepted: readonly GroupEvent[],
  rules: Rules
): readonly GroupEvent[] {
  const before = new Set(reduceGroup(id, stored, rules).accepted.map(eventKey))
  return accepted.filter(event => !before.has(eventKey(event)))
}

/**
 * The events without those that we signed while our time was wrong: further ahead of now than readers accept, so nobody else
 * has them. Where others have signed such events, too, it is now that our time is behind, and all stay.
 */
export function usableEvents(events: readonly GroupEvent[], selfId: string, nowMs: number): readonly GroupEvent[] {
  checkEvents('events', events)
  check.text('selfId', selfId)
  checkMs('nowMs', nowMs)
  const ahead = events.filter(({ clock }) => !isPossibleClock(clock, nowMs))
  if (ahead.length === 0 || ahead.some(({ author }) => author !== selfId)) return events
  return events.filter(({ clock }) => isPossibleClock(clock, nowMs))
}

const bytesOf = (events: readonly GroupEvent[]): number => events.reduce((sum, { bytes }) => sum + bytes.length, 0)

/** Refusals that no other event can lift. */
const hopeless: ReadonlySet<EventRefusal> = new Set<EventRefusal>([
  'not-the-creator',
  'name-empty',
  'name-too-long',
  'target-count',
  'target-not-self',
  'type-unknown'
])

interface Budget {
  events: number
  bytes: number
}

/**
 * The events that may come to count: members' before strangers', newer before older, in what room the events that count have
 * left. What falls out comes again with what it waits for, because every update carries the whole history.
 *
 * BOUNDED: limits.waitingEvents and waitingEventBytes; of strangers, once a group is created and its members are known,
 * limits.strangerEvents and strangerEventBytes.
 */
function waitingEvents(
  { members, lastClock }: Group,
  rejected: readonly { readonly event: GroupEvent; readonly reason: EventRefusal }[],
  room: number
): GroupEvent[] {
  const hopeful = rejected.filter(({ reason }) => !hopeless.has(reason)).map(({ event }) => event)
  const people = new Set(members)
  const isStranger = ({ author }: GroupEvent): boolean => lastClock > 0 && !people.has(author)
  const all: Budget = { events: limits.waitingEvents, bytes: Math.min(room, limits.waitingEventBytes) }
  const ofStrangers: Budget = { events: limits.strangerEvents, bytes: limits.strangerEventBytes }
  const newestFirst = hopeful.sort((a, b) => compareEvents(b, a))
  const ordered = [...newestFirst.filter(event => !isStranger(event)), ...newestFirst.filter(isStranger)]
  return ordered.filter(event => {
    const budgets = isStranger(event) ? [all, ofStrangers] : [all]
    if (budgets.some(({ events, bytes }) => events === 0 || bytes < event.bytes.length)) return false
    for (const budget of budgets) {
      budget.events -= 1
      budget.bytes -= event.bytes.length
    }
    return true
  })
}

/** Whether events are a valid group by themselves: the test of status-go 0.56.10. */
export function isWholeGroup(id: string, events: readonly GroupEvent[]): boolean {
  checkEvents('events', events)
  return events.length > 0 && reduceGroup(id, events, 'status-go-0.56.10').rejected.length === 0
}
