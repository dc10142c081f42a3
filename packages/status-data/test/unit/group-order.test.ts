import type { GroupEvent } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { keyId } from '../../src/index.ts'
import { mergeGroup, openEvents, reduceGroup } from '../../src/rules.ts'
import { alice, bob, carol, dave } from '../support/chats.ts'
import { base, event, groupId, received } from '../support/groups.ts'
import vectors from '../vectors/equal-clocks.json' with { type: 'json' }

const [a, b, c, d] = [alice, bob, carol, dave].map(({ publicKey }) => keyId(publicKey)) as [
  string,
  string,
  string,
  string
]
/** What a member stores after updates, one after the other, each time written and read again. */
function member(...updates: readonly (readonly [readonly GroupEvent[], typeof alice])[]): readonly GroupEvent[] {
  let stored: readonly GroupEvent[] = []
  for (const [events, by] of updates) {
    const merged = mergeGroup(groupId, stored, received(events, by, { known: stored }))
    if (merged.kind === 'refused') throw new Error(merged.reason)
    stored = openEvents(
      groupId,
      merged.events.map(each => each.bytes)
    )
    expect(reduceGroup(groupId, stored).state).toEqual(merged.state)
  }
  return stored
}

const stateOf = (events: readonly GroupEvent[]) => reduceGroup(groupId, events).state

describe('P-20 events of one author with one clock', () => {
  // Out of the fixed order: removals come after additions in it.
  const tied = [
    event.removed(alice, 10, carol),
    event.added(alice, 10, carol, dave),
    event.promoted(alice, 10, bob),
    event.renamed(alice, 10, 'one'),
    event.renamed(alice, 10, 'two')
  ]
  const [out, back, promoted, one, two] = tied as [GroupEvent, GroupEvent, GroupEvent, GroupEvent, GroupEvent]
  const own = [...base, ...tied]

  test('P-20 keep the order of their author, as a member of status-go 0.56.10 has it', () => {
    const go = reduceGroup(groupId, own, 'status-go-0.56.10').state
    const { lastClock: _, ...ours } = stateOf(member([own, alice]))
    expect(go).toMatchObject({ ...ours, members: [a, b, c, d], admins: [a, b], name: 'two' })
    expect([...ours.members].sort()).toEqual([...go.members].sort())
    // The author's word, the other way round.
    const otherWay = [...base, two, one, promoted, back, out]
    expect(stateOf(member([otherWay, alice]))).toMatchObject({ name: 'one', members: [a, b, d] })
  })

  test('P-20 end in the same state whichever updates come in whatever order, once one of the author has come', () => {
    const updates: readonly (readonly [readonly GroupEvent[], typeof alice])[] = [
      [[...base, out], alice],
      [[...base, out, back], alice],
      [own, alice],
      // Others hand the history on, in an order of theirs.
      [[...base, two, one, back, out, promoted], bob],
      [[...tied].reverse(), carol]
    ]
    const expected = member([own, alice])
    for (const order of permutations(updates)) {
      expect(stateOf(member(...order))).toEqual(stateOf(expected))
      expect(member(...order).map(each => each.bytes)).toEqual(expected.map(each => each.bytes))
    }
  })

  test('P-20 where the author has not said it, have a fixed order: additions, admin changes, names, removals', () => {
    const everyOrder = permutations([out, back, promoted, one].map(each => [[...base, each], bob] as const))
    const states = everyOrder.map(order => member(...order))
    for (const stored of states) expect(stored).toEqual(states[0])
    expect(states[0]?.slice(base.length).map(({ type }) => type)).toEqual([3, 6, 2, 5])
    expect(member([[...tied, ...base], bob])).toEqual(member([[...base, ...[...tied].reverse()], bob]))
  })

  test('P-20 events that nobody told about find one place, whatever was known when they came', () => {
    const part = [[...base, two, one], alice] as const
    const others = [out, back, promoted].map(each => [[...base, each], bob] as const)
    const states = permutations([part, ...others]).map(order => member(...order))
    for (const stored of states) expect(stored).toEqual(states[0])
    expect(stateOf(states[0] ?? []).name).toBe('one')
  })

  test('P-20 nobody but their author can turn them round', () => {
    const before = member([own, alice])
    const turned = [...base, two, one, promoted, back, out]
    for (const by of [bob, carol, dave]) {
      const merged = mergeGroup(groupId, before, received(turned, by, { known: before }))
      expect(merged).toMatchObject({ kind: 'merged', added: [], changed: false, state: stateOf(before) })
    }
  })

  test('P-20 a creation comes first, and events of several authors follow the fixed order between them', () => {
    const first = event.created(alice, 20, 'later')
    const group = [event.added(alice, 20, bob), first, event.joined(bob, 20), event.renamed(alice, 20, 'x')]
    for (const order of permutations(group)) {
      const merged = mergeGroup(groupId, [], order)
      expect(merged).toMatchObject({ kind: 'merged', state: { name: 'x', members: [a, b], joined: [a, b] } })
    }
  })

  test('P-20 an order that is learnt later has to be stored, though no event is new', () => {
    const before = member([own, bob])
    const merged = mergeGroup(groupId, before, received(own, alice, { known: before }))
    expect(merged).toMatchObject({ kind: 'merged', changed: true, state: { name: 'two' } })
    if (merged.kind === 'merged') expect(merged.events).toHaveLength(before.length)
  })

  test('a place is not part of what is stored or compared', () => {
    const opened = received(own)
    expect(opened.some(({ place }) => place !== undefined)).toBe(true)
    const merged = mergeGroup(groupId, [], opened)
    if (merged.kind === 'refused') throw new Error(merged.reason)
    expect(merged.events.every(({ place }) => place === undefined)).toBe(true)
    expect(received(base).every(({ place }) => place === undefined)).toBe(true)
  })
})

describe('P-20 vectors', () => {
  test.each(vectors.cases)('P-20 $name', ({ updates, state, order }) => {
    const authors: Readonly<Record<string, typeof alice>> = { alice, bob, carol, dave }
    let stored: readonly GroupEvent[] = []
    for (const { by, events } of updates) {
      const opened = openEvents(
        vectors.group,
        events.map(hex => Uint8Array.from(Buffer.from(hex, 'hex')))
      )
      expect(opened).toHaveLength(events.length)
      stored = mergedEvents(stored, received(opened, authors[by], { known: stored }))
    }
    const { name, members, joined, admins } = reduceGroup(vectors.group, stored).state
    expect({ name, members, joined, admins }).toEqual(state)
    expect(stored.map(each => Buffer.from(each.bytes).toString('hex').slice(0, 16))).toEqual(order)
  })

  test('P-20 the vectors are for the group of these tests', () => {
    expect(vectors.group).toBe(groupId)
  })
})

function mergedEvents(stored: readonly GroupEvent[], events: readonly GroupEvent[]): readonly GroupEvent[] {
  const merged = mergeGroup(groupId, stored, events)
  if (merged.kind === 'refused') throw new Error(merged.reason)
  return merged.events
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map(rest => [item, ...rest])
  )
}
