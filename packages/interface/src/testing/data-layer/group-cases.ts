import type { Content } from '../../data/content.ts'
import type { Group, GroupEvent, GroupMerge } from '../../data/group.ts'
import type { IdentityKey } from '../../ports.ts'
import { check } from '../case.ts'
import { eventsOf, now, type Scene } from './fixture.ts'

type Clause = readonly [name: string, run: (scene: Scene) => Promise<void>]

type Changes = Extract<Content, { kind: 'group-changes' }>['changes']

/** A group of Alice's with Bob, as its events; and changes by a person who knows them. */
function groupOf({ layer, say, random, alice, bob }: Scene) {
  const id = layer.groups.createId(alice.publicKey, random)
  const change = (events: readonly GroupEvent[], by: IdentityKey, changes: Changes, nowMs = now) =>
    eventsOf(say({ kind: 'group', id, events }, { kind: 'group-changes', changes }, by, nowMs).local)
  const created = change([], alice, [
    { kind: 'created', name: 'friends' },
    { kind: 'members-added', members: [bob.publicKey] }
  ])
  return { id, created, change, joined: () => change(created, bob, [{ kind: 'member-joined' }]) }
}

/** A person who signed none of the events, some time after the last of them. */
const later = { self: Uint8Array.from({ length: 65 }, (_, at) => (at === 0 ? 4 : 1)), nowMs: now + 60_000 }

async function merge(
  { layer }: Scene,
  id: string,
  stored: readonly GroupEvent[],
  received: readonly GroupEvent[]
): Promise<Extract<GroupMerge, { kind: 'merged' }>> {
  const merged = await layer.groups.merge(id, stored, received, later)
  check(merged.kind === 'merged', `merged events, got ${merged.kind === 'refused' ? merged.reason : ''}`)
  return merged
}

const shape = ({ name, members, joined, admins }: Group): string => JSON.stringify([name, members, joined, admins])

/** What signed events make of a group. */
export const groupClauses: readonly Clause[] = [
  [
    'a group has the name and the members that its creator gave it, and its creator is admin',
    async scene => {
      const { id, created } = groupOf(scene)
      const { state } = await merge(scene, id, [], created)
      check(state.name === 'friends' && state.members.length === 2, 'the name and two members')
      check(state.admins.length === 1 && state.joined.length === 1, 'the creator as admin, and joined')
    }
  ],
  [
    'the order in which events arrive makes no difference',
    async scene => {
      const { id, created, joined } = groupOf(scene)
      const all = joined()
      const inOrder = await merge(scene, id, [], all)
      const late = await merge(scene, id, (await merge(scene, id, [], all.slice(-1))).events, created)
      check(shape(inOrder.state) === shape(late.state), `one state, got ${shape(inOrder.state)}, ${shape(late.state)}`)
    }
  ],
  [
    'events that are stored change nothing when they come again',
    async scene => {
      const { id, joined } = groupOf(scene)
      const { events } = await merge(scene, id, [], joined())
      const again = await merge(scene, id, events, events)
      check(!again.changed && again.added.length === 0, 'nothing changed and nothing added')
    }
  ],
  [
    'events that are stored as bytes open again, and make the same group',
    async scene => {
      const { id, joined } = groupOf(scene)
      const { events, state } = await merge(scene, id, [], joined())
      const bytes = events.map(event => event.bytes)
      const { layer } = scene
      check(shape(layer.groups.reduce(id, layer.groups.open(id, bytes), later).state) === shape(state), 'one state')
      check(
        shape(layer.groups.reduce(id, await layer.groups.openSliced(id, bytes), later).state) === shape(state),
        'one'
      )
    }
  ],
  [
    'events of one group mean nothing in another, and bytes that are no events are left out',
    async scene => {
      const { created } = groupOf(scene)
      const other = scene.layer.groups.createId(scene.bob.publicKey, scene.random)
      const opened = scene.layer.groups.open(other, [...created.map(({ bytes }) => bytes), scene.random.bytes(80)])
      const { members } = scene.layer.groups.reduce(other, opened, later).state
      check(members.length === 0, `no member of the other group, got ${members.length}`)
    }
  ],
  [
    'an event that does not count spoils none of the others',
    async scene => {
      const { id, created, change } = groupOf(scene)
      const { alice, bob } = scene
      const removed = change(created, alice, [{ kind: 'member-removed', member: bob.publicKey }], now + 10)
      const renamed = change(removed, alice, [{ kind: 'name-changed', name: 'us' }], now + 30)
      // Bob, who has not heard of it, joins in between.
      const { state } = await merge(scene, id, change(created, bob, [{ kind: 'member-joined' }], now + 20), renamed)
      check(state.members.length === 1 && state.joined.length === 1, 'the creator alone')
      check(state.name === 'us', 'the new name')
    }
  ],
  [
    'each event has one line, the same each time',
    async scene => {
      const { id, joined } = groupOf(scene)
      const { added } = await merge(scene, id, [], joined())
      const lines = scene.layer.groups.lines([...added, ...added])
      const ids = new Set(lines.map(({ messageId }) => messageId.join()))
      check(lines.length === added.length && ids.size === lines.length, 'as many lines as events')
      check(
        lines.every(({ text, event }) => text !== '' && event !== ''),
        'a text and a name for each'
      )
    }
  ],
  [
    'what is said in a group is read by its members, with the events that make it',
    async scene => {
      const { id, joined } = groupOf(scene)
      const { events } = await merge(scene, id, [], joined())
      const out = scene.say({ kind: 'group', id, events }, { kind: 'text', text: 'hello' }, scene.bob)
      check(out.reliability === 'reliable' && out.to.length === 1, 'one other member')
      const got = await scene.accept(out.bytes, scene.alice, { signer: scene.bob, nowMs: now + 10, sentMs: now + 10 })
      check(got.content.kind === 'text' && got.chat?.kind === 'group' && got.chat.id === id, 'the text, in the group')
      check(eventsOf(got).length === events.length, 'the history')
    }
  ]
]
