import { concatBytes } from '@status-stack/crypto'
import type { GroupChange, GroupEvent } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { decodeSteps } from '../../src/decode.ts'
import { keyId, limits, type Rules } from '../../src/index.ts'
import { type MergeOptions, mergeGroup, signChanges } from '../../src/rules.ts'
import { accepted, alice, bob, carol, dave, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { wrapped } from '../support/payloads.ts'

const go = 'status-go-0.56.10'
const base = [event.created(alice, 0), event.added(alice, 10, bob, carol), event.joined(bob, 20)]
const wrong = expect.objectContaining({ code: 'invalid-argument' })
const farAhead = limits.clockAheadMs + 1000

function merged(stored: readonly GroupEvent[], received: readonly GroupEvent[], options: MergeOptions = {}) {
  const result = mergeGroup(groupId, stored, received, options)
  if (result.kind === 'refused') throw new Error(result.reason)
  return result
}

/** An event that takes this many bytes, and is told from others by its first ones. */
function sized(source: GroupEvent, size: number, mark: number): GroupEvent {
  const bytes = new Uint8Array(size)
  new DataView(bytes.buffer).setUint32(0, mark)
  return { ...source, bytes }
}

const bytesOf = (events: readonly GroupEvent[]) => events.reduce((sum, { bytes }) => sum + bytes.length, 0)

describe('P-21 a merge', () => {
  test('P-21 says that something changed when an event came, when one went, and not otherwise', () => {
    const join = event.joined(carol, 30)
    expect(merged(base, [join])).toMatchObject({ changed: true, events: [...base, join] })
    expect(merged(base, [...base].reverse())).toMatchObject({ changed: false, events: base })
    expect(merged([...base, event.of(99, alice, 30)], [])).toMatchObject({ changed: true, events: base })
  })

  test('P-25 leaves out what we signed under a wrong time only when it is told who we are and what time it is', () => {
    const stored = [...base, event.renamed(alice, farAhead, 'from the future')]
    const [self, nowMs] = [alice.publicKey, now]
    expect(merged(stored, [], { self, nowMs })).toMatchObject({ changed: true, events: base })
    for (const options of [{}, { self }, { nowMs }, { self: bob.publicKey, nowMs }]) {
      expect(merged(stored, [], options), Object.keys(options).join()).toMatchObject({ changed: false, events: stored })
    }
  })

  test('P-25 is told by a key and a time, each checked though it comes alone', () => {
    for (const options of [{ self: new Uint8Array(64) }, { nowMs: -1 }, { nowMs: Number.NaN }]) {
      expect(() => mergeGroup(groupId, base, [], options)).toThrow(wrong)
    }
  })

  test('P-21 takes a history of exactly limits.groupEventBytes', () => {
    const rename = event.renamed(alice, 30, 'x')
    const room = limits.groupEventBytes - bytesOf(base)
    expect(merged(base, [sized(rename, room, 1)]).accepted).toHaveLength(base.length + 1)
    expect(mergeGroup(groupId, base, [sized(rename, room + 1, 1)])).toMatchObject({ reason: 'events-too-many' })
  })

  test('P-21 takes exactly limits.groupEvents by the rules of status-go, too', () => {
    const rename = event.renamed(alice, 30, 'x')
    const renames = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ ...sized(rename, 66, i), clock: now + 30 + i }))
    const room = limits.groupEvents - base.length
    expect(mergeGroup(groupId, base, [...base, ...renames(room)], go)).toMatchObject({ kind: 'merged' })
    expect(mergeGroup(groupId, base, [...base, ...renames(room + 1)], go)).toEqual({
      kind: 'refused',
      reason: 'events-too-many',
      of: 'merged'
    })
  })

  test('P-21 keeps what waits of members and of strangers, whichever is newer', () => {
    const members = Array.from({ length: 40 }, (_, i) => event.renamed(carol, 100 + i, `${i}`))
    const strangers = Array.from({ length: limits.strangerEvents }, (_, i) => event.joined(dave, 30 + i))
    expect(merged(base, [...members, ...strangers]).events).toHaveLength(base.length + 40 + limits.strangerEvents)
  })

  test('P-21 keeps of strangers exactly limits.strangerEventBytes', () => {
    const join = event.joined(dave, 30)
    const half = limits.strangerEventBytes / 2
    const kept = (last: number) =>
      merged(base, [sized(join, half, 1), sized({ ...join, clock: join.clock - 1 }, last, 2)]).events.length
    expect(kept(half)).toBe(base.length + 2)
    expect(kept(half + 1)).toBe(base.length + 1)
  })
})

describe('P-25 changes', () => {
  const sign = (changes: readonly GroupChange[], events = base, identity = alice, lastClock = 0, nowMs = now + 30) =>
    signChanges(groupId, events, changes, identity, { nowMs, lastClock })
  const rename: GroupChange = { kind: 'name-changed', name: 'new' }

  test('P-25 name whom they are about, and nobody otherwise', () => {
    const admins = [...base, event.promoted(alice, 21, bob)]
    const resigned = sign([{ kind: 'admin-removed' }], admins)
    expect(resigned.signed).toMatchObject([{ type: 7, members: [keyId(alice.publicKey)], name: '' }])
    expect(resigned.after.admins).toEqual([keyId(bob.publicKey)])
    expect(sign([rename]).signed).toMatchObject([{ type: 2, members: [], name: 'new' }])
    expect(sign([{ kind: 'member-joined' }], base, carol).signed).toMatchObject([{ type: 4, members: [], name: '' }])
    expect(sign([{ kind: 'created', name: 'trip' }], []).signed).toMatchObject([{ type: 1, members: [], name: 'trip' }])
  })

  test('P-25 are above events a little ahead of now, up to where readers take one more', () => {
    const ahead = (ms: number) => sign([rename], [...base, event.joined(carol, 30 + ms)]).signed[0]?.clock
    expect(ahead(50_000)).toBe(now + 50_031)
    expect(ahead(limits.clockBidAheadMs - 1)).toBe(now + 30 + limits.clockBidAheadMs)
    expect(ahead(limits.clockBidAheadMs)).toBe(now + 30)
  })

  test('P-25 without effect do not lower the clock of those that have one', () => {
    const { signed } = sign([{ kind: 'name-changed', name: 'trip' }, rename], base, alice, now + 5000)
    expect(signed).toMatchObject([{ name: 'new', clock: now + 5002 }])
  })

  test('P-25 are above all that is known, also what waits, where others show that our time is behind', () => {
    const invited = event.added(alice, 500_000, dave)
    const waiting = event.renamed(carol, 600_000, 'waits')
    const { signed } = sign([{ kind: 'member-joined' }], [...base, invited, waiting], dave)
    expect(signed[0]?.clock).toBe(now + 600_001)
  })
})

describe('the events of an update', () => {
  const updateOf = (events: readonly Uint8Array[]) => wrapped('membership-update', { chatId: groupId, events })
  const bytes = base.map(each => each.bytes)
  const join = event.joined(carol, 30).bytes
  const changed = (at: number, value: number, source = join) => {
    const copy = Uint8Array.from(source)
    copy[at] = value
    return copy
  }
  /** Events that look signed, each of which costs a recovery. */
  const noise = Array.from({ length: limits.newEvents + 10 }, (_, i) => changed(0, i >> 8, changed(1, i & 0xff)))
  const stepsOf = (events: readonly Uint8Array[], known: readonly GroupEvent[], rules: Rules = 'strict') => {
    const steps = decodeSteps(updateOf(events), {
      transportAuthor: alice.publicKey,
      sentMs: now,
      nowMs: now,
      arrival: { kind: 'identity' },
      self: bob.publicKey,
      knownEvents: () => known,
      rules
    })
    let count = -1
    while (steps.next().done !== true) count += 1
    return count
  }

  test('P-21 of a group we do not know are all verified, and so are all by the rules of status-go', () => {
    expect(stepsOf(noise, [])).toBe(noise.length)
    expect(stepsOf(noise, base, go)).toBe(noise.length)
    expect(stepsOf(noise, base)).toBe(limits.newEvents)
  })

  test('P-21 that have no signature of this network cost no verification', () => {
    expect(stepsOf([changed(64, 27), changed(64, 2), join.slice(0, 65)], [])).toBe(0)
  })

  test('P-21 that are forged stay so when they come twice', () => {
    const forged = concatBytes(new Uint8Array(65), join.slice(65))
    const unsigned = Array.from({ length: 256 }, (_, i) => changed(1, i)).find(
      each => stepsOf([each], []) === 1 && deliver(updateOf([each])).kind === 'refused'
    )
    if (unsigned === undefined) throw new Error('every one has a key')
    for (const bad of [forged, unsigned]) {
      expect(accepted(deliver(updateOf([bad, bad, ...bytes]))).effects).toMatchObject([{ events: base }])
      expect(deliver(updateOf([bad, bad]))).toMatchObject({ reason: 'event-signature' })
    }
  })
})
