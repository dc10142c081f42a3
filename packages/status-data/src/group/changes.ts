import type { Group, GroupChange, GroupEvent, IdentityKey } from '@status-stack/interface'
import { check, checkEvents, checkIdentity, checkMs } from '../arguments.ts'
import { isPossibleClock } from '../clock.ts'
import { DataError } from '../errors.ts'
import { keyId } from '../ids.ts'
import { limits } from '../limits.ts'
import { checkChanges } from '../outgoing-arguments.ts'
import { eventTypes, type MembershipUpdateEvent } from '../payloads/membership-update.ts'
import { wellFormedText } from '../strings.ts'
import { signEvent } from './event.ts'
import { type GroupReplay, reduceGroup } from './membership.ts'
import { usableEvents } from './merge.ts'

const typeOf: Readonly<Record<GroupChange['kind'], number>> = {
  created: eventTypes.chatCreated,
  'name-changed': eventTypes.nameChanged,
  'members-added': eventTypes.membersAdded,
  'member-joined': eventTypes.memberJoined,
  'member-removed': eventTypes.memberRemoved,
  'admins-added': eventTypes.adminsAdded,
  'admin-removed': eventTypes.adminRemoved
}

function membersOf(change: GroupChange, self: string): readonly string[] {
  switch (change.kind) {
    case 'members-added':
    case 'admins-added':
      return change.members.map(keyId)
    case 'member-removed':
      return [keyId(change.member)]
    case 'admin-removed':
      return [self]
    default:
      return []
  }
}

/** Changes of a group, signed, and the group before and after them. */
export interface SignedChanges {
  /** Without those that would change nothing. */
  readonly signed: readonly GroupEvent[]
  /** The group without them. */
  readonly before: Group
  /** The group with them. */
  readonly after: Group
}

/**
 * Signs changes of a group, each with a clock above those of the group, the chat and the change before it, so that no replay
 * can put it before what it rests on.
 *
 * Clocks far ahead of now are left out of that unless the change rests on them: neither someone who dates events ahead nor a
 * wrong time of our own may keep us from changing the group. Events that no reader accepts are left out altogether.
 *
 * @throws DataError `not-sendable` for a change that our own replay would refuse; `details.reason` says why
 * @example
 * ```ts
 * const { signed } = signChanges(id, events, [{ kind: 'name-changed', name: 'Trip' }], identity, { nowMs })
 * ```
 */
export function signChanges(
  id: string,
  events: readonly GroupEvent[],
  changes: readonly GroupChange[],
  identity: IdentityKey,
  times: { readonly nowMs: number; readonly lastClock?: number | undefined }
): SignedChanges {
  check.object('times', times)
  const { nowMs, lastClock = 0 } = times
  check.text('id', id)
  checkEvents('events', events)
  checkChanges(changes)
  checkIdentity('identity', identity)
  checkMs('nowMs', nowMs)
  checkMs('lastClock', lastClock)
  const usable = usableEvents(events, keyId(identity.publicKey), nowMs)
  const { state: before, accepted } = reduceGroup(id, usable)
  // Also above events that do not count: they may come to count.
  const known = [lastClock, ...usable.map(({ clock }) => clock)]
  const signWithin = (highest: number): Attempt => signAbove(id, usable, changes, identity, { nowMs, highest })
  const near = signWithin(highestWithin(known, Math.floor(nowMs) + limits.clockBidAheadMs))
  // What is further ahead matters only where the change has no effect before it, or where it is our time that is behind.
  const isBehind = accepted.some(({ clock }) => !isPossibleClock(clock, nowMs))
  const far = highestWithin(isBehind ? known : accepted.map(({ clock }) => clock), Number.POSITIVE_INFINITY)
  const { signed, state, rejected } = near.rejected.length > 0 && far > near.highest ? signWithin(far) : near
  const refused = rejected.find(({ reason }) => reason !== 'no-effect')
  if (refused !== undefined) {
    throw new DataError('not-sendable', `group: the change is not allowed: ${refused.reason}`, {
      origin: 'caller',
      details: { reason: refused.reason }
    })
  }
  // Changes without effect are not sent: an empty invitation, a name that the group has already.
  const useless = new Set(rejected.map(({ event }) => event))
  return { signed: signed.filter(event => !useless.has(event)), before, after: state }
}

const highestWithin = (clocks: readonly number[], bound: number): number =>
  clocks.reduce((highest, clock) => (clock < bound ? Math.max(highest, clock) : highest), 0)

interface Attempt {
  readonly highest: number
  readonly signed: readonly GroupEvent[]
  readonly state: Group
  /** The signed events that do not count. */
  readonly rejected: GroupReplay['rejected']
}

function signAbove(
  id: string,
  events: readonly GroupEvent[],
  changes: readonly GroupChange[],
  identity: IdentityKey,
  { nowMs, highest }: { readonly nowMs: number; readonly highest: number }
): Attempt {
  const self = keyId(identity.publicKey)
  let clock = highest
  const signed = changes.map(change => {
    clock = Math.max(Math.floor(nowMs), clock + 1)
    const event: MembershipUpdateEvent = {
      clock: BigInt(clock),
      members: membersOf(change, self),
      name: 'name' in change ? wellFormedText(change.name) : '',
      type: typeOf[change.kind]
    }
    return signEvent(id, event, identity)
  })
  const { state, rejected } = reduceGroup(id, [...events, ...signed])
  return { highest, signed, state, rejected: rejected.filter(({ event }) => signed.includes(event)) }
}
