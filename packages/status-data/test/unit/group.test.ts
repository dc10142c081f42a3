import { concatBytes, hexToBytes, keccak256, utf8Bytes } from '@status-stack/crypto'
import type { Chat, EventRefusal, GroupChange, GroupEvent } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { createGroupId, decode, isGroupId, keyId, limits, outgoing } from '../../src/index.ts'
import { membershipUpdateEvent } from '../../src/payloads/membership-update.ts'
import {
  mergeGroup,
  openEvent,
  openEvents,
  reduceGroup,
  replayGroup,
  signChanges,
  systemMessageId,
  systemMessages
} from '../../src/rules.ts'
import { accepted, alice, bob, carol, dave, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { valid, wrapped } from '../support/payloads.ts'
import { countingRandom, person } from '../support/people.ts'

const [a, b, c, d] = [alice, bob, carol, dave].map(({ publicKey }) => keyId(publicKey)) as [
  string,
  string,
  string,
  string
]
const base = [event.created(alice, 0), event.added(alice, 10, bob, carol), event.joined(bob, 20)]
const withAdmins = [...base, event.promoted(alice, 30, bob)]
const go = 'status-go-0.56.10'

describe('events', () => {
  test('P-18 an event is verified over the received bytes, with the chat id in front', () => {
    const [created] = base
    if (created === undefined) throw new Error('no event')
    expect(openEvent(groupId, created.bytes)).toEqual(created)
    // Re-encoding would lose the unknown field; the signature covers it.
    const extra = concatBytes(created.bytes.slice(65), Uint8Array.of(0x78, 0x01))
    const resigned = concatBytes(alice.sign(keccak256(concatBytes(utf8Bytes(groupId), extra))), extra)
    const opened = openEvent(groupId, resigned)
    expect(opened).toMatchObject({ author: a, bytes: resigned })
    // For another group the same bytes have another author.
    const other = createGroupId(bob.publicKey, countingRandom())
    const moved = openEvent(other, created.bytes)
    expect(typeof moved === 'string' || moved.author !== a).toBe(true)
  })

  test('P-18 what is no event is refused with a reason', () => {
    const bytes = event.joined(bob, 1).bytes
    const change = (at: number, value: number) => {
      const copy = Uint8Array.from(bytes)
      copy[at] = value
      return copy
    }
    expect(openEvent(groupId, bytes.slice(0, 65))).toBe('event-malformed')
    expect(openEvent(groupId, concatBytes(bytes.slice(0, 65), Uint8Array.of(0xff)))).toBe('event-malformed')
    expect(openEvent(groupId, change(64, 27))).toBe('event-signature')
    expect(openEvent(groupId, change(64, 2))).toBe('event-signature')
    expect(openEvent(groupId, concatBytes(new Uint8Array(65), bytes.slice(65)))).toBe('event-signature')
  })

  test('a signature spelled a second way, with a high s, is not a second event', () => {
    const { bytes } = event.joined(bob, 1)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const s = bytes.slice(32, 64).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
    const high = hexToBytes((order - s).toString(16).padStart(64, '0'))
    const second = concatBytes(bytes.slice(0, 32), high, Uint8Array.of(1 - (bytes[64] ?? 0)), bytes.slice(65))
    expect(openEvent(groupId, second, go)).toMatchObject({ author: b })
    expect(openEvent(groupId, second)).toBe('event-signature')
  })

  test('openEvents leaves out what is none', () => {
    const bytes = base.map(each => each.bytes)
    expect(openEvents(groupId, [Uint8Array.of(1), ...bytes])).toEqual(base)
  })
})

describe('permissions', () => {
  const verdict = (before: readonly GroupEvent[], last: GroupEvent): EventRefusal | 'accepted' => {
    const { rejected } = reduceGroup(groupId, [...before, last])
    expect(rejected.every(each => each.event === last)).toBe(true)
    return rejected[0]?.reason ?? 'accepted'
  }

  const cases: readonly [string, readonly GroupEvent[], GroupEvent, EventRefusal | 'accepted'][] = [
    ['created by the creator', [], event.created(alice, 1), 'accepted'],
    ['created with an empty name', [], event.created(alice, 1, ''), 'accepted'],
    ['created by somebody else', [], event.created(bob, 1), 'not-the-creator'],
    ['created twice', base, event.created(alice, 40), 'created-twice'],
    ['renamed by an admin', base, event.renamed(alice, 40, 'new'), 'accepted'],
    ['renamed by a member', base, event.renamed(bob, 40, 'new'), 'not-an-admin'],
    ['renamed to nothing', base, event.renamed(alice, 40, ''), 'name-empty'],
    ['renamed beyond limits.nameBytes', base, event.renamed(alice, 40, 'é'.repeat(129)), 'name-too-long'],
    ['members added by an admin', base, event.added(alice, 40, dave), 'accepted'],
    ['nobody added by an admin', base, event.added(alice, 40), 'no-effect'],
    ['members added by an admin again', base, event.added(alice, 40, bob), 'no-effect'],
    ['renamed to what it is called', base, event.renamed(alice, 40, 'trip'), 'no-effect'],
    ['joined by who has joined', base, event.joined(bob, 40), 'no-effect'],
    ['an admin made admin', base, event.promoted(alice, 40, alice), 'no-effect'],
    ['a stranger removed by an admin', base, event.removed(alice, 40, dave), 'no-effect'],
    ['members added by a member', base, event.added(bob, 40, dave), 'not-an-admin'],
    ['joined by an invited member', base, event.joined(carol, 40), 'accepted'],
    ['joined by a stranger', base, event.joined(dave, 40), 'not-a-member'],
    ['a member removed by an admin', base, event.removed(alice, 40, bob), 'accepted'],
    ['a member removed by a member', base, event.removed(bob, 40, carol), 'not-an-admin'],
    ['a member leaving', base, event.removed(bob, 40, bob), 'accepted'],
    ['a stranger leaving', base, event.removed(dave, 40, dave), 'no-effect'],
    ['the creator leaving', base, event.removed(alice, 40, alice), 'accepted'],
    ['an admin removed by an admin', withAdmins, event.removed(alice, 40, bob), 'target-is-admin'],
    ['two removed at once', base, event.removed(alice, 40, bob, carol), 'target-count'],
    ['nobody removed', base, event.removed(alice, 40), 'target-count'],
    ['a member made admin by an admin', base, event.promoted(alice, 40, carol), 'accepted'],
    ['a member made admin by a member', base, event.promoted(bob, 40, carol), 'not-an-admin'],
    ['a stranger made admin', base, event.promoted(alice, 40, dave), 'target-not-a-member'],
    ['a member and a stranger made admin', base, event.promoted(alice, 40, bob, dave), 'target-not-a-member'],
    ['nobody made admin', base, event.promoted(alice, 40), 'target-not-a-member'],
    ['an admin stepping down', withAdmins, event.resigned(bob, 40, bob), 'accepted'],
    ['an admin demoting another', withAdmins, event.resigned(alice, 40, bob), 'target-not-self'],
    ['a member stepping down from nothing', base, event.resigned(bob, 40, bob), 'not-an-admin'],
    ['stepping down for two', withAdmins, event.resigned(bob, 40, bob, alice), 'target-count'],
    ['an unknown type', base, event.of(0, alice, 40), 'type-unknown'],
    ['a type of the future', base, event.of(8, alice, 40), 'type-unknown'],
    ['anything before the group exists', [], event.renamed(alice, 1, 'x'), 'not-created'],
    ['leaving before the group exists', [], event.removed(bob, 1, bob), 'not-created'],
    ['joining before the group exists', [], event.joined(bob, 1), 'not-created']
  ]

  test.each(cases)('P-19 %s', (_, before, last, outcome) => {
    expect(verdict(before, last)).toBe(outcome)
  })

  test('P-19 a group created at clock 0, which only the rules of status-go let so far, is a group', () => {
    const zero = event.created(alice, -now)
    expect(reduceGroup(groupId, [zero, event.removed(bob, 40, bob)], go).rejected).toEqual([])
  })

  test('P-19 making a member and a stranger admin is what status-go 0.56.10 lets through', () => {
    const events = [...base, event.promoted(alice, 40, bob, dave)]
    expect(reduceGroup(groupId, events, go).state.admins).toEqual([a, b, d])
    expect(reduceGroup(groupId, events).state.admins).toEqual([a])
  })

  test('P-19 more members than limits.eventMembers in one event', () => {
    const crowd = (count: number) =>
      event.of(3, alice, 40, { members: Array.from({ length: count }, (_, i) => (i === 0 ? d : `${i}`)) })
    expect(verdict(base, crowd(limits.eventMembers))).toBe('accepted')
    expect(verdict(base, crowd(limits.eventMembers + 1))).toBe('too-many-members')
  })

  test('P-19 more members than limits.groupMembers in one group', () => {
    const member = (i: number) => `${i}`.padStart(132, 'x')
    const crowd = (from: number, count: number, at: number): GroupEvent => {
      const named = event.of(3, alice, at, { members: [`${from}`] })
      const targets = Array.from({ length: count }, (_, i) => member(from + i))
      return { ...named, members: targets, targets }
    }
    const full = [...base, crowd(0, limits.groupMembers - 3, 40)]
    expect(reduceGroup(groupId, full).state.members).toHaveLength(limits.groupMembers)
    expect(verdict(full, crowd(0, 50, 50))).toBe('no-effect')
    expect(verdict(full, crowd(600, 1, 51))).toBe('too-many-members')
  })

  test('a target that is no key names nobody', () => {
    const events = [
      ...base,
      event.of(3, alice, 40, { members: [d, 'mallory', d.toUpperCase(), `0x04${'00'.repeat(64)}`] })
    ]
    expect(reduceGroup(groupId, events).state.members).toEqual([a, b, c, d])
  })

  test('what each event does to the group', () => {
    const after = (...more: GroupEvent[]) => reduceGroup(groupId, [...base, ...more]).state
    expect(after()).toEqual({
      id: groupId,
      name: 'trip',
      members: [a, b, c],
      joined: [a, b],
      admins: [a],
      lastClock: now + 20
    })
    expect(after(event.renamed(alice, 40, 'new')).name).toBe('new')
    expect(after(event.added(alice, 40, dave)).members).toEqual([a, b, c, d])
    expect(after(event.joined(carol, 40)).joined).toEqual([a, b, c])
    expect(after(event.promoted(alice, 40, bob)).admins).toEqual([a, b])
    expect(after(event.promoted(alice, 40, bob), event.removed(bob, 50, bob))).toMatchObject({
      members: [a, c],
      joined: [a],
      admins: [a]
    })
    expect(after(event.promoted(alice, 40, bob), event.resigned(alice, 50, alice)).admins).toEqual([b])
  })
})

describe('replay', () => {
  test('P-21 one invalid event stops nothing, and is not sent on', () => {
    const bad = [event.added(bob, 15, dave), event.joined(dave, 25), event.of(99, carol, 26)]
    const merged = mergeGroup(groupId, [], [...bad, ...base])
    if (merged.kind !== 'merged') throw new Error(merged.reason)
    expect(merged.state).toEqual(reduceGroup(groupId, base).state)
    expect(merged.accepted).toEqual(base)
    expect(merged.rejected).toHaveLength(3)
    const out = outgoing(
      { kind: 'group', id: groupId, events: merged.events },
      { kind: 'group-update' },
      { identity: alice, nowMs: now }
    )
    expect(out.local.effects).toMatchObject([{ kind: 'group-events', events: base }])
    // status-go 0.56.10 would refuse the whole update.
    expect(mergeGroup(groupId, [], [...bad, ...base], go)).toMatchObject({ kind: 'refused', reason: 'events-invalid' })
  })

  test('P-21 an event that waits for an earlier one counts when that has come', () => {
    const join = event.joined(dave, 50)
    const first = mergeGroup(groupId, base, [join])
    if (first.kind !== 'merged') throw new Error(first.reason)
    expect(first.state.joined).toEqual([a, b])
    expect(first.added).toEqual([])
    const invitation = event.added(alice, 45, dave)
    const second = mergeGroup(groupId, first.events, [invitation])
    if (second.kind !== 'merged') throw new Error(second.reason)
    expect(second.state.joined).toEqual([a, b, d])
    expect(second.added).toEqual([invitation, join])
  })

  test('two admins acting offline converge, whoever is heard first', () => {
    const atAlice = event.removed(alice, 40, carol)
    const atBob = [event.promoted(bob, 41, carol), event.renamed(bob, 42, 'by Bob')]
    const one = mergeGroup(groupId, [...withAdmins, atAlice], atBob)
    const two = mergeGroup(groupId, [...withAdmins, ...atBob], [atAlice])
    if (one.kind !== 'merged' || two.kind !== 'merged') throw new Error('refused')
    expect(one.state).toEqual(two.state)
    // Alice was earlier, so Carol is gone and cannot become admin; the name stands.
    expect(one.state).toMatchObject({ name: 'by Bob', members: [a, b], admins: [a, b] })
  })

  test('old events replayed change nothing', () => {
    const now2 = [...withAdmins, event.removed(alice, 40, carol)]
    const again = mergeGroup(groupId, now2, [...base, ...withAdmins])
    expect(again).toMatchObject({ kind: 'merged', added: [], state: reduceGroup(groupId, now2).state })
  })

  test('the time-travel view: state and reason at every event', () => {
    const steps = replayGroup(groupId, [...base, event.renamed(bob, 15, 'mine')])
    expect(steps.map(({ refusal }) => refusal)).toEqual([undefined, undefined, 'not-an-admin', undefined])
    expect(steps.map(({ state }) => state.members.length)).toEqual([1, 3, 3, 3])
    expect(steps.map(({ state }) => state.joined.length)).toEqual([1, 1, 1, 2])
    expect(steps.at(-1)?.state).toEqual(reduceGroup(groupId, base).state)
    expect(replayGroup(groupId, [])).toEqual([])
  })

  test('P-22 the chat id is a UUID, a dash and the key of who signed the creation', () => {
    expect(isGroupId(groupId)).toBe(true)
    for (const id of [a, `x-${a}`, `${groupId}0`, groupId.replace(/^.{8}/, '{}{}{}{}'), groupId.slice(1)]) {
      expect(isGroupId(id), id).toBe(false)
      expect(mergeGroup(id, [], [event.created(alice, 0, 'x', id)])).toMatchObject({ reason: 'group-id-invalid' })
      const update = wrapped('membership-update', { chatId: id, events: [event.created(alice, 0, 'x', id).bytes] })
      expect(deliver(update)).toMatchObject({ kind: 'refused', reason: 'group-id-invalid' })
    }
    const bobs = createGroupId(bob.publicKey, countingRandom())
    expect(reduceGroup(bobs, [event.created(alice, 0, 'x', bobs)]).rejected[0]?.reason).toBe('not-the-creator')
  })

  test('a group id is a UUID of version 4 from the random port', () => {
    expect(groupId).toBe(`00010203-0405-4607-8809-0a0b0c0d0e0f-${a}`)
    expect(() => createGroupId(alice.publicKey, { bytes: () => new Uint8Array(3) })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' })
    )
  })

  test('a history beyond limits.groupEvents is refused, on the wire and in a merge', () => {
    const bytes = new Array<Uint8Array>(limits.groupEvents + 1).fill(Uint8Array.of(1))
    expect(deliver(wrapped('membership-update', { chatId: groupId, events: bytes }))).toMatchObject({
      reason: 'events-too-many'
    })
    const renamed = event.renamed(alice, 1, 'x')
    const renames = Array.from({ length: limits.groupEvents }, (_, i) => {
      const bytes = Uint8Array.from(renamed.bytes)
      new DataView(bytes.buffer).setUint32(0, i)
      return { ...renamed, bytes, clock: now + 1 + i, name: `${i}` }
    })
    const many = [base[0] as GroupEvent, ...renames]
    expect(mergeGroup(groupId, many.slice(0, -1), many.slice(-1))).toMatchObject({ reason: 'events-too-many' })
    expect(mergeGroup(groupId, many.slice(0, -1), [])).toMatchObject({ kind: 'merged' })
  })
})

describe('changes', () => {
  const chat = (events: readonly GroupEvent[]): Extract<Chat, { kind: 'group' }> => ({
    kind: 'group',
    id: groupId,
    events
  })
  const change = (events: readonly GroupEvent[], changes: readonly GroupChange[], identity = alice, nowMs = now) =>
    outgoing(chat(events), { kind: 'group-changes', changes }, { identity, nowMs })

  test('P-25 event clocks are above every event known, though our clock is behind', () => {
    const behind = now - 3_600_000
    const { signed } = signChanges(
      groupId,
      base,
      [
        { kind: 'name-changed', name: 'x' },
        { kind: 'members-added', members: [dave.publicKey] }
      ],
      alice,
      {
        nowMs: behind
      }
    )
    expect(signed.map(({ clock }) => clock)).toEqual([now + 21, now + 22])
    const after = signChanges(groupId, base, [{ kind: 'name-changed', name: 'x' }], alice, {
      nowMs: behind,
      lastClock: now + 500
    })
    expect(after.signed[0]?.clock).toBe(now + 501)
    const waiting = [...base, event.joined(dave, 90)]
    expect(
      signChanges(groupId, waiting, [{ kind: 'name-changed', name: 'x' }], alice, { nowMs: behind }).signed[0]?.clock
    ).toBe(now + 91)
  })

  test('P-24 a removed member receives the removal and nothing later', () => {
    const removal = change(base, [{ kind: 'member-removed', member: bob.publicKey }])
    expect(removal).toMatchObject({ to: [bob.publicKey, carol.publicKey] })
    const [effect] = removal.local.effects
    if (effect?.kind !== 'group-events') throw new Error('no events')
    const later = outgoing(
      chat(effect.events),
      { kind: 'text', text: 'without Bob' },
      { identity: alice, nowMs: now + 60 }
    )
    expect(later).toMatchObject({ to: [carol.publicKey] })
    expect(change(effect.events, [{ kind: 'name-changed', name: 'x' }])).toMatchObject({ to: [carol.publicKey] })
  })

  test('whoever leaves tells those who stay', () => {
    expect(change(base, [{ kind: 'member-removed', member: bob.publicKey }], bob)).toMatchObject({
      to: [alice.publicKey, carol.publicKey],
      ownCopies: true
    })
  })

  test('a change that changes nothing is not signed', () => {
    const { signed } = signChanges(
      groupId,
      base,
      [
        { kind: 'members-added', members: [] },
        { kind: 'name-changed', name: 'trip' },
        { kind: 'name-changed', name: 'new' }
      ],
      alice,
      { nowMs: now }
    )
    expect(signed).toMatchObject([{ name: 'new' }])
  })

  test('a change that readers would refuse is not sent', () => {
    const refusal = (reason: string) => expect.objectContaining({ code: 'not-sendable', details: { reason } })
    expect(() => change(base, [{ kind: 'name-changed', name: 'x' }], bob)).toThrow(refusal('not-an-admin'))
    expect(() => change(base, [{ kind: 'member-joined' }], dave)).toThrow(refusal('not-a-member'))
    expect(() => change([], [{ kind: 'created', name: 'x' }], bob)).toThrow(refusal('not-the-creator'))
    expect(() => change(base, [{ kind: 'admins-added', members: [dave.publicKey] }])).toThrow(
      refusal('target-not-a-member')
    )
  })

  test('edits, deletions and pins go to each member outside an update, from joined members only', () => {
    const messageId = `0x${'ab'.repeat(32)}`
    for (const content of [
      { kind: 'edit', messageId, text: 'better' },
      { kind: 'delete', messageId },
      { kind: 'pin', messageId, pinned: true }
    ] as const) {
      const out = outgoing(chat(base), content, { identity: bob, nowMs: now + 30 })
      expect(out).toMatchObject({ reliability: 'reliable', to: [alice.publicKey, carol.publicKey], ownCopies: true })
      expect(accepted(deliver(out, { from: bob, to: carol }))).toMatchObject({
        content,
        chat: { kind: 'group', id: groupId }
      })
      expect(() => outgoing(chat(base), content, { identity: carol, nowMs: now + 30 })).toThrow(
        expect.objectContaining({ code: 'not-sendable', details: { reason: 'not-a-member' } })
      )
    }
  })

  test('one wrapper and one id for all members', () => {
    const out = outgoing(chat(base), { kind: 'text', text: 'hi' }, { identity: alice, nowMs: now + 30 })
    expect(accepted(deliver(out)).messageId).toEqual(accepted(deliver(out, { to: carol })).messageId)
  })

  test('a reaction in a group is best effort, to every member and our other devices', () => {
    const out = outgoing(
      chat(base),
      { kind: 'reaction', messageId: `0x${'ab'.repeat(32)}`, emoji: 'love' },
      { identity: alice, nowMs: now + 30 }
    )
    expect(out).toMatchObject({
      reliability: 'best-effort',
      to: [
        { kind: 'identity', publicKey: bob.publicKey, reach: 'known-devices' },
        { kind: 'identity', publicKey: carol.publicKey, reach: 'known-devices' },
        { kind: 'own-devices', reach: 'known-devices' }
      ]
    })
    expect(accepted(deliver(out))).toMatchObject({
      content: { kind: 'reaction' },
      chat: { kind: 'group', id: groupId }
    })
  })
})

describe('updates from outside', () => {
  const update = (events: readonly Uint8Array[], inside: object = {}) =>
    wrapped('membership-update', { chatId: groupId, events, ...inside })
  const bytes = base.map(each => each.bytes)
  const groupMessage = { ...valid['chat-message'], chatId: groupId, messageType: 3 }

  test('a message inside must name the same group', () => {
    expect(deliver(update(bytes, { message: groupMessage }))).toMatchObject({
      kind: 'accepted',
      content: { kind: 'text' }
    })
    const other = createGroupId(alice.publicKey, { bytes: length => new Uint8Array(length).fill(9) })
    for (const message of [
      { ...groupMessage, chatId: other },
      { ...groupMessage, messageType: 1 },
      { ...groupMessage, messageType: 2 }
    ]) {
      expect(deliver(update(bytes, { message }))).toMatchObject({ reason: 'embedded-mismatch' })
    }
    const emojiReaction = { ...valid['emoji-reaction'], chatId: other, messageType: 3 }
    expect(deliver(update(bytes, { emojiReaction }))).toMatchObject({ reason: 'embedded-mismatch' })
  })

  test('a message inside is judged like any other', () => {
    expect(deliver(update(bytes, { message: { ...groupMessage, text: ' ' } }))).toMatchObject({ reason: 'text-blank' })
    expect(deliver(update(bytes, { message: { ...groupMessage, contentType: 6 } }))).toMatchObject({
      reason: 'content-type'
    })
    const emojiReaction = { ...valid['emoji-reaction'], chatId: groupId, messageType: 3, type: 0 }
    expect(deliver(update(bytes, { emojiReaction }))).toMatchObject({ reason: 'emoji-invalid' })
  })

  test('P-8 events that are none, forged or ahead of time are left out; status-go refuses the update', () => {
    const ahead = event.renamed(alice, 120_001, 'too early').bytes
    const zero = event.of(2, alice, -now, { name: 'x' }).bytes
    for (const [bad, reason] of [
      [new Uint8Array(65), 'event-malformed'],
      [
        concatBytes(new Uint8Array(65), membershipUpdateEvent.encode({ clock: 1n, members: [], name: '', type: 4 })),
        'event-signature'
      ],
      [ahead, 'clock-ahead'],
      [zero, 'clock-zero']
    ] as const) {
      const result = accepted(deliver(update([bad, ...bytes])))
      expect(result.effects).toEqual([{ kind: 'group-events', chatId: groupId, events: base }])
      expect(deliver(update([bad]))).toMatchObject({ kind: 'refused', reason })
      expect(deliver(update([bad, ...bytes]), { rules: go })).toMatchObject({ kind: 'refused', reason })
    }
    expect(deliver(update([event.joined(dave, 30).bytes, ...bytes]), { rules: go })).toMatchObject({
      kind: 'refused',
      reason: 'events-invalid'
    })
  })

  test('events we have are not verified again, and only if they are the same to the last byte', () => {
    const opened = base.map(each => ({ ...each, name: `known ${each.name}` }))
    const decodeWith = (events: readonly Uint8Array[]) => {
      const result = decode(update(events), {
        transportAuthor: alice.publicKey,
        sentMs: now,
        nowMs: now,
        arrival: { kind: 'identity' },
        self: bob.publicKey,
        knownEvents: id => (id === groupId ? opened : [])
      })
      return accepted(result).effects
    }
    expect(decodeWith(bytes)).toEqual([{ kind: 'group-events', chatId: groupId, events: opened }])
    const [first, second] = bytes
    if (first === undefined || second === undefined) throw new Error('no events')
    const grafted = concatBytes(first.slice(0, 65), second.slice(65))
    const [effect] = decodeWith([grafted])
    expect(effect).toMatchObject({ events: [{ type: 3 }] })
    expect(JSON.stringify(effect)).not.toContain(`"author":"${a}"`)
  })

  test('history handed on by a stranger is as good as any', () => {
    expect(accepted(deliver(update(bytes), { from: dave })).effects).toEqual([
      { kind: 'group-events', chatId: groupId, events: base }
    ])
  })
})

describe('system messages', () => {
  test('P-26 their id is the hash of the event signature, and an event has one line however often it comes', () => {
    const lines = systemMessages([...base, ...base])
    expect(lines).toHaveLength(3)
    lines.forEach((line, index) => {
      const source = base[index] as GroupEvent
      expect(line.messageId).toEqual(keccak256(source.bytes.slice(0, 65)))
      expect(line.messageId).toEqual(systemMessageId(source))
      expect(line).toMatchObject({ author: source.author, clock: source.clock })
    })
  })

  test('P-26 the vector of the written spec', () => {
    const author = person(0x11)
    const id = `00000000-0000-4000-8000-000000000001-${keyId(author.publicKey)}`
    const bytes = hexToBytes(
      '75f2556b56104516f59f3642d7633be7ba0a50ac8ca4073f472b109a312a343f2165015dec47a15f129b88cf4581247da3df052f2d9ee4c452b1cbbfbe46e45201' +
        '08011a036772702001'
    )
    const opened = openEvent(id, bytes)
    if (typeof opened === 'string') throw new Error(opened)
    expect(opened).toMatchObject({ author: keyId(author.publicKey), clock: 1, name: 'grp', type: 1 })
    expect(systemMessageId(opened)).toEqual(
      hexToBytes('bd35a8de48d429157dc8352abb2c1b28cd850873fac40ced3783694ad658e86e')
    )
  })

  test('what the lines say', () => {
    const events = [
      ...withAdmins,
      event.renamed(alice, 40, 'new'),
      event.removed(alice, 50, carol),
      event.resigned(bob, 60, bob)
    ]
    expect(systemMessages(events).map(({ text }) => text)).toEqual([
      `@${a} created the group “trip”`,
      `@${a} has invited @${b}, @${c}`,
      `@${b} joined the group`,
      `@${a} has made @${b} admin`,
      `@${a} changed the group's name to “new”`,
      `@${c} left the group`,
      `@${b} is not admin anymore`
    ])
  })
})
