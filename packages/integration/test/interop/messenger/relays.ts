import { type Person, seesGroup } from '../../support/person.ts'
import { pairOf, type Scenario } from './scenario.ts'
import { tells, tellsAll } from './tells.ts'

/** Two status-go messengers whose every envelope passes through our relay. */
export const relays: readonly Scenario[] = [
  {
    role: 'relay',
    peer: 'status-go messenger',
    name: 'two status-go messengers: 8 turns, a public chat, a group',
    directions: ['theirs → theirs'],
    settings: [
      { relay: 'ours', datasync: 'both' },
      { relay: 'ours', datasync: 'neither' }
    ],
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      const people: readonly Person[] = [from, to]
      await tells(from, to, 'first contact')
      for (let turn = 1; turn <= 8; turn++) {
        await (turn % 2 === 1 ? tells(to, from, `turn ${turn}`) : tells(from, to, `turn ${turn}`))
      }
      for (const person of people) await person.joinPublic('interop-public')
      await tellsAll(from, [to], 'interop-public', 'to everybody')
      const id = await from.createGroup('friends', [to.key])
      await seesGroup(to, id, 'the invitation', members => members.has(to.key))
      await to.joinGroup(id)
      await seesGroup(from, id, 'Bob joined', members => members.get(to.key)?.joined === true)
      await tellsAll(from, [to], id, 'in the group')
      await tellsAll(to, [from], id, 'me too')
    }
  }
]
