import { expect, test } from 'vitest'
import type { LedgerRecord } from '../../src/storage/records.ts'
import { inside, somebody } from '../support/core.ts'

const [alice, bob] = [somebody(), somebody()] as const
const chat = { kind: 'public', name: 'test' } as const
const idOf = (index: number): string => `0x${index.toString(16).padStart(64, '0')}`
const hash = new Uint8Array(32)

/** Ledgers of messages to some people each. */
async function opened(...recipients: readonly (readonly Uint8Array[])[]) {
  const { core, heard } = await inside()
  const unit = core.store.unit()
  for (const [at, to] of recipients.entries())
    core.deliveries.open(unit, { messageId: idOf(at), chat, queuedMs: at }, to)
  await unit.commit()
  return { core, heard, deliveries: core.deliveries }
}

test('what waits for a person is every message of theirs that is neither acknowledged nor given up', async () => {
  const { deliveries } = await opened([alice, bob], [alice], [bob], [alice], [alice])
  await deliveries.note(idOf(1), { recipient: alice, state: 'acknowledged' })
  await deliveries.note(idOf(3), { recipient: alice, state: 'given-up', reason: 'age' })
  const posted = deliveries.noteSoon(idOf(4), { recipient: alice, state: 'posted' })
  expect([...(await deliveries.pendingFor(alice))].sort()).toEqual([idOf(0), idOf(4)])
  await posted
  expect([...(await deliveries.pendingFor(bob))].sort()).toEqual([idOf(0), idOf(2)])
  expect(await deliveries.pendingFor(somebody())).toEqual([])
})

test('of a message whose end nobody will note, each fact is on the disk when it is said to be', async () => {
  const { core, deliveries } = await opened([alice])
  await deliveries.noteSoon(idOf(0), { recipient: alice, state: 'sealed', protection: 'forward-secret' })
  expect(deliveries.unwritten(idOf(0))).toBeUndefined()
  expect((await core.store.get<LedgerRecord>(core.keys.ledger(idOf(0))))?.legs).toMatchObject([{ state: 'sealed' }])
})

test('a fact about somebody whom a message is not for is no fact, and that an archive holds it is not told of others', async () => {
  const { deliveries, heard } = await opened([alice])
  heard.delivery.length = 0
  await deliveries.note(idOf(0), { recipient: bob, state: 'acknowledged' })
  expect([heard.delivery, (await deliveries.read(idOf(0)))?.legs]).toMatchObject([[], [{ state: 'queued' }]])
  await deliveries.archived(hash, 'server')
  expect(heard.delivery).toEqual([])
  const envelope = { hash, expiry: 1, sentTo: [] }
  await deliveries.note(idOf(0), { recipient: alice, state: 'posted', envelope })
  await deliveries.archived(hash, 'server')
  expect(heard.delivery.map(({ state, by }) => [state, by])).toEqual([
    ['posted', undefined],
    ['archived', 'server']
  ])
})

test('that an archive holds an envelope is on the disk when it is said to be noted', async () => {
  const { core } = await inside()
  const unit = core.store.unit()
  core.deliveries.open(unit, { messageId: idOf(0), chat, queuedMs: 0, ends: true }, [alice])
  await unit.commit()
  const envelope = { hash, expiry: 1, sentTo: [] }
  await core.deliveries.noteSoon(idOf(0), { recipient: alice, state: 'posted', envelope })
  await core.deliveries.archived(hash, 'server')
  expect((await core.store.get<LedgerRecord>(core.keys.ledger(idOf(0))))?.legs).toMatchObject([{ state: 'archived' }])
})
