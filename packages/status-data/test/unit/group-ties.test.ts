import { compareBytes } from '@status-stack/crypto'
import type { GroupEvent } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { orderEvents } from '../../src/group/order.ts'
import { keyId } from '../../src/index.ts'
import { mergeGroup, reduceGroup } from '../../src/rules.ts'
import { alice, bob, carol, dave } from '../support/chats.ts'
import { base, event, groupId, received } from '../support/groups.ts'

function merged(stored: readonly GroupEvent[], more: readonly GroupEvent[]) {
  const result = mergeGroup(groupId, stored, more)
  if (result.kind === 'refused') throw new Error(result.reason)
  return result
}

describe('P-20 events of several authors with one clock', () => {
  const ranks = [1, 3, 4, 6, 2, 7, 5]
  const rankOf = ({ type }: GroupEvent) => ranks.indexOf(type)
  const earlier = (x: GroupEvent, y: GroupEvent) => rankOf(x) - rankOf(y) || compareBytes(x.bytes, y.bytes)

  /** Each author's first event that is left, the earliest of them, and so on. */
  function expected(chains: readonly (readonly GroupEvent[])[]): readonly GroupEvent[] {
    const left = chains.map(chain => [...chain])
    const ordered: GroupEvent[] = []
    for (;;) {
      const [next] = left.flatMap(chain => chain.slice(0, 1)).sort(earlier)
      if (next === undefined) return ordered
      ordered.push(next)
      left.find(chain => chain[0] === next)?.shift()
    }
  }

  test('P-20 each keep their own order, and of those that come first in it the earliest comes first', () => {
    // Types that rise, fall and stay within one author's own order, so that a chain goes back to every place.
    const types = [
      [5, 3, 4, 2],
      [4, 4, 6, 7, 3],
      [2, 6, 5],
      [3, 7, 2, 4, 6]
    ]
    const chains = [alice, bob, carol, dave].map((by, at) =>
      (types[at] ?? []).map((type, i) => event.of(type, by, 10, { name: `${i}` }))
    )
    const wanted = expected(chains)
    expect(orderEvents(chains.flat())).toEqual(wanted)
    expect(orderEvents([...chains].reverse().flat())).toEqual(wanted)
    for (const some of [chains.slice(0, 2), chains.slice(1), chains.slice(2)]) {
      expect(orderEvents(some.flat())).toEqual(expected(some))
    }
  })

  test('P-20 are one of each, the first that came', () => {
    const [first, ...rest] = base as [GroupEvent, ...GroupEvent[]]
    const copy = { ...first, name: 'a copy' }
    expect(orderEvents([first, copy, ...rest])[0]).toBe(first)
    expect(orderEvents([copy, first, ...rest])[0]).toBe(copy)
  })

  test('P-20 of two creations the same one counts, whichever is heard first', () => {
    const creations = ['one', 'two', 'three'].map(name => event.created(alice, 0, name))
    const orders = [creations, [...creations].reverse()]
    for (const stateOf of [
      (events: readonly GroupEvent[]) => merged([], events).state,
      (events: readonly GroupEvent[]) => reduceGroup(groupId, events).state
    ]) {
      expect(new Set(orders.map(events => stateOf(events).name)).size).toBe(1)
    }
  })
})

describe('P-20 the order that an author gives', () => {
  const tied = [
    event.renamed(alice, 10, 'one'),
    event.renamed(alice, 10, 'two'),
    event.removed(alice, 10, carol),
    event.renamed(alice, 10, 'three'),
    event.added(alice, 10, dave)
  ]
  // The same whichever way round the fixed order has their signatures.
  const orders = [tied, [...tied].reverse()]
  const typesAndNames = (events: readonly GroupEvent[]) => events.map(({ type, name }) => `${type} ${name}`)

  test('P-20 is taken from the places of events, though they come in another order', () => {
    for (const order of orders) {
      const placed = received([...base, ...order])
      const wanted = merged([], placed).events
      expect(typesAndNames(wanted.slice(base.length))).toEqual(typesAndNames(order))
      expect(merged([], [...placed].reverse()).events).toEqual(wanted)
      const shuffled = [4, 1, 6, 0, 7, 3, 5, 2].flatMap(at => placed[at] ?? [])
      expect(merged([], shuffled).events).toEqual(wanted)
    }
  })

  test('P-20 is not hidden by a copy that tells no place', () => {
    for (const order of orders) {
      const placed = received([...base, ...order])
      const plain = received([...base, ...[...order].reverse()], bob)
      expect(plain.every(({ place }) => place === undefined)).toBe(true)
      for (const both of [
        [...plain, ...placed],
        [...placed, ...plain]
      ]) {
        expect(merged([], both).events).toEqual(merged([], placed).events)
      }
    }
  })

  test('P-20 is theirs alone: an author with events of the same clock tells nothing of those of others', () => {
    const bobs = [event.of(4, bob, 10), event.of(4, bob, 10, { name: 'again' })]
    for (const order of orders) {
      const opened = received([...base, ...order, ...bobs], bob)
      const placedBy = new Set(opened.filter(({ place }) => place !== undefined).map(({ author }) => author))
      expect([...placedBy]).toEqual([keyId(bob.publicKey)])
      const stored = merged([], received([...base, ...order])).events
      const turned = received([...base, ...[...order].reverse(), ...bobs], bob)
      expect(reduceGroup(groupId, merged(stored, turned).events).state.name).toBe(
        reduceGroup(groupId, stored).state.name
      )
    }
  })

  test('P-20 is told only where there is one: a single event of a clock has no place beside those of others', () => {
    const opened = received([...base, event.renamed(alice, 10, 'x'), event.of(4, bob, 10), event.of(4, carol, 10)])
    expect(opened.every(({ place }) => place === undefined)).toBe(true)
  })

  test('P-20 is not asked for by the rules of status-go', () => {
    const opened = received([...base, ...tied.slice(0, 2)], alice, { rules: 'status-go-0.56.10' })
    expect(opened).toHaveLength(base.length + 2)
    expect(opened.every(event => !('place' in event))).toBe(true)
  })
})
