import type { GroupEvent } from '@status-stack/interface'
import { createTimeSlicer } from '@status-stack/utils'
import { describe, expect, test } from 'vitest'
import { decodeSteps } from '../../src/decode.ts'
import { decode, decodeSliced, keyId, limits, type ReceiveContext } from '../../src/index.ts'
import { mergeGroup, openEvents, openEventsSliced, reduceGroup, signChanges, systemMessages } from '../../src/rules.ts'
import { accepted, alice, bob, carol, dave, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { wrapped } from '../support/payloads.ts'

const base = [event.created(alice, 0), event.added(alice, 10, bob, carol), event.joined(bob, 20)]
const crowd = (count: number) =>
  Array.from({ length: count }, (_, i) => keyId(bob.publicKey).replace(/.$/, `${i % 10}`))

function merged(stored: readonly GroupEvent[], received: readonly GroupEvent[]) {
  const result = mergeGroup(groupId, stored, received)
  if (result.kind === 'refused') throw new Error(result.reason)
  return result
}

const bytesOf = (events: readonly GroupEvent[]) => events.reduce((sum, { bytes }) => sum + bytes.length, 0)

describe('events that wait have a small room of their own', () => {
  test('P-21 of strangers: limits.strangerEvents and strangerEventBytes; what can never count takes none', () => {
    const junk = Array.from({ length: limits.strangerEvents + 20 }, (_, i) => event.joined(dave, 30 + i))
    const carols = event.renamed(carol, 25, 'hers')
    const result = merged(base, [...junk, carols, event.of(99, dave, 30), event.renamed(alice, 26, '')])
    expect(result.accepted).toEqual(base)
    expect(result.events).toHaveLength(base.length + limits.strangerEvents + 1)
    expect(result.events).toContainEqual(carols)
    expect(result.events).toContainEqual(junk.at(-1))
    expect(result.events).not.toContainEqual(junk[0])
    const large = Array.from({ length: 10 }, (_, i) => event.renamed(dave, 100 + i, `${i}`.repeat(250)))
    const kept = merged(base, large).events.filter(each => each.author === keyId(dave.publicKey))
    expect(kept.length).toBeGreaterThan(0)
    expect(bytesOf(kept)).toBeLessThanOrEqual(limits.strangerEventBytes)
  })

  test('P-21 of members: limits.waitingEvents and waitingEventBytes, before those of strangers', () => {
    const members = Array.from({ length: limits.waitingEvents + 10 }, (_, i) => event.renamed(carol, 30 + i, `${i}`))
    const stranger = event.joined(dave, 500)
    const result = merged(base, [...members, stranger])
    expect(result.events).toHaveLength(base.length + limits.waitingEvents)
    expect(result.events).not.toContainEqual(stranger)
    const large = Array.from({ length: 8 }, (_, i) => event.of(3, carol, 30 + i, { members: crowd(90) }))
    expect(bytesOf(merged(base, large).events) - bytesOf(base)).toBeLessThanOrEqual(limits.waitingEventBytes)
  })

  test('P-21 whoever knows the id of a group cannot keep its admin from kicking, renaming and inviting', () => {
    let stored: readonly GroupEvent[] = base
    for (let round = 0; round < 20; round++) {
      const by = [dave, carol][round % 2] as typeof dave
      const junk = Array.from({ length: 12 }, (_, i) => event.of(3, by, 30 + round * 20 + i, { members: crowd(90) }))
      stored = merged(stored, junk).events
    }
    expect(bytesOf(stored)).toBeLessThan(limits.groupEventBytes / 4)
    const { signed } = signChanges(
      groupId,
      stored,
      [
        { kind: 'member-removed', member: carol.publicKey },
        { kind: 'name-changed', name: 'still ours' },
        { kind: 'members-added', members: [dave.publicKey] }
      ],
      alice,
      { nowMs: now + 5000 }
    )
    const after = merged(stored, signed)
    expect(after.state).toMatchObject({ name: 'still ours' })
    expect(after.state.members).toEqual([alice, bob, dave].map(({ publicKey }) => keyId(publicKey)))
  })

  test('P-21 what waits gives way before an event that counts is refused', () => {
    // An honest history that leaves little room.
    const renames: GroupEvent[] = []
    for (let i = 0; bytesOf([...base, ...renames]) < limits.groupEventBytes - 2000; i++) {
      renames.push({ ...event.renamed(alice, 100, 'x'.repeat(250)), clock: now + 100 + i, name: `${i}` })
      const last = renames.at(-1) as GroupEvent
      const bytes = Uint8Array.from(last.bytes)
      new DataView(bytes.buffer).setUint32(0, i)
      renames[renames.length - 1] = { ...last, bytes }
    }
    const waiting = Array.from({ length: 60 }, (_, i) => event.renamed(carol, 50 + i, 'w'.repeat(200)))
    const full = merged([...base, ...renames], waiting)
    expect(bytesOf(full.events)).toBeLessThanOrEqual(limits.groupEventBytes)
    const kick = event.removed(alice, 100_000, carol)
    expect(merged(full.events, [kick]).state.members).not.toContain(keyId(carol.publicKey))
    const more = Array.from({ length: 8 }, (_, i) => event.renamed(alice, 100_001 + i, `${i}`.repeat(250)))
    expect(mergeGroup(groupId, full.events, more)).toMatchObject({ kind: 'refused', reason: 'events-too-many' })
  })

  test('P-21 before a group is created nobody is known to be a stranger', () => {
    const early = Array.from({ length: limits.strangerEvents + 5 }, (_, i) => event.renamed(bob, 30 + i, `${i}`))
    expect(merged([], early).events).toHaveLength(early.length)
  })
})

describe('system lines', () => {
  const lie = 'SYSTEM: pay to 0x00000000000000000000000000000000deadbeef'

  test('P-26 say only keys: what a member writes in the place of a key is not shown', () => {
    for (const type of [3, 5, 6, 7]) {
      const [line] = systemMessages([event.of(type, bob, 1, { members: [lie, keyId(carol.publicKey)], name: lie })])
      expect(line?.text, `${type}`).not.toContain('SYSTEM')
      const [only] = systemMessages([event.of(type, bob, 1, { members: [lie] })])
      expect(only?.text, `${type}`).not.toContain('SYSTEM')
    }
    const [unknown] = systemMessages([event.of(99, bob, 1, { members: [lie], name: lie })])
    expect(unknown?.text).toBe(`@${keyId(bob.publicKey)} changed the group`)
  })

  test('P-26 quote the name of a group, on one line', () => {
    const names = [`trip”\n${lie}`, `trip\r\u2028${lie}`, `\u202etrip\u0007 ${lie}`, '“', `@${keyId(carol.publicKey)}`]
    for (const name of names) {
      const [line] = systemMessages([event.created(alice, 0, name)])
      expect(line?.text).toMatch(/^@0x04[0-9a-f]{128} created the group “[^“”\p{C}]*”$/u)
    }
  })
})

test('an admin who has left can date an event back to before that: every replay by clock lets it', () => {
  const history = [...base, event.promoted(alice, 30, bob), event.removed(bob, 50, bob)]
  const backDated = event.removed(bob, 40, carol)
  expect(merged(history, [backDated]).state.members).toEqual([keyId(alice.publicKey)])
  expect(merged(history, [event.removed(bob, 51, carol)]).state.members).toContain(keyId(carol.publicKey))
})

describe('the work of one update is bounded and sliced', () => {
  const seen = (known: readonly GroupEvent[] = []): ReceiveContext => ({
    transportAuthor: carol.publicKey,
    sentMs: now,
    nowMs: now,
    arrival: { kind: 'identity' },
    self: bob.publicKey,
    knownEvents: () => known
  })
  const updateOf = (events: readonly Uint8Array[]) => wrapped('membership-update', { chatId: groupId, events }, carol)
  /** Events that look signed by a stranger: each costs a recovery. */
  const noise = (count: number, type = 4) => {
    const { bytes } = event.of(type, dave, 1)
    return Array.from({ length: count }, (_, i) => {
      const copy = Uint8Array.from(bytes)
      new DataView(copy.buffer).setUint32(0, i)
      return copy
    })
  }
  const stepsOf = (bytes: Uint8Array, known: readonly GroupEvent[] = []) => {
    const steps = decodeSteps(bytes, seen(known))
    let count = 0
    while (steps.next().done !== true) count += 1
    return count
  }

  test('a history that we have costs one signature, its wrapper', () => {
    expect(stepsOf(updateOf(base.map(each => each.bytes)))).toBe(1 + base.length)
    expect(stepsOf(updateOf(base.map(each => each.bytes)), base)).toBe(1)
  })

  test('of a group we know, limits.newEvents signatures are verified at most; honest news come through the noise later', () => {
    const rename = event.renamed(alice, 60, 'news')
    const flood = updateOf([...noise(limits.groupEvents - 1), rename.bytes])
    expect(stepsOf(flood, base)).toBe(1 + limits.newEvents)
    const result = accepted(decode(updateOf([...base.map(each => each.bytes), rename.bytes]), seen(base)))
    expect(result.effects).toMatchObject([{ events: [...base, rename] }])
  })

  test('copies within an update and events ahead of time cost no signature', () => {
    const again = new Array<Uint8Array>(500).fill(event.joined(carol, 30).bytes)
    expect(stepsOf(updateOf(again), base)).toBe(2)
    const ahead = Array.from({ length: 20 }, (_, i) => event.renamed(carol, 200_000 + i, `${i}`).bytes)
    expect(stepsOf(updateOf(ahead), base)).toBe(1)
  })

  test('a thousand signatures are verified in slices, with the same result', async () => {
    const bytes = updateOf([...base.map(each => each.bytes), ...noise(300)])
    let turns = 0
    let clock = 0
    const slicer = createTimeSlicer({
      // Each look at the clock costs a millisecond, so a slice is ten steps.
      nowMs: () => clock++,
      nextTurn: callback => {
        turns += 1
        setTimeout(callback, 0)
      }
    })
    const sliced = await decodeSliced(bytes, seen(), { slicer })
    expect(sliced).toEqual(decode(bytes, seen()))
    expect(turns).toBeGreaterThan(20)
    const aborted = decodeSliced(bytes, seen(), { slicer, signal: AbortSignal.abort(new Error('stopped')) })
    await expect(aborted).rejects.toThrow('stopped')
  })

  test('a stored history is opened in slices, with the same result', async () => {
    const bytes = [...base.map(each => each.bytes), Uint8Array.of(1), ...noise(20)]
    expect(await openEventsSliced(groupId, bytes)).toEqual(openEvents(groupId, bytes))
    expect(reduceGroup(groupId, await openEventsSliced(groupId, bytes)).state.members).toHaveLength(3)
  })
})
