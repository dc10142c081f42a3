import { createVirtualTime } from '@status-stack/interface/testing'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { createDeliveries, type Deliveries } from '../../src/sending/deliveries.ts'
import type { LedgerRecord } from '../../src/storage/records.ts'
import { inside, somebody } from '../support/core.ts'
import { countedBatches } from '../support/counted-batches.ts'

const id = `0x${'1'.repeat(64)}`
const hash = new Uint8Array(32)
const recipient = somebody()

/** The client's inside with one message on its way, whose batches are counted. */
async function underWay(ends = false) {
  const database = new MemoryLevel<string, Uint8Array>()
  const { core, forward, heard } = await inside({}, database)
  const unit = core.store.unit()
  core.deliveries.open(unit, { messageId: id, chat: { kind: 'public', name: 'test' }, queuedMs: 1, ends }, [recipient])
  await unit.commit()
  return { core, forward, heard, batches: countedBatches(database) }
}

const sealed = { recipient, state: 'sealed', protection: 'forward-secret' } as const
const posted = { recipient, state: 'posted', envelope: { hash, expiry: 1, sentTo: ['peer'] } } as const
const confirmed = { recipient, state: 'confirmed', hash, by: 'peer' } as const

test('facts of one moment that nobody waits for are one write after the first', async () => {
  const { core, batches } = await underWay()
  await core.deliveries.noteSoon(id, sealed)
  expect(batches()).toBe(1)
  await Promise.all([core.deliveries.noteSoon(id, posted), core.deliveries.noteSoon(id, confirmed)])
  expect(batches()).toBe(2)
  expect((await core.deliveries.read(id))?.legs[0]).toMatchObject({
    state: 'confirmed',
    attempts: 1,
    envelopes: [{ confirmedBy: ['peer'] }]
  })
})

test('a fact that somebody waits for, and a look at the ledger, end the gathering', async () => {
  const { core, batches } = await underWay()
  const { deliveries } = core
  await deliveries.noteSoon(id, sealed)
  const soon = deliveries.noteSoon(id, posted)
  await deliveries.note(id, { recipient, state: 'acknowledged', by: 'phone' })
  await soon
  expect(batches()).toBe(2)
  const late = deliveries.noteSoon(id, confirmed)
  expect((await deliveries.read(id))?.legs[0]).toMatchObject({
    state: 'acknowledged',
    envelopes: [{ confirmedBy: ['peer'] }]
  })
  await late
})

test('an end is told once: what was cancelled is given up by the layers below as well, and acknowledged at most', async () => {
  const { core, heard } = await underWay()
  const { deliveries } = core
  for (const reason of ['cancelled', 'failed'] as const)
    await deliveries.note(id, { recipient, state: 'given-up', reason })
  await deliveries.note(id, { recipient, state: 'acknowledged', by: 'phone' })
  expect(heard.delivery.map(({ state, reason }) => [state, reason])).toEqual([
    ['queued', undefined],
    ['given-up', 'cancelled'],
    ['acknowledged', undefined]
  ])
})

test('an archive that gives back one of our envelopes is noted until the message is acknowledged', async () => {
  const { core, batches } = await underWay()
  const { deliveries } = core
  await deliveries.note(id, posted)
  await deliveries.archived(hash, 'server')
  const archived = { state: 'archived', envelopes: [{ archivedBy: ['server'] }] }
  expect((await deliveries.read(id))?.legs[0]).toMatchObject(archived)
  await deliveries.note(id, { recipient, state: 'acknowledged', by: 'phone' })
  const before = batches()
  await deliveries.archived(hash, 'another server')
  expect((await deliveries.read(id))?.legs[0]?.envelopes).toMatchObject(archived.envelopes)
  expect(batches()).toBe(before)
})

test('envelopes that an archive may report are remembered up to limits.envelopesAwaited', async () => {
  const { core } = await underWay()
  const { deliveries } = core
  const hashOf = (n: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? n >> 8 : n & 0xff))
  const post = (n: number): Promise<void> =>
    deliveries.noteSoon(id, { ...posted, envelope: { ...posted.envelope, hash: hashOf(n) } })
  await Promise.all(Array.from({ length: limits.envelopesAwaited + 1 }, (_, n) => post(n)))
  await deliveries.archived(hashOf(0), 'server')
  expect((await deliveries.read(id))?.legs[0]?.state).toBe('posted')
  // The oldest that is remembered.
  await deliveries.archived(hashOf(1), 'server')
  expect((await deliveries.read(id))?.legs[0]?.state).toBe('archived')
})

test('a clock that was set back makes no fact wait', async () => {
  const { core, forward } = await underWay()
  await core.deliveries.noteSoon(id, sealed)
  forward(-3_600_000)
  await core.deliveries.noteSoon(id, posted)
  expect((await core.deliveries.read(id))?.legs[0]).toMatchObject({ state: 'posted' })
})

test('a fact about a message that was deleted meanwhile does not bring its ledger back', async () => {
  const { core } = await underWay()
  await core.deliveries.note(id, sealed)
  const unit = core.store.unit()
  unit.delete(core.keys.ledger(id))
  await unit.commit()
  await core.deliveries.note(id, confirmed)
  expect(await core.deliveries.read(id)).toBeUndefined()
  expect(await core.store.has(core.keys.ledger(id))).toBe(false)
})

/** Opens ledgers; the answer notes a fact about the first recipient of one, and looks whether it is there. */
async function opened(ids: readonly string[], recipients: readonly Uint8Array[]) {
  const { core } = await inside()
  for (const messageId of ids) {
    const unit = core.store.unit()
    const chat = { kind: 'public', name: 'test' } as const
    core.deliveries.open(unit, { messageId, chat, queuedMs: 1 }, recipients)
    await unit.commit()
  }
  const [to] = recipients
  return async (messageId: string): Promise<void> => {
    await core.deliveries.note(messageId, { recipient: to, state: 'sealed', protection: 'forward-secret' })
    const entry = await core.deliveries.read(messageId)
    expect(entry?.legs).toHaveLength(recipients.length)
    expect(entry?.legs[0]).toMatchObject({ state: 'sealed' })
  }
}

const idOf = (number: number): string => `0x${number.toString(16).padStart(64, '0')}`

test('ledgersKept: what is beyond them is known from the disk', async () => {
  const ids = Array.from({ length: limits.ledgersKept + 1 }, (_, number) => idOf(number))
  const noteOf = await opened(ids, [recipient])
  for (const id of [ids[0], ids.at(-1)]) await noteOf(id ?? '')
})

test('ledgersKeptBytes: so are ledgers of groups that are too large to be kept', async () => {
  // A leg counts for more than its recipient's key: two of these are over the bound, and one is not.
  const recipients = Array.from({ length: Math.ceil(limits.ledgersKeptBytes / 65 / 2) + 1 }, somebody)
  const noteOf = await opened([idOf(1), idOf(2)], recipients)
  for (const id of [idOf(2), idOf(1)]) await noteOf(id)
})

const acknowledged = { recipient, state: 'acknowledged', by: 'phone' } as const

test('facts about a message that will be acknowledged are told at once and stored with its end', async () => {
  const { core, batches } = await underWay(true)
  for (const fact of [sealed, posted, confirmed]) await core.deliveries.noteSoon(id, fact)
  expect(batches()).toBe(0)
  expect(core.deliveries.unwritten(id)?.legs[0]).toMatchObject({ state: 'confirmed' })
  await core.deliveries.note(id, acknowledged)
  expect(batches()).toBe(1)
  expect(core.deliveries.unwritten(id)).toBeUndefined()
  const stored = await core.store.get<LedgerRecord>(core.keys.ledger(id))
  expect(stored?.legs[0]).toMatchObject({ state: 'acknowledged', attempts: 1, envelopes: [{ confirmedBy: ['peer'] }] })
})

test('a look at the ledger, and waiting for it, store what is ahead of the disk', async () => {
  for (const look of [(deliveries: Deliveries) => deliveries.read(id), (deliveries: Deliveries) => deliveries.idle()]) {
    const { core, batches } = await underWay(true)
    await core.deliveries.noteSoon(id, posted)
    await look(core.deliveries)
    expect([batches(), core.deliveries.unwritten(id)]).toEqual([1, undefined])
    expect((await core.store.get<LedgerRecord>(core.keys.ledger(id)))?.legs[0]).toMatchObject({ state: 'posted' })
  }
})

test('ledgerUnwrittenMs: what is ahead of the disk is stored after it, and again after a disk that was full', async () => {
  const { core, batches } = await underWay(true)
  const { scheduler, advance } = createVirtualTime()
  const { store, keys, self, clock } = core
  let isFull = true
  const unit = () => ({ ...store.unit(), ...(isFull ? { commit: () => Promise.reject(new Error('full')) } : {}) })
  const deliveries = createDeliveries({ store: { ...store, unit }, keys, self, clock, scheduler, emit: () => {} })
  const staged = store.unit()
  const chat = { kind: 'public', name: 'test' } as const
  deliveries.open(staged, { messageId: id, chat, queuedMs: 1, ends: true }, [recipient])
  await staged.commit()
  const before = batches()
  await deliveries.noteSoon(id, posted).catch(() => undefined)
  await advance(limits.ledgerUnwrittenMs)
  expect([batches(), deliveries.unwritten(id)]).toEqual([before, expect.anything()])
  isFull = false
  await advance(limits.ledgerUnwrittenMs)
  expect([batches(), deliveries.unwritten(id)]).toEqual([before + 1, undefined])
})

test('ledgersUnwritten: with more than those ahead of the disk, all are stored', async () => {
  const { core, batches } = await underWay()
  const ids = Array.from({ length: limits.ledgersUnwritten + 1 }, (_, number) => idOf(number))
  const unit = core.store.unit()
  const chat = { kind: 'public', name: 'test' } as const
  for (const messageId of ids) core.deliveries.open(unit, { messageId, chat, queuedMs: 1, ends: true }, [recipient])
  await unit.commit()
  const before = batches()
  await Promise.all(ids.slice(1).map(each => core.deliveries.noteSoon(each, sealed)))
  expect(batches()).toBe(before)
  await core.deliveries.noteSoon(ids[0] ?? '', sealed)
  expect(batches()).toBe(before + 1)
  expect(ids.filter(each => core.deliveries.unwritten(each) !== undefined)).toEqual([])
})

test('what is ahead of the disk of a message that was deleted is forgotten with it', async () => {
  const { core } = await underWay(true)
  await core.deliveries.noteSoon(id, posted)
  const unit = core.store.unit()
  unit.delete(core.keys.ledger(id))
  await unit.commit()
  await core.deliveries.idle()
  expect([core.deliveries.unwritten(id), await core.store.has(core.keys.ledger(id))]).toEqual([undefined, false])
})
