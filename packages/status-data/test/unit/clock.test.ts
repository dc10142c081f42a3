import type { Chat } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { clockNumber, isPossibleClock } from '../../src/clock.ts'
import { keyId, limits, outgoing } from '../../src/index.ts'
import { bidClock, nextClock, reduceGroup, signChanges } from '../../src/rules.ts'
import { accepted, alice, bob, carol, deliver, now } from '../support/chats.ts'
import { base, event, groupId } from '../support/groups.ts'
import { valid, wrapped } from '../support/payloads.ts'

const toBob: Chat = { kind: 'one-to-one', publicKey: bob.publicKey }
const status: Chat = { kind: 'public', name: 'status' }
const arrival = { kind: 'public', name: 'status' } as const
const in2040 = Date.UTC(2040, 0)

describe('P-6 the clock of a new message', () => {
  test('P-6 is above the last one, and now when that lies too far ahead', () => {
    const { clockBidAheadMs } = limits
    expect(bidClock(0, now)).toEqual({ clock: now, ignoredLast: false })
    expect(bidClock(now, now)).toEqual({ clock: now + 1, ignoredLast: false })
    expect(bidClock(now + clockBidAheadMs - 1, now)).toEqual({ clock: now + clockBidAheadMs, ignoredLast: false })
    expect(bidClock(now + clockBidAheadMs, now)).toEqual({ clock: now, ignoredLast: true })
    expect(nextClock(Number.MAX_SAFE_INTEGER, now + 0.5)).toBe(now)
  })

  test('P-6 readers accept it whatever the last one was, and say 15 s behind us as well', () => {
    for (const lastClock of [0, now, now + 60_000, now + 99_999, now + 119_999, now + 129_000, in2040, 2 ** 53 - 1]) {
      const out = outgoing(toBob, { kind: 'text', text: 'x' }, { identity: alice, nowMs: now, lastClock })
      const late = { sentMs: now - 15_000, nowMs: now - 15_000 }
      expect(deliver(out, late), `${lastClock}`).toMatchObject({ kind: 'accepted' })
    }
  })

  test('P-6 one envelope 9 s ahead with the highest clock that anyone accepts mutes nobody', () => {
    const hostile = { ...valid['chat-message'], chatId: 'status', messageType: 2 }
    const early = { arrival, sentMs: now + 9000 }
    const clocks = [120_000, 125_000, 129_000].flatMap(ahead => {
      const result = deliver(wrapped('chat-message', { ...hostile, clock: BigInt(now + ahead) }), early)
      return result.kind === 'accepted' ? [result.clock] : []
    })
    const lastClock = Math.max(...clocks)
    for (const after of [0, 1, 1000, 9000]) {
      const out = outgoing(status, { kind: 'text', text: 'x' }, { identity: carol, nowMs: now + after, lastClock })
      expect(accepted(deliver(out, { arrival, from: carol, sentMs: now + after, nowMs: now + after })).clock).toBe(
        out.local.clock
      )
    }
  })

  test('P-6 a message that leaves out the last clock says so', () => {
    const send = (lastClock: number) =>
      outgoing(toBob, { kind: 'text', text: 'x' }, { identity: alice, nowMs: now, lastClock })
    expect(send(now + 1000)).not.toHaveProperty('ignoredLastClock')
    expect(send(in2040)).toMatchObject({ ignoredLastClock: true, local: { clock: now } })
  })
})

describe('P-25 the clock of a new event', () => {
  const rename = (events: typeof base, nowMs = now + 10, lastClock = 0) =>
    signChanges(groupId, events, [{ kind: 'name-changed', name: 'new' }], alice, { nowMs, lastClock })
  const kick = (events: typeof base, nowMs = now + 10) =>
    signChanges(groupId, events, [{ kind: 'member-removed', member: carol.publicKey }], alice, { nowMs })

  test('P-25 events far ahead of now do not keep an admin from acting', () => {
    for (const ahead of [
      event.joined(carol, 119_999),
      event.of(3, carol, 120_000, { members: [keyId(bob.publicKey)] })
    ]) {
      const { signed, after } = kick([...base, ahead])
      expect(signed[0]?.clock).toBe(now + 10)
      expect(after.members).not.toContain(keyId(carol.publicKey))
    }
    expect(rename(base, now + 10, in2040).signed[0]?.clock).toBe(now + 10)
  })

  test('P-25 where the change rests on such an event its clock is above it', () => {
    const late = event.added(alice, 110_000, carol)
    const { signed, after } = kick([event.created(alice, 0), late])
    expect(signed[0]?.clock).toBe(now + 110_001)
    expect(after.members).toEqual([keyId(alice.publicKey)])
  })

  test('P-25 events we signed under a wrong time are left out: no one else has them, and status-go would refuse all', () => {
    const wrong = event.renamed(alice, in2040 - now, 'from 2040')
    const { signed, after } = rename([...base, wrong])
    expect(signed[0]?.clock).toBe(now + 10)
    expect(after.name).toBe('new')
    const said = outgoing(
      { kind: 'group', id: groupId, events: [...base, wrong] },
      { kind: 'text', text: 'hi' },
      { identity: alice, nowMs: now + 10, lastClock: in2040 }
    )
    expect(said.local.effects).toMatchObject([{ events: base }])
    expect(accepted(deliver(said, { rules: 'status-go-0.56.10', nowMs: now + 10 })).effects).toMatchObject([
      { events: base }
    ])
  })

  test('P-25 what others signed far ahead means that our own time is behind: nothing is left out', () => {
    const behind = now - 3_600_000
    expect(rename(base, behind).signed[0]?.clock).toBe(now + 3)
    expect(reduceGroup(groupId, base).state.members).toHaveLength(3)
  })
})

test('a clock is possible up to the bound ahead of now, and a wire clock beyond 2^53 stops there', () => {
  const { clockAheadMs } = limits
  expect([0, 1].map(more => isPossibleClock(now + clockAheadMs + more, now))).toEqual([true, false])
  expect(clockNumber(12n)).toBe(12)
  expect(clockNumber(2n ** 64n - 1n)).toBe(Number.MAX_SAFE_INTEGER)
})
