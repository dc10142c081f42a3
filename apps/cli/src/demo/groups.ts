import { assert, broadcast, exchange, isMessage, type StepOutcome } from './exchange.ts'
import type { World } from './world.ts'

/** The public chat of the demo. */
export const channel = 'demo'

export async function publicChat(world: World): StepOutcome {
  const people = ['alice', 'bob', 'carol']
  await Promise.all(people.map(name => world.person(name).ask({ do: 'join', name: channel }, world.timeoutMs)))
  await broadcast(world, 'alice', `#${channel}`, 'hello everybody', ['bob', 'carol'], 'public')
  return { protection: 'public' }
}

interface GroupFact {
  readonly name: string
  readonly joined: boolean
  readonly member: boolean
  readonly members: readonly { readonly joined: boolean }[]
}

/** Waits until this person sees the group in this state. */
async function seesGroup(
  world: World,
  name: string,
  id: string,
  fits: (group: GroupFact) => boolean,
  from = 0
): Promise<void> {
  await world
    .person(name)
    .until(
      fact => fact.event === 'chat' && fact['id'] === id && fits(fact['group'] as GroupFact),
      world.timeoutMs,
      from
    )
}

export async function privateGroup(world: World): StepOutcome {
  const { timeoutMs, output } = world
  const guests = ['bob', 'carol']
  const alice = world.person('alice')
  const { group } = await alice.ask({ do: 'create-group', name: 'hikers', members: guests.map(world.keyOf) }, timeoutMs)
  const id = String(group)
  for (const guest of guests) {
    await seesGroup(world, guest, id, state => state.member && !state.joined)
    await world.person(guest).ask({ do: 'join-group', group: id }, timeoutMs)
  }
  const everybody = (state: GroupFact): boolean =>
    state.members.length === 3 && state.members.every(member => member.joined)
  for (const name of ['alice', ...guests]) await seesGroup(world, name, id, everybody)
  output.note(
    { event: 'group', id, state: 'joined' },
    '   alice invited bob and carol, both joined; all three hold the same signed history'
  )
  await broadcast(world, 'alice', id, 'where to on Sunday?', guests, 'forward-secret')
  const [carol, mark] = [world.person('carol'), world.person('carol').facts.length]
  await alice.ask({ do: 'remove-from-group', group: id, member: world.keyOf('carol') }, timeoutMs)
  await seesGroup(world, 'carol', id, state => !state.member, mark)
  await seesGroup(world, 'bob', id, state => state.members.length === 2)
  output.note({ event: 'group', id, state: 'removed' }, '   alice removed carol; carol and bob were told')
  await broadcast(world, 'alice', id, 'to the lake, then', ['bob'], 'forward-secret')
  // A direct message sent later has arrived: what was sent to the group before it would have arrived as well.
  await exchange(world, 'alice', 'carol', 'no hard feelings', 'forward-secret')
  assert(!carol.facts.some(isMessage('to the lake, then')), 'carol read a message of a group she is not in')
  return { protection: 'forward-secret' }
}
