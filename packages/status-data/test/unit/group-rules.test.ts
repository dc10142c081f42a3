import { concatBytes, hexToBytes, recoverPublicKey } from '@status-stack/crypto'
import type { EventRefusal, GroupEvent, IdentityKey } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { keyId, limits } from '../../src/index.ts'
import { eventKey, openEvent, reduceGroup, signEvent, systemMessageId, systemMessages } from '../../src/rules.ts'
import { alice, bob, carol, dave, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { smallPoint } from '../support/signatures.ts'

const [a, b, c, d] = [alice, bob, carol, dave].map(({ publicKey }) => keyId(publicKey)) as [
  string,
  string,
  string,
  string
]
const go = 'status-go-0.56.10'
const base = [event.created(alice, 0), event.added(alice, 10, bob, carol), event.joined(bob, 20)]
const refusalOf = (events: readonly GroupEvent[], rules?: typeof go): EventRefusal | undefined =>
  reduceGroup(groupId, events, rules).rejected.at(-1)?.reason
const wrong = expect.objectContaining({ code: 'invalid-argument', origin: 'caller' })

describe('a group', () => {
  test('P-19 without events is empty', () => {
    expect(reduceGroup(groupId, [])).toEqual({
      state: { id: groupId, name: '', members: [], joined: [], admins: [], lastClock: 0 },
      accepted: [],
      rejected: []
    })
  })

  test('P-19 that everyone has left is still a group: who comes back is no admin of it', () => {
    const left = [event.created(alice, 0), event.removed(alice, 10, alice)]
    expect(reduceGroup(groupId, left).state).toMatchObject({ members: [], lastClock: now + 10 })
    expect(refusalOf([...left, event.renamed(alice, 20, 'x')])).toBe('not-an-admin')
    expect(refusalOf([...left, event.joined(bob, 20)])).toBe('not-a-member')
  })

  test('P-19 is not created again where its only admin has stepped down', () => {
    const without = [...base, event.resigned(alice, 30, alice)]
    expect(reduceGroup(groupId, without).state).toMatchObject({ admins: [], members: [a, b, c] })
    expect(refusalOf([...without, event.created(alice, 40)])).toBe('created-twice')
  })

  test('P-19 of status-go may have an admin who is no member: it is not created again either', () => {
    const leaving = [alice, bob, carol].map((by, i) => event.removed(by, 40 + i, by))
    const events = [...base, event.promoted(alice, 30, bob, dave), ...leaving]
    expect(reduceGroup(groupId, events, go).state).toMatchObject({ members: [], admins: [d] })
    expect(refusalOf([...events, event.created(alice, 50)], go)).toBe('created-twice')
  })

  test('P-22 is created by nobody but its creator, also a second time; status-go looks at the first time only', () => {
    const again = event.created(bob, 40)
    expect(refusalOf([...base, again])).toBe('not-the-creator')
    expect(refusalOf([...base, again], go)).toBe('created-twice')
    expect(refusalOf([again], go)).toBe('not-the-creator')
  })

  test('P-19 does not change by the removal of what is no key', () => {
    expect(refusalOf([...base, event.of(5, alice, 40, { members: ['mallory'] })])).toBe('no-effect')
  })
})

describe('the rules of status-go 0.56.10', () => {
  test('P-19 bound neither names nor members', () => {
    const name = 'x'.repeat(limits.nameBytes + 1)
    const crowd = Array.from({ length: limits.eventMembers + 1 }, (_, i) => `${i}`)
    const added = { ...event.of(3, alice, 50, { members: crowd }), targets: crowd }
    const { state, rejected } = reduceGroup(groupId, [...base, event.renamed(alice, 40, name), added], go)
    expect(rejected).toEqual([])
    expect(state).toMatchObject({ name, members: [a, b, c, ...crowd] })
  })

  test('P-19 bound no group either', () => {
    const half = (from: number, at: number): GroupEvent => {
      const targets = Array.from({ length: limits.groupMembers / 2 }, (_, i) => `${from + i}`)
      return { ...event.of(3, alice, at, { members: targets }), targets }
    }
    const events = [...base, half(0, 40), half(500, 50)]
    expect(reduceGroup(groupId, events, go).state.members).toHaveLength(limits.groupMembers + 3)
    expect(refusalOf(events)).toBe('too-many-members')
  })

  test('P-19 take what an event names as it is, key or not', () => {
    const events = [...base, event.of(3, alice, 40, { members: ['mallory'] })]
    expect(reduceGroup(groupId, events, go).state.members).toEqual([a, b, c, 'mallory'])
    expect(reduceGroup(groupId, events).state.members).toEqual([a, b, c])
  })

  test('P-20 leave events of one clock as they came; strict rules do not ask who was heard first', () => {
    const admins = [...base, event.promoted(alice, 30, bob)]
    const [hers, his] = [event.renamed(alice, 40, 'hers'), event.renamed(bob, 40, 'his')]
    const nameAfter = (ties: readonly GroupEvent[], rules?: typeof go) =>
      reduceGroup(groupId, [...admins, ...ties], rules).state.name
    expect(nameAfter([hers, his], go)).toBe('his')
    expect(nameAfter([his, hers], go)).toBe('hers')
    expect(nameAfter([his, hers])).toBe(nameAfter([hers, his]))
    expect(nameAfter([event.renamed(alice, 50, 'later'), his], go)).toBe('later')
  })
})

describe('an event', () => {
  test('P-18 that names more than limits.eventMembers names nobody, and no key is looked at', () => {
    const naming = (count: number) => event.of(3, alice, 1, { members: new Array<string>(count).fill(d) })
    expect(naming(limits.eventMembers).targets).toHaveLength(limits.eventMembers)
    expect(naming(limits.eventMembers + 1)).toMatchObject({ targets: [], members: { length: limits.eventMembers + 1 } })
  })

  test('P-18 has a signature with v 0 or 1: one with v 2 is none, though a key can be recovered from it', () => {
    const { bytes } = event.joined(bob, 1)
    const signature = concatBytes(smallPoint, Uint8Array.of(2))
    expect(recoverPublicKey(new Uint8Array(32), signature)).toHaveLength(65)
    expect(openEvent(groupId, concatBytes(signature, bytes.slice(65)))).toBe('event-signature')
  })

  test('P-18 is not signed by a key that makes a high s: no one would take it', () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const high: IdentityKey = {
      ...alice,
      sign: digest => {
        const low = alice.sign(digest)
        const s = low.slice(32, 64).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
        const other = hexToBytes((order - s).toString(16).padStart(64, '0'))
        return concatBytes(low.slice(0, 32), other, Uint8Array.of(1 - (low[64] ?? 0)))
      }
    }
    expect(() => event.joined(high, 1)).toThrow(wrong)
  })

  test('P-18 has fields of its types', () => {
    const good = { clock: 1n, members: [], name: '', type: 2 ** 31 - 1 }
    expect(signEvent(groupId, good, alice)).toMatchObject({ type: 2 ** 31 - 1 })
    for (const change of [{ type: 2 ** 31 }, { type: -1 }, { members: [5] }, { name: undefined }, { clock: 1 }]) {
      expect(() => signEvent(groupId, { ...good, ...change } as typeof good, alice), Object.keys(change)[0]).toThrow(
        wrong
      )
    }
  })

  test('P-18 is replayed only when it is whole', () => {
    const [created] = base as [GroupEvent, ...GroupEvent[]]
    for (const change of [
      { bytes: created.bytes.slice(0, 65) },
      { author: undefined },
      { clock: -1 },
      { clock: 1n },
      { members: undefined },
      { targets: a }
    ]) {
      const broken = { ...created, ...change } as unknown as GroupEvent
      expect(() => reduceGroup(groupId, [broken]), JSON.stringify(Object.keys(change))).toThrow(wrong)
    }
    const short = { ...created, bytes: created.bytes.slice(0, 64) }
    expect(() => eventKey(short)).toThrow(wrong)
    expect(() => systemMessageId(short)).toThrow(wrong)
  })
})

describe('a line of the system', () => {
  test('P-26 names its event, and those of a later release unknown', () => {
    const events = [...base, event.of(99, alice, 30)]
    expect(systemMessages(events).map(line => line.event)).toEqual([
      'chatCreated',
      'membersAdded',
      'memberJoined',
      'unknown'
    ])
  })

  test('P-26 says no one where an event names no key', () => {
    const texts = systemMessages([event.added(alice, 1), event.of(6, alice, 2, { members: ['x'] })]).map(l => l.text)
    expect(texts).toEqual([`@${a} has invited no one`, `@${a} has made no one admin`])
  })

  test('P-26 has a name on one line, its breaks as one space each and none at its ends', () => {
    const [line] = systemMessages([event.created(alice, 0, ' \r\n the\n\r\n\ttrip “to” sea \u2028')])
    expect(line?.text).toBe(`@${a} created the group “the trip 'to' sea”`)
  })
})
