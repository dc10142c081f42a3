import type { EventRefusal, Group, GroupEvent } from '@status-stack/interface'
import { check, checkEvents, checkRules } from '../arguments.ts'
import { limits } from '../limits.ts'
import { eventTypes } from '../payloads/membership-update.ts'
import type { Rules } from '../ports.ts'
import { runSliced, runSteps, type SliceOptions, type Steps } from '../steps.ts'
import { isLonger } from '../strings.ts'
import { distinctEvents, orderEvents } from './order.ts'

/** One event of a replay: what became of it, and the group after it. */
export interface GroupStep {
  /** The event that was replayed. */
  readonly event: GroupEvent
  /** `undefined`: accepted. */
  readonly refusal?: EventRefusal
  /** The group after it; that of before when it was refused. */
  readonly state: Group
}

/** A group after its events were replayed. */
export interface GroupReplay {
  /** The group after all of them. */
  readonly state: Group
  /** The events that count, in order of replay: what we send on. */
  readonly accepted: readonly GroupEvent[]
  /** The events that do not count, in order of replay, and why. */
  readonly rejected: readonly { readonly event: GroupEvent; readonly reason: EventRefusal }[]
}

const emptyGroup = (id: string): Group => ({ id, name: '', members: [], joined: [], admins: [], lastClock: 0 })

/** One of each, in the order of replay. Go's sort of short lists is stable, so under its rules ties stay as they came. */
function sortEvents(events: readonly GroupEvent[], rules: Rules): GroupEvent[] {
  if (rules === 'strict') return orderEvents(events)
  return distinctEvents(events).sort((a, b) => a.clock - b.clock)
}

/**
 * Checks every event of a group in order and gives the state, and the reason if it was refused, after each.
 * The last step's state is what `reduceGroup` gives.
 *
 * @example
 * ```ts
 * for (const { event, refusal, state } of replayGroup(groupId, events)) console.log(event.type, refusal, state.members.length)
 * ```
 */
export function replayGroup(id: string, events: readonly GroupEvent[], rules: Rules = 'strict'): readonly GroupStep[] {
  check.text('id', id)
  checkEvents('events', events)
  checkRules(rules)
  return runSteps(replaySteps(id, events, rules))
}

/** The same, a step for each event. */
function* replaySteps(id: string, events: readonly GroupEvent[], rules: Rules): Steps<readonly GroupStep[]> {
  let state = emptyGroup(id)
  const replay: GroupStep[] = []
  for (const event of sortEvents(events, rules)) {
    const before = state
    const refusal = validateEvent(before, event, rules)
    const next = refusal === undefined ? applyEvent(before, event, rules) : before
    // Otherwise anyone could fill a group's history with events that are allowed and change nothing.
    const isIdle = refusal === undefined && rules === 'strict' && isSame(before, next)
    if (refusal !== undefined) replay.push({ event, refusal, state: before })
    else if (isIdle) replay.push({ event, refusal: 'no-effect', state: before })
    else {
      state = next
      replay.push({ event, state })
    }
    yield
  }
  return replay
}

/** Lists are the same where nothing was added or taken: `add` and `without` see to it. */
function isSame(a: Group, b: Group): boolean {
  return a.name === b.name && a.members === b.members && a.joined === b.joined && a.admins === b.admins
}

/**
 * A group from its events. Pure: under strict rules neither the number of copies matters nor the order, except that events of
 * one author with one clock count in the order in which they are given, as `mergeGroup` gives them. An event without
 * permission changes nothing and stops nothing.
 *
 * @example
 * ```ts
 * const { state, rejected } = reduceGroup(groupId, events)
 * ```
 */
export function reduceGroup(id: string, events: readonly GroupEvent[], rules: Rules = 'strict'): GroupReplay {
  return groupOf(id, replayGroup(id, events, rules))
}

/**
 * The same, while others get their turn. @throws the signal's reason once it has fired
 *
 * @example
 * ```ts
 * const { state } = await reduceGroupSliced(groupId, events)
 * ```
 */
export async function reduceGroupSliced(
  id: string,
  events: readonly GroupEvent[],
  rules: Rules = 'strict',
  slices: SliceOptions = {}
): Promise<GroupReplay> {
  check.text('id', id)
  checkEvents('events', events)
  checkRules(rules)
  return runSliced(reduceSteps(id, events, rules), slices)
}

/** `reduceGroup`, a step for each event. */
export function* reduceSteps(id: string, events: readonly GroupEvent[], rules: Rules): Steps<GroupReplay> {
  return groupOf(id, yield* replaySteps(id, events, rules))
}

function groupOf(id: string, steps: readonly GroupStep[]): GroupReplay {
  const rejected = steps.flatMap(({ event, refusal }) => (refusal === undefined ? [] : [{ event, reason: refusal }]))
  const accepted = steps.filter(step => step.refusal === undefined).map(step => step.event)
  return { state: steps.at(-1)?.state ?? emptyGroup(id), accepted, rejected }
}

/** Whether an event may be applied to a group: SPEC: 7/GROUP-CHAT, membership rules. */
function validateEvent(state: Group, event: GroupEvent, rules: Rules): EventRefusal | undefined {
  const { admins, members } = state
  const isAdmin = admins.includes(event.author)
  if (rules === 'strict' && event.members.length > limits.eventMembers) return 'too-many-members'
  if (rules === 'strict' && isLonger(event.name, limits.nameBytes)) return 'name-too-long'
  switch (event.type) {
    case eventTypes.chatCreated:
      // The id ends with the creator's key, so no one else can create this group. Go looks at the first event only.
      if ((rules === 'strict' || !isCreated(state)) && !isCreator(state.id, event.author)) return 'not-the-creator'
      return admins.length === 0 && members.length === 0 ? undefined : 'created-twice'
    case eventTypes.nameChanged:
      if (!isAdmin) return noAdmin(state)
      return event.name === '' ? 'name-empty' : undefined
    case eventTypes.membersAdded:
      if (!isAdmin) return noAdmin(state)
      // BOUNDED: limits.groupMembers
      return rules === 'strict' && add(members, event.targets).length > limits.groupMembers
        ? 'too-many-members'
        : undefined
    case eventTypes.memberJoined:
      return members.includes(event.author) ? undefined : notYet(state, 'not-a-member')
    case eventTypes.memberRemoved:
      return validateRemoval(state, event, isAdmin)
    case eventTypes.adminsAdded: {
      if (!isAdmin) return noAdmin(state)
      const known = targets(event, rules).filter(member => members.includes(member))
      // DEVIATION: status-go 0.56.10 accepts the event when one target is a member; the spec asks it of every target.
      const enough = rules === 'strict' ? known.length === event.members.length : true
      return known.length > 0 && enough ? undefined : 'target-not-a-member'
    }
    case eventTypes.adminRemoved:
      if (event.members.length !== 1) return 'target-count'
      if (event.members[0] !== event.author) return 'target-not-self'
      return isAdmin ? undefined : noAdmin(state)
    default:
      return 'type-unknown'
  }
}

function validateRemoval(state: Group, event: GroupEvent, isAdmin: boolean): EventRefusal | undefined {
  const [target] = event.members
  if (target === undefined || event.members.length !== 1) return 'target-count'
  if (!isCreated(state)) return 'not-created'
  if (target === event.author) return undefined
  if (!isAdmin) return 'not-an-admin'
  return state.admins.includes(target) ? 'target-is-admin' : undefined
}

const isCreated = (state: Group): boolean => state.lastClock > 0 || state.members.length > 0
const notYet = (state: Group, otherwise: EventRefusal): EventRefusal => (isCreated(state) ? otherwise : 'not-created')
const noAdmin = (state: Group): EventRefusal => notYet(state, 'not-an-admin')

/** Longer than the creator's key, and ending with it. */
function isCreator(chatId: string, author: string): boolean {
  return chatId.length > author.length && chatId.endsWith(author)
}

/** Whom an event names. */
const targets = ({ targets, members }: GroupEvent, rules: Rules): readonly string[] =>
  rules === 'strict' ? targets : members

/** The same array when nothing is new, so that a replay sees at once that nothing changed. */
function add(set: readonly string[], more: readonly string[]): readonly string[] {
  const known = new Set(set)
  for (const member of more) known.add(member)
  return known.size === set.length ? set : [...known]
}

function without(set: readonly string[], gone: readonly string[]): readonly string[] {
  return gone.some(member => set.includes(member)) ? set.filter(member => !gone.includes(member)) : set
}

function applyEvent(before: Group, event: GroupEvent, rules: Rules): Group {
  const state = { ...before, lastClock: Math.max(before.lastClock, event.clock) }
  const named = targets(event, rules)
  switch (event.type) {
    case eventTypes.chatCreated:
      return { ...state, name: event.name, members: [event.author], joined: [event.author], admins: [event.author] }
    case eventTypes.nameChanged:
      return { ...state, name: event.name }
    case eventTypes.membersAdded:
      return { ...state, members: add(state.members, named) }
    case eventTypes.memberJoined:
      return { ...state, joined: add(state.joined, [event.author]) }
    case eventTypes.memberRemoved:
      return {
        ...state,
        members: without(state.members, named),
        joined: without(state.joined, named),
        admins: without(state.admins, named)
      }
    case eventTypes.adminsAdded:
      return { ...state, admins: add(state.admins, named) }
    default:
      return { ...state, admins: without(state.admins, named) }
  }
}
