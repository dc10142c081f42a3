import type { GroupMerge as AnyGroupMerge, EventRefusal, Group, GroupEvent, PublicKey } from '@status-stack/interface'
import { check, checkEvents, checkKey, checkMs, checkRules } from '../arguments.ts'
import { isPossibleClock } from '../clock.ts'
import { isGroupId, keyId } from '../ids.ts'
import { limits } from '../limits.ts'
import type { Rules } from '../ports.ts'
import type { RefusalCode } from '../refusal.ts'
import { runSliced, runSteps, type SliceOptions, type Steps } from '../steps.ts'
import { eventKey } from './event.ts'
import { reduceSteps } from './membership.ts'
import { compareEvents, orderEvents, uniteEvents } from './order.ts'

/** A group's stored events united with received ones, with the refusals of this package. */
export type GroupMerge =
  | Extract<AnyGroupMerge, { kind: 'merged' }>
  | (Extract<AnyGroupMerge, { kind: 'refused' }> & {
      readonly reason: Extract<RefusalCode, 'events-invalid' | 'events-too-many' | 'group-id-invalid'>
    })

/** How events are merged. */
export interface MergeOptions {
  /** By which rules the union is replayed. @default 'strict' */
  readonly rules?: Rules
  /** Ourselves, 65 bytes, and now, ms: leaves out the events of {@link usableEvents}. @default they are kept */
  readonly self?: PublicKey | undefined
  /** Only together with `self`. */
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
  return runSteps(mergeSteps(id, stored, received, options))
}

/**
 * The same, while others get their turn: a group has up to `limits.groupEvents` events, and each may name many people.
 *
 * @throws DataError `invalid-argument`; the signal's reason once it has fired
 *
 * @example
 * ```ts
 * const merged = await mergeGroupSliced(groupId, stored, received, { self, nowMs })
 * ```
 */
export function mergeGroupSliced(
  id: string,
  stored: readonly GroupEvent[],
  received: readonly GroupEvent[],
  options: Rules | MergeOptions = {},
  slices: SliceOptions = {}
): Promise<GroupMerge> {
  return runSliced(mergeSteps(id, stored, received, options), slices)
}

function* mergeSteps(
  id: string,
  stored: readonly GroupEvent[],
  received: readonly GroupEvent[],
  options: Rules | MergeOptions
): Steps<GroupMerge> {
  const { rules = 'strict', self, nowMs }: MergeOptions = typeof options === 'string' ? { rules: options } : options
  check.text('id', id)
  checkEvents('stored', stored)
  checkEvents('received', received)
  checkRules(rules)
  if (self !== undefined) checkKey('self', self)
  if (nowMs !== undefined) checkMs('nowMs', nowMs)
  if (rules !== 'strict') return yield* mergeWhole(id, stored, received, rules)
  if (!isGroupId(id)) return { kind: 'refused', reason: 'group-id-invalid', of: 'received' }
  const usable = nowMs === undefined || self === undefined ? stored : usableEvents(stored, keyId(self), nowMs)
  const union = orderEvents(uniteEvents(usable, received))
  const { state, accepted, rejected } = yield* reduceSteps(id, union, rules)
  // BOUNDED: limits.groupEvents, limits.groupEventBytes
  const bytes = bytesOf(accepted)
  if (accepted.length > limits.groupEvents || bytes > limits.groupEventBytes) {
    return { kind: 'refused', reason: 'events-too-many', of: 'merged' }
  }
  const kept = new Set([...accepted, ...waitingEvents(state, rejected, limits.groupEventBytes - bytes)])
  const events = union.filter(event => kept.has(event))
  const added = yield* addedTo(id, usable, accepted, rules)
  return { kind: 'merged', state, events, changed: differ(stored, events), accepted, added, rejected }
}

function* mergeWhole(
  id: string,
  stored: readonly GroupEvent[],
  received: readonly GroupEvent[],
  rules: Rules
): Steps<GroupMerge> {
  if (!(yield* wholeSteps(id, received))) return { kind: 'refused', reason: 'events-invalid', of: 'received' }
  const { state, accepted, rejected } = yield* reduceSteps(id, [...stored, ...received], rules)
  if (accepted.length > limits.groupEvents) return { kind: 'refused', reason: 'events-too-many', of: 'merged' }
  if (rejected.length > 0) return { kind: 'refused', reason: 'events-invalid', of: 'merged' }
  const added = yield* addedTo(id, stored, accepted, rules)
  return { kind: 'merged', state, events: accepted, changed: differ(stored, accepted), accepted, added, rejected }
}

const differ = (a: readonly GroupEvent[], b: readonly GroupEvent[]): boolean =>
  a.length !== b.length || a.some((event, at) => eventKey(event) !== eventKey(b[at] as GroupEvent))

function* addedTo(
  id: string,
  stored: readonly GroupEvent[],
  accepted: readonly GroupEvent[],
  rules: Rules
): Steps<readonly GroupEvent[]> {
  const before = new Set((yield* reduceSteps(id, stored, rules)).accepted.map(eventKey))
  return accepted.filter(event => !before.has(eventKey(event)))
}

/**
 * The events without those that we signed while our time was wrong: further ahead of now than readers accept, so no one else
 * has them. Where others have signed such events, too, it is now that our time is behind, and all stay.
 *
 * @example
 * ```ts
 * const sendable = usableEvents(events, keyId(self), nowMs)
 * ```
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

/**
 * Whether events are a valid group by themselves: the test of status-go 0.56.10.
 *
 * @example
 * ```ts
 * isWholeGroup(groupId, events) // what status-go 0.56.10 asks before it takes an update
 * ```
 */
export function isWholeGroup(id: string, events: readonly GroupEvent[]): boolean {
  check.text('id', id)
  checkEvents('events', events)
  return runSteps(wholeSteps(id, events))
}

function* wholeSteps(id: string, events: readonly GroupEvent[]): Steps<boolean> {
  return events.length > 0 && (yield* reduceSteps(id, events, 'status-go-0.56.10')).rejected.length === 0
}
