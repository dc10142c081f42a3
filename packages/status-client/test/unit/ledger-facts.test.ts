import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import type { DeliveryState } from '../../src/ledger-types.ts'
import {
  applyFact,
  isOver,
  type LegFact,
  protectionOf,
  protections,
  sameRecipient
} from '../../src/sending/ledger-facts.ts'
import { identityOf } from '../support/world.ts'

const leg = { state: 'queued', attempts: 0, envelopes: [] } as const
type Leg = Parameters<typeof applyFact>[0]

const envelope = (number: number, sentTo: readonly string[] = ['p']) => ({
  hash: new Uint8Array(32).fill(number),
  expiry: 100 + number,
  sentTo
})
const hashOf = (number: number): string => bytesToHex(envelope(number).hash)
const after = (...facts: readonly LegFact[]): Leg => facts.reduce<Leg>(applyFact, leg)

test('an envelope is on record with what is known of it, and nothing that is not', () => {
  expect(after({ state: 'posted', envelope: envelope(1, ['p', 'q']) })).toEqual({
    state: 'posted',
    attempts: 1,
    envelopes: [{ hash: hashOf(1), expiry: 101, sentTo: ['p', 'q'], confirmedBy: [], archivedBy: [] }]
  })
})

test('a leg keeps whose it is', () => {
  const recipient = identityOf('bob').publicKey
  expect(applyFact({ ...leg, recipient }, { state: 'sealed' })).toEqual({ ...leg, recipient, state: 'sealed' })
})

test('who confirmed an envelope is not who archived it, and neither says anything of another one', () => {
  const posted: readonly LegFact[] = [
    { state: 'posted', envelope: envelope(1) },
    { state: 'posted', envelope: envelope(2) }
  ]
  const told = after(
    ...posted,
    { state: 'confirmed', hash: envelope(2).hash, by: 'p' },
    { state: 'archived', hash: envelope(2).hash, by: 'server' }
  )
  expect(told.envelopes).toEqual([
    { hash: hashOf(1), expiry: 101, sentTo: ['p'], confirmedBy: [], archivedBy: [] },
    { hash: hashOf(2), expiry: 102, sentTo: ['p'], confirmedBy: ['p'], archivedBy: ['server'] }
  ])
  // A word without its envelope, or without whose it is, is of none.
  const { envelopes } = after(...posted)
  expect(after(...posted, { state: 'confirmed', by: 'p' }).envelopes).toEqual(envelopes)
  expect(after(...posted, { state: 'confirmed', hash: envelope(1).hash }).envelopes).toEqual(envelopes)
  expect(after(...posted, { state: 'confirmed', hash: envelope(3).hash, by: 'p' }).envelopes).toEqual(envelopes)
})

test('a peer confirms an envelope once, however often it says so', () => {
  const word = { state: 'confirmed', hash: envelope(1).hash, by: 'p' } as const
  expect(after({ state: 'posted', envelope: envelope(1) }, word, word).envelopes[0]?.confirmedBy).toEqual(['p'])
})

test('an envelope that is posted again is on record once, as the last; of too many the first go', () => {
  const again = after(...[1, 2, 1].map(number => ({ state: 'posted', envelope: envelope(number) }) as const))
  expect(again.envelopes.map(({ hash }) => hash)).toEqual([hashOf(2), hashOf(1)])
  expect(again.attempts).toBe(3)
  const numbers = Array.from({ length: limits.envelopesPerLeg + 2 }, (_, at) => at)
  const many = after(...numbers.map(number => ({ state: 'posted', envelope: envelope(number) }) as const))
  expect(many.envelopes.map(({ hash }) => hash)).toEqual(numbers.slice(2).map(hashOf))
})

test.each(['sealed', 'posted', 'held', 'retrying'] as const)(
  'a new attempt (%s) restarts a leg that is not over',
  state => {
    expect(applyFact({ ...leg, state: 'archived' }, { state }).state).toBe(state)
  }
)

test('any other word is taken only where it is stronger than what is known', () => {
  const archived = { ...leg, state: 'archived' } as const
  for (const state of ['queued', 'expired', 'confirmed'] as const) {
    expect(applyFact(archived, { state, reason: 'failed' })).toEqual(archived)
  }
  expect(applyFact(archived, { state: 'given-up', reason: 'age' })).toMatchObject({ state: 'given-up', reason: 'age' })
  expect(applyFact({ ...leg, state: 'expired' }, { state: 'confirmed' }).state).toBe('confirmed')
})

test('a leg that was given up is over for everything but an acknowledgement, and keeps why', () => {
  const givenUp = { ...leg, state: 'given-up', reason: 'cancelled' } as const
  for (const state of ['posted', 'retrying', 'archived', 'given-up'] as const) {
    expect(applyFact(givenUp, { state, reason: 'age' })).toMatchObject({ state: 'given-up', reason: 'cancelled' })
  }
  const acknowledged = applyFact(givenUp, { state: 'acknowledged', by: 'phone' })
  expect(acknowledged).toEqual({ ...leg, state: 'acknowledged', acknowledgedBy: 'phone' })
})

test('an acknowledged leg stays so, and the last device that said so is the one on record', () => {
  const first = after({ state: 'acknowledged', by: 'phone' })
  expect(applyFact(first, { state: 'acknowledged' }).acknowledgedBy).toBe('phone')
  expect(applyFact(first, { state: 'acknowledged', by: 'tablet' }).acknowledgedBy).toBe('tablet')
  expect(applyFact(first, { state: 'confirmed', hash: envelope(1).hash, by: 'p' })).toEqual(first)
})

test('a reason goes when the leg goes on', () => {
  const held = after({ state: 'held', reason: 'policy' })
  expect(held.reason).toBe('policy')
  expect('reason' in applyFact(held, { state: 'sealed' })).toBe(false)
})

test('what was sealed may have left, what was held never did, and what was posted weakest counts', () => {
  expect(after({ state: 'sealed', protection: 'static-key' })).toEqual({
    ...leg,
    state: 'sealed',
    sealed: 'static-key'
  })
  const held = after({ state: 'sealed', protection: 'static-key' }, { state: 'held', protection: 'transport-only' })
  expect(held).toMatchObject({ sealed: 'static-key', held: 'transport-only' })
  expect(protectionOf(held)).toBe('static-key')
  // Known to be posted: as it was sealed, unless the post itself says otherwise.
  const posted = applyFact(held, { state: 'posted', envelope: envelope(1) })
  expect(posted.protection).toBe('static-key')
  expect('sealed' in posted || 'held' in posted).toBe(false)
  const weaker = applyFact(posted, { state: 'posted', protection: 'transport-only', envelope: envelope(2) })
  expect(protectionOf(weaker)).toBe('transport-only')
  // A word about an envelope says nothing about protection.
  const confirmed = applyFact(held, { state: 'confirmed', hash: envelope(1).hash, by: 'p' })
  expect(confirmed).toMatchObject({ sealed: 'static-key', held: 'transport-only' })
})

test('a retry after a failed post forgets what was sealed, one after a lost link does not; what was held stays known', () => {
  const sealed = after({ state: 'held', protection: 'static-key' }, { state: 'sealed', protection: 'forward-secret' })
  const held = { ...sealed, held: 'static-key' } as const
  const failed = applyFact(held, { state: 'retrying', reason: 'failed' })
  expect(protectionOf(failed)).toBeUndefined()
  expect(failed.held).toBe('static-key')
  expect(protectionOf(applyFact(held, { state: 'retrying', reason: 'offline' }))).toBe('forward-secret')
})

test('fields that say nothing are not there', () => {
  expect(Object.keys(protections({ protection: undefined, sealed: 'static-key', held: undefined }))).toEqual(['sealed'])
})

test('nothing more comes of what was acknowledged or given up', () => {
  const states: readonly DeliveryState[] = [
    ...(['queued', 'held', 'retrying', 'sealed', 'posted'] as const),
    ...(['expired', 'confirmed', 'archived', 'given-up', 'acknowledged'] as const)
  ]
  expect(states.filter(state => isOver({ ...leg, state }))).toEqual(['given-up', 'acknowledged'])
})

test('two legs are one person’s by the key, and those of no person are one another’s', () => {
  const [alice, bob] = ['alice', 'bob'].map(name => identityOf(name).publicKey)
  expect(sameRecipient(alice, Uint8Array.from(alice ?? []))).toBe(true)
  expect(sameRecipient(alice, bob)).toBe(false)
  expect(sameRecipient(alice, undefined)).toBe(false)
  expect(sameRecipient(undefined, bob)).toBe(false)
  expect(sameRecipient(undefined, undefined)).toBe(true)
})

test('confirmationsPerEnvelope: a peer is named once, however often it is heard of, and so many are', () => {
  const posted: LegFact = { state: 'posted', envelope: envelope(1) }
  const { hash } = envelope(1)
  const said = (state: 'confirmed' | 'archived', by: string): LegFact => ({ state, hash, by })
  const twice = after(
    posted,
    said('confirmed', 'p'),
    said('confirmed', 'p'),
    said('archived', 's'),
    said('archived', 's')
  )
  expect(twice.envelopes).toMatchObject([{ confirmedBy: ['p'], archivedBy: ['s'] }])
  const peers = Array.from({ length: limits.confirmationsPerEnvelope + 1 }, (_, at) => `p${at}`)
  const many = after(posted, ...peers.map(by => said('confirmed', by)))
  expect(many.envelopes).toMatchObject([{ confirmedBy: peers.slice(0, -1) }])
})
