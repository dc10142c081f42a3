import type { GroupEvent, IdentityKey } from '@status-stack/interface'
import { createGroupId, decode, keyId, type Rules } from '../../src/index.ts'
import { eventTypes } from '../../src/payloads/membership-update.ts'
import { signEvent } from '../../src/rules.ts'
import { accepted, alice, bob, carol, dave, now } from './chats.ts'
import { wrapped } from './payloads.ts'
import { countingRandom } from './people.ts'

export const groupId = createGroupId(alice.publicKey, countingRandom())

type Named = { readonly publicKey: Uint8Array }
const ids = (people: readonly Named[]): string[] => people.map(({ publicKey }) => keyId(publicKey))

const signed = (
  type: number,
  by: IdentityKey,
  at: number,
  rest: { readonly members?: readonly string[]; readonly name?: string } = {},
  id = groupId
): GroupEvent => signEvent(id, { clock: BigInt(now + at), members: [], name: '', type, ...rest }, by)

/** Events by anybody, allowed or not; `at` is added to the present. */
export const event = {
  created: (by: IdentityKey, at: number, name = 'trip', id = groupId) =>
    signed(eventTypes.chatCreated, by, at, { name }, id),
  renamed: (by: IdentityKey, at: number, name: string) => signed(eventTypes.nameChanged, by, at, { name }),
  added: (by: IdentityKey, at: number, ...people: readonly Named[]) =>
    signed(eventTypes.membersAdded, by, at, { members: ids(people) }),
  joined: (by: IdentityKey, at: number) => signed(eventTypes.memberJoined, by, at),
  removed: (by: IdentityKey, at: number, ...people: readonly Named[]) =>
    signed(eventTypes.memberRemoved, by, at, { members: ids(people) }),
  promoted: (by: IdentityKey, at: number, ...people: readonly Named[]) =>
    signed(eventTypes.adminsAdded, by, at, { members: ids(people) }),
  resigned: (by: IdentityKey, at: number, ...people: readonly Named[]) =>
    signed(eventTypes.adminRemoved, by, at, { members: ids(people) }),
  of: signed
}

/** A group of three, one of whom has joined. */
export const base = [event.created(alice, 0), event.added(alice, 1, bob, carol), event.joined(bob, 2)]

/** The events of an update, as a reader opens them. */
export function received(
  events: readonly GroupEvent[],
  by = alice,
  { known = [], rules = 'strict' }: { readonly known?: readonly GroupEvent[]; readonly rules?: Rules } = {}
): readonly GroupEvent[] {
  const bytes = wrapped('membership-update', { chatId: groupId, events: events.map(each => each.bytes) }, by)
  const result = decode(bytes, {
    transportAuthor: by.publicKey,
    sentMs: now,
    nowMs: now,
    arrival: { kind: 'identity' },
    self: dave.publicKey,
    knownEvents: () => known,
    rules
  })
  const [effect] = accepted(result).effects
  if (effect?.kind !== 'group-events') throw new Error('no events')
  return effect.events
}
