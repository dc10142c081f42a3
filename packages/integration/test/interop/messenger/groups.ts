import { expect } from 'vitest'
import type { OurPerson } from '../../support/our-person.ts'
import { type Group, type Member, type Person, reads, seesGroup, times } from '../../support/person.ts'
import { type Direction, eachWay, everySetting, type Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'
import { tells, tellsAll } from './tells.ts'

const inGroups = {
  role: 'messenger',
  peer: 'status-go messenger',
  directions: eachWay,
  settings: everySetting
} as const

interface Cast {
  readonly creator: Person
  readonly member: Person
  /** On status-go whichever the direction: a group of three always crosses. */
  readonly third: Person
}

async function castOf(stage: Stage, direction: Direction): Promise<Cast> {
  const [here, there] = direction.split(' → ') as [Person['side'], Person['side']]
  const creator = await stage.person(here, 'Alice')
  return { creator, member: await stage.person(there, 'Bob'), third: await stage.theirs('Carol') }
}

const allSee = async (
  who: readonly Person[],
  id: string,
  what: string,
  holds: (members: ReadonlyMap<string, Member>, group: Group) => boolean
): Promise<void> => {
  for (const person of who) await seesGroup(person, id, what, holds)
}

/** A group of Alice with Bob in it, both joined. */
async function groupOfTwo({ creator, member }: Pick<Cast, 'creator' | 'member'>): Promise<string> {
  const id = await creator.createGroup('friends', [member.key])
  const invited = await seesGroup(member, id, 'the invitation', members => members.has(member.key))
  expect(invited.name).toBe('friends')
  expect(invited.members.find(({ key }) => key === creator.key)).toMatchObject({ admin: true, joined: true })
  await member.joinGroup(id)
  await seesGroup(creator, id, 'Bob joined', members => members.get(member.key)?.joined === true)
  return id
}

/** What people do in groups. */
export const groups: readonly Scenario[] = [
  {
    ...inGroups,
    name: 'group: create, join, messages',
    play: async (stage, direction) => {
      const cast = await castOf(stage, direction)
      const { creator, member, third } = cast
      const id = await groupOfTwo(cast)
      await creator.invite(id, third.key)
      await seesGroup(third, id, 'the invitation', members => members.has(third.key))
      await third.joinGroup(id)
      await allSee([creator, member], id, 'Carol joined', members => members.get(third.key)?.joined === true)
      await tellsAll(creator, [member, third], id, 'from the creator')
      await tellsAll(member, [creator, third], id, 'from Bob')
      await tellsAll(third, [creator, member], id, 'from Carol')
    }
  },
  {
    ...inGroups,
    name: 'group: written into before all have joined, and a late join',
    play: async (stage, direction) => {
      const cast = await castOf(stage, direction)
      const { creator, member, third } = cast
      const id = await creator.createGroup('friends', [member.key, third.key])
      await allSee([member, third], id, 'the invitation', members => members.has(third.key))
      await member.joinGroup(id)
      await seesGroup(creator, id, 'Bob joined', members => members.get(member.key)?.joined === true)
      await tellsAll(creator, [member], id, 'before Carol joined')
      await third.joinGroup(id)
      await allSee([creator, member], id, 'Carol joined', members => members.get(third.key)?.joined === true)
      await tellsAll(third, [creator, member], id, 'late, but here')
      await tellsAll(member, [creator, third], id, 'welcome')
    }
  },
  {
    ...inGroups,
    name: 'group: promote, invitation and removal by the promoted admin',
    play: async (stage, direction) => {
      const cast = await castOf(stage, direction)
      const { creator, member, third } = cast
      const id = await groupOfTwo(cast)
      await creator.promote(id, member.key)
      await seesGroup(member, id, 'he is an admin', members => members.get(member.key)?.admin === true)
      await member.invite(id, third.key)
      await allSee([creator, third], id, 'Carol invited', members => members.has(third.key))
      await third.joinGroup(id)
      await allSee([creator, member], id, 'Carol joined', members => members.get(third.key)?.joined === true)
      await tellsAll(third, [creator, member], id, 'thank you')
      await member.remove(id, third.key)
      await allSee([creator, third], id, 'Carol removed', members => !members.has(third.key))
      await tellsAll(member, [creator], id, 'without Carol')
      await tellsAll(creator, [member], id, 'indeed')
      expect(times(third, 'without Carol')).toBe(0)
    }
  },
  {
    ...inGroups,
    name: 'group: leave',
    play: async (stage, direction) => {
      const cast = await castOf(stage, direction)
      const { creator, member } = cast
      const id = await groupOfTwo(cast)
      await member.leaveGroup(id)
      await seesGroup(creator, id, 'Bob left', members => !members.has(member.key))
      await creator.openChat(member.key)
      await tells(creator, member, 'still friends')
    }
  },
  {
    ...inGroups,
    name: 'group: removal',
    play: async (stage, direction) => {
      const cast = await castOf(stage, direction)
      const { creator, member } = cast
      const id = await groupOfTwo(cast)
      await creator.remove(id, member.key)
      await seesGroup(member, id, 'his removal', members => !members.has(member.key))
      await member.openChat(creator.key)
      await tells(member, creator, 'why?')
    }
  },
  {
    ...inGroups,
    name: 'group: an admin renames it and steps down',
    directions: ['ours → theirs'],
    play: async stage => {
      const [ours, theirs] = [await stage.ours('Alice'), await stage.theirs('Bob')]
      const id = await groupOfTwo({ creator: theirs, member: ours })
      await theirs.promote(id, ours.key)
      await seesGroup(ours, id, 'she is an admin', members => members.get(ours.key)?.admin === true)
      await changedByOurs(ours, theirs, id)
      await reads(theirs, 'back to normal')
    }
  }
]

/** status-go's messenger of January 2020 can do neither itself, and understands both. */
async function changedByOurs(ours: OurPerson, theirs: Person, id: string): Promise<void> {
  await ours.client().renameGroup(id, 'renamed')
  await seesGroup(theirs, id, 'its new name', (_, { name }) => name === 'renamed')
  await ours.client().stepDownInGroup(id)
  await seesGroup(theirs, id, 'Alice is no admin', members => members.get(ours.key)?.admin === false)
  await ours.say(id, 'back to normal')
}
