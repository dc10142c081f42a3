import type { GroupEvent } from '@status-stack/interface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeGroup, reduceGroup, replayGroup } from '../../src/rules.ts'
import { alice, bob, carol, dave } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'

const people = [alice, bob, carol, dave] as const
const who = fc.constantFrom(...people)
const time = fc.integer({ min: 0, max: 12 })

/** Any event by anybody at a few clocks: most are not allowed, many are tied. Signed once each: signing is the slow part. */
const made = new Map<string, GroupEvent>()
const once = (key: string, make: () => GroupEvent): GroupEvent => {
  const known = made.get(key)
  if (known !== undefined) return known
  const fresh = make()
  made.set(key, fresh)
  return fresh
}
const anyEvent: fc.Arbitrary<GroupEvent> = fc
  .tuple(fc.constantFrom('created', 'renamed', 'added', 'joined', 'removed', 'promoted', 'resigned'), who, time, who)
  .map(([kind, by, at, target]) =>
    once(`${kind}${people.indexOf(by)}${at}${people.indexOf(target)}`, () => {
      switch (kind) {
        case 'created':
          return event.created(by, at)
        case 'renamed':
          return event.renamed(by, at, `name ${people.indexOf(target)}`)
        case 'joined':
          return event.joined(by, at)
        case 'resigned':
          return event.resigned(by, at, by)
        case 'added':
          return event.added(by, at, target)
        case 'removed':
          return event.removed(by, at, target)
        default:
          return event.promoted(by, at, target)
      }
    })
  )

/** A history that begins well and goes on anyhow. */
const history = fc
  .array(anyEvent, { maxLength: 14 })
  .map(events => [
    once('start', () => event.created(alice, 0, 'start')),
    once('invite', () => event.added(alice, 1, bob, carol)),
    once('promote', () => event.promoted(alice, 2, bob)),
    ...events
  ])

const shuffled = (events: readonly GroupEvent[]): fc.Arbitrary<readonly GroupEvent[]> =>
  fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2, maxLength: events.length * 2 })

describe('the group reducer', () => {
  test('P-20 any permutation and any duplication of a set of events gives the same state and the same verdicts', () => {
    fc.assert(
      fc.property(
        history.chain(events => fc.tuple(fc.constant(events), shuffled(events))),
        ([events, other]) => {
          const [one, two] = [mergeGroup(groupId, [], other), mergeGroup(groupId, [], events)]
          if (one.kind === 'refused' || two.kind === 'refused') throw new Error('refused')
          expect(one).toEqual(two)
          // The order of one author's events with one clock is part of a stored history; nothing else is.
          expect(reduceGroup(groupId, one.events).state).toEqual(one.state)
          expect(reduceGroup(groupId, [...one.events, ...one.events]).state).toEqual(one.state)
        }
      ),
      { numRuns: 300, seed: 20 }
    )
  })

  test('P-20 any delivery in parts, in any order, some of them twice, ends with the same state', () => {
    fc.assert(
      fc.property(
        history.chain(events =>
          fc.tuple(
            fc.constant(events),
            shuffled(events),
            fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 })
          )
        ),
        ([events, delivered, sizes]) => {
          let stored: readonly GroupEvent[] = []
          for (let at = 0, turn = 0; at < delivered.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1
            const merged = mergeGroup(groupId, stored, delivered.slice(at, at + size))
            if (merged.kind !== 'merged') throw new Error(merged.reason)
            stored = merged.events
            at += size
          }
          const whole = mergeGroup(groupId, [], events)
          if (whole.kind === 'refused') throw new Error(whole.reason)
          const [one, other] = [reduceGroup(groupId, stored), whole]
          expect({ state: one.state, accepted: one.accepted }).toEqual({ state: other.state, accepted: other.accepted })
        }
      ),
      { numRuns: 200, seed: 21 }
    )
  })

  test('P-21 leaving out what was rejected changes nothing', () => {
    fc.assert(
      fc.property(history, events => {
        const { state, accepted } = reduceGroup(groupId, events)
        expect(reduceGroup(groupId, accepted)).toEqual({ state, accepted, rejected: [] })
      }),
      { numRuns: 300, seed: 22 }
    )
  })

  test('whoever talks or rules is a member, nobody twice, and every step follows from the one before', () => {
    fc.assert(
      fc.property(history, events => {
        for (const { state, refusal } of replayGroup(groupId, events)) {
          for (const set of [state.joined, state.admins]) {
            expect(set.every(each => state.members.includes(each))).toBe(true)
          }
          for (const set of [state.members, state.joined, state.admins]) expect(new Set(set).size).toBe(set.length)
          if (refusal === undefined) expect(state.lastClock).toBeGreaterThan(0)
        }
      }),
      { numRuns: 300, seed: 23 }
    )
  })

  test('both rules judge alike, but for admins who are no members, equal clocks and deserted groups', () => {
    fc.assert(
      fc.property(history, events => {
        const go = reduceGroup(groupId, events, 'status-go-0.56.10')
        const strict = reduceGroup(groupId, events)
        // One target per promotion here, so the one known difference in permissions cannot appear; ties may.
        const tied = new Set(events.map(({ clock }) => clock)).size < new Set(events).size
        if (tied) return
        // Once everybody has left, Go lets anybody begin the group anew.
        if (replayGroup(groupId, events).some(({ state }) => state.members.length === 0)) return
        const { lastClock: _, ...state } = go.state
        expect(strict.state).toMatchObject(state)
        const refused = strict.rejected.filter(({ reason }) => reason !== 'no-effect')
        expect(refused.map(each => each.event)).toEqual(go.rejected.map(each => each.event))
      }),
      { numRuns: 300, seed: 24 }
    )
  })
})
