import type { Contact, ContactEvent } from '@status-stack/interface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyId, shownName } from '../../src/index.ts'
import {
  contactCodesWanted,
  nextContact,
  quotaRates,
  ratesOf,
  relationOf,
  spendQuota,
  unknownContact
} from '../../src/rules.ts'
import { alice, bob, carol, dave } from '../support/chats.ts'

const after = (...events: readonly ContactEvent[]): Contact => events.reduce(nextContact, unknownContact)
const updated = (clock: number, ensName = ''): ContactEvent => ({
  kind: 'contact-updated',
  ensName,
  picture: `image ${clock}`,
  clock
})
const synced = (clock: number): ContactEvent => ({ kind: 'contact-synced', ensName: '', picture: '', clock })

describe('contact', () => {
  test.each([
    [[], 'stranger'],
    [[updated(1)], 'requested-us'],
    [[{ kind: 'added' }], 'added'],
    [[{ kind: 'added' }, updated(1)], 'mutual'],
    [[updated(1), { kind: 'added' }], 'mutual'],
    [[{ kind: 'added' }, { kind: 'removed' }], 'stranger'],
    [[{ kind: 'added' }, { kind: 'blocked' }], 'blocked'],
    [[{ kind: 'blocked' }, { kind: 'added' }], 'blocked'],
    [[{ kind: 'blocked' }, updated(1)], 'blocked'],
    [[{ kind: 'added' }, { kind: 'blocked' }, { kind: 'unblocked' }], 'stranger'],
    [[synced(1)], 'added'],
    [[{ kind: 'blocked' }, synced(1), { kind: 'unblocked' }], 'stranger']
  ] as const)('%j makes somebody %s', (events, relation) => {
    expect(relationOf(after(...events))).toBe(relation)
  })

  test('P-28 nothing they send adds anybody', () => {
    const theirs = fc.oneof(
      fc.record({
        kind: fc.constant('contact-updated' as const),
        ensName: fc.string(),
        picture: fc.string(),
        clock: fc.nat()
      }),
      fc.record({ kind: fc.constant('ens-claimed' as const), ensName: fc.string(), clock: fc.nat() })
    )
    fc.assert(
      fc.property(fc.array(theirs), events => {
        const contact = after(...events)
        expect(contact.added).toBe(false)
        expect(contact.ensVerified).toBe(false)
      })
    )
  })

  test('whether somebody is added follows our last decision, on whichever device, and no clock of theirs', () => {
    const clock = fc.integer({ min: 1, max: 20 })
    const theirs = fc.oneof(
      clock.map((at): ContactEvent => updated(at, `n${at}.eth`)),
      clock.map((at): ContactEvent => ({ kind: 'ens-claimed', ensName: `n${at}.eth`, clock: at }))
    )
    const ours = fc.record({
      kind: fc.constantFrom('added' as const, 'removed' as const, 'contact-synced' as const),
      clock
    })
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            theirs.map(event => ({ event })),
            ours
          )
        ),
        events => {
          // What we do here comes in the order of its times; what another device did comes late.
          let last = { added: false, clock: 0 }
          const said = events.map((one): ContactEvent => {
            if ('event' in one) return one.event
            const { kind, clock: at } = one
            if (kind === 'contact-synced') {
              if (at > last.clock) last = { added: true, clock: at }
              return synced(at)
            }
            const added = kind === 'added'
            if (added !== last.added) last = { added, clock: Math.max(last.clock, at) }
            return { kind, clock: at }
          })
          expect(after(...said).added).toBe(last.added)
        }
      )
    )
  })

  test('the newest profile wins, in whatever order profiles come', () => {
    expect(after(updated(2, 'b.eth'), updated(1, 'a.eth'))).toEqual(after(updated(1, 'a.eth'), updated(2, 'b.eth')))
    expect(after(updated(2), updated(2)).profileClock).toBe(2)
  })

  test('the newest name wins, in whatever order profiles and messages bring theirs', () => {
    const events = fc.uniqueArray(fc.record({ clock: fc.integer({ min: 1, max: 20 }), isProfile: fc.boolean() }), {
      selector: ({ clock }) => clock,
      minLength: 1
    })
    fc.assert(
      fc.property(events, said => {
        const come = said.map(({ clock, isProfile }): ContactEvent => {
          const ensName = `n${clock}.eth`
          return isProfile ? updated(clock, ensName) : { kind: 'ens-claimed', ensName, clock }
        })
        const newest = Math.max(...said.map(({ clock }) => clock))
        expect(after(...come).ensName).toBe(`n${newest}.eth`)
      })
    )
  })

  test('a name is shown when it is verified and ends in .eth; another name is verified anew', () => {
    const claim: ContactEvent = { kind: 'ens-claimed', ensName: 'alice.eth', clock: 5 }
    const checked = (ensName: string, verified = true): ContactEvent => ({ kind: 'ens-checked', ensName, verified })
    expect(shownName(after(claim))).toBeUndefined()
    expect(shownName(after(claim, checked('alice.eth')))).toBe('alice.eth')
    expect(shownName(after(claim, checked('alice.eth', false)))).toBeUndefined()
    expect(shownName(after(claim, checked('bob.eth')))).toBeUndefined()
    const renamed: ContactEvent = { kind: 'ens-claimed', ensName: 'eve.eth', clock: 6 }
    expect(shownName(after(claim, checked('alice.eth'), renamed))).toBeUndefined()
    const older: ContactEvent = { ...renamed, clock: 4 }
    expect(shownName(after(claim, checked('alice.eth'), older))).toBe('alice.eth')
    expect(shownName({ ...unknownContact, ensName: 'alice.example', ensVerified: true })).toBeUndefined()
  })
})

describe('quota', () => {
  const spend = (times: readonly number[], rates = quotaRates.stranger) =>
    times.reduce<{ quota: ReturnType<typeof spendQuota>; passed: number }>(
      ({ quota, passed }, at) => {
        const next = spendQuota(quota, at, rates)
        return next === undefined ? { quota, passed } : { quota: next, passed: passed + 1 }
      },
      { quota: undefined, passed: 0 }
    ).passed

  test('a burst, then what a minute gives back', () => {
    const { burst, perMinute } = quotaRates.stranger
    const flood = new Array(1000)
    expect(spend(flood.fill(0))).toBe(burst)
    expect(spend([...flood.fill(0), ...new Array(1000).fill(6000)])).toBe(burst + perMinute / 10)
    expect(spend([...flood.fill(0), ...new Array(1000).fill(10 ** 9)])).toBe(2 * burst)
  })

  test('a clock set back a little gives nothing and takes nothing', () => {
    const { burst, perMinute } = quotaRates.stranger
    const backMs = (burst * 60_000) / perMinute
    const full = new Array(burst).fill(10 ** 6)
    expect(spend([...full, 10 ** 6 - backMs, 10 ** 6 - backMs, 10 ** 6])).toBe(burst)
  })

  test('a clock that was far ahead and is put right mutes nobody until that time comes', () => {
    const { burst } = quotaRates.stranger
    const ahead = new Array(burst).fill(10 ** 10)
    expect(spend([...ahead, 0])).toBe(burst + 1)
    expect(spend([...ahead, ...new Array(burst * 2).fill(0)])).toBe(burst * 2)
  })

  test('no schedule beats burst and rate', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 100 }), gaps => {
        let at = 0
        const times = gaps.map(gap => (at += gap))
        const { burst, perMinute } = quotaRates.stranger
        expect(spend(times)).toBeLessThanOrEqual(burst + (at * perMinute) / 60_000)
      })
    )
  })

  test('people we added have the larger quota', () => {
    expect(ratesOf(unknownContact)).toBe(quotaRates.stranger)
    expect(ratesOf({ ...unknownContact, added: true })).toBe(quotaRates.contact)
  })
})

test('P-29 leaving a group ends only what no chat, contact or other group needs, and never our own', () => {
  const [b, c, d] = [bob, carol, dave].map(({ publicKey }) => keyId(publicKey)) as [string, string, string]
  const a = keyId(alice.publicKey)
  const reasons = { self: alice.publicKey, chats: [bob.publicKey], contacts: [carol.publicKey] }
  const inGroup = contactCodesWanted({ ...reasons, groups: [[a, b, c, d]] })
  expect([...inGroup].sort()).toEqual([a, b, c, d].sort())
  const left = contactCodesWanted({ ...reasons, groups: [] })
  expect([...left].sort()).toEqual([a, b, c].sort())
  expect(contactCodesWanted({ ...reasons, groups: [[a, d]] })).toContain(d)
  expect([...contactCodesWanted({ self: alice.publicKey, chats: [], contacts: [], groups: [] })]).toEqual([a])
})
