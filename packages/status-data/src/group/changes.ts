import type { GroupChange } from '../content.ts'
import { DataError } from '../errors.ts'
import { keyId } from '../ids.ts'
import { eventTypes, type MembershipUpdateEvent } from '../payloads/membership-update.ts'
import type { IdentityKey } from '../ports.ts'
import { type GroupEvent, signEvent } from './event.ts'
import { type Group, reduceGroup } from './membership.ts'

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

/**
 * Signs changes of a group, each with a clock above every clock of the group, the chat and the change before it, so
 * that no replay can put it before what it rests on.
 * @throws DataError `not-sendable` for a change that our own replay would refuse; `details.reason` says why
 */
export function signChanges(
  id: string,
  events: readonly GroupEvent[],
  changes: readonly GroupChange[],
  identity: IdentityKey,
  { nowMs, lastClock = 0 }: { readonly nowMs: number; readonly lastClock?: number }
): { readonly signed: readonly GroupEvent[]; readonly before: Group; readonly after: Group } {
  const self = keyId(identity.publicKey)
  const before = reduceGroup(id, events).state
  // Also above events that do not count: they may come to count.
  let clock = events.reduce((highest, event) => Math.max(highest, event.clock), lastClock)
  const signed: GroupEvent[] = []
  for (const change of changes) {
    clock = Math.max(Math.floor(nowMs), clock + 1)
    const event: MembershipUpdateEvent = {
      clock: BigInt(clock),
      members: membersOf(change, self),
      name: 'name' in change ? change.name : '',
      type: typeOf[change.kind]
    }
    signed.push(signEvent(id, event, identity))
  }
  const { state, rejected } = reduceGroup(id, [...events, ...signed])
  const refused = rejected.find(({ event, reason }) => signed.includes(event) && reason !== 'no-effect')
  if (refused !== undefined) {
    throw new DataError('not-sendable', `group: the change is not allowed: ${refused.reason}`, {
      origin: 'caller',
      details: { reason: refused.reason }
    })
  }
  // What changes nothing need not be said: nobody added, a name that is the name already.
  const useless = new Set(rejected.map(({ event }) => event))
  return { signed: signed.filter(event => !useless.has(event)), before, after: state }
}
