import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import type { DeliveryState } from '../../src/ledger-types.ts'
import { limits } from '../../src/limits.ts'
import { createLedgerStore } from '../../src/sending/ledger-store.ts'
import type { LedgerRecord } from '../../src/storage/records.ts'
import { inside, somebody } from '../support/core.ts'

const people = [somebody(), somebody()]
const idOf = (index: number): string => `0x${index.toString(16).padStart(64, '0')}`

const ledger = (index: number, ...states: readonly DeliveryState[]): LedgerRecord => ({
  messageId: idOf(index),
  chat: { kind: 'public', name: 'test' },
  queuedMs: index,
  legs: states.map((state, at) => ({ recipient: people[at] ?? somebody(), state, attempts: 0, envelopes: [] }))
})

/** Ledgers of some messages whose end will be noted, over a clock that is moved by hand. */
async function stored(count: number) {
  const { core } = await inside()
  const time = createVirtualTime()
  const ledgers = createLedgerStore(core.store, core.keys, time.scheduler)
  await ledgers.write(async unit => {
    for (let index = 0; index < count; index += 1) {
      ledgers.stage(unit, ledger(index, 'queued'))
      ledgers.expectEnd(idOf(index))
    }
  })
  const onDisk = async (index: number) =>
    (await core.store.get<LedgerRecord>(core.keys.ledger(idOf(index))))?.legs.map(({ state }) => state)
  const current = async (index: number) => ledgers.current(core.store.unit(), idOf(index))
  return { core, ledgers, time, onDisk, current }
}

test('a record that is overtaken before it is on the disk does not take the later one along', async () => {
  const { core, ledgers, current } = await stored(1)
  ledgers.postpone(ledger(0, 'sealed'))
  const unit = core.store.unit()
  ledgers.stage(unit, ledger(0, 'sealed'))
  ledgers.postpone(ledger(0, 'posted'))
  await unit.commit()
  expect(ledgers.unwritten(idOf(0))?.legs).toMatchObject([{ state: 'posted' }])
  expect((await current(0))?.legs).toMatchObject([{ state: 'posted' }])
})

test('once every leg is over nothing of a message is kept ahead of the disk', async () => {
  const { ledgers } = await stored(1)
  await ledgers.write(async unit => ledgers.stage(unit, ledger(0, 'acknowledged', 'posted')))
  expect(ledgers.postpone(ledger(0, 'acknowledged', 'confirmed'))).toBe(true)
  await ledgers.write(async unit => ledgers.stage(unit, ledger(0, 'acknowledged', 'given-up')))
  expect([ledgers.unwritten(idOf(0)), ledgers.postpone(ledger(0, 'acknowledged', 'given-up'))]).toEqual([
    undefined,
    false
  ])
})

test('ledgersUnwritten: so many may be ahead of the disk; with one more all are stored, but for what the batch says later', async () => {
  const { ledgers, onDisk, time } = await stored(limits.ledgersUnwritten + 1)
  for (let index = 0; index < limits.ledgersUnwritten; index += 1) ledgers.postpone(ledger(index, 'sealed'))
  await ledgers.write(async () => {})
  expect([await onDisk(0), time.pendingTimers()]).toEqual([['queued'], 1])
  ledgers.postpone(ledger(limits.ledgersUnwritten, 'sealed'))
  await ledgers.write(async unit => ledgers.stage(unit, ledger(0, 'posted')))
  expect([await onDisk(0), await onDisk(1), await onDisk(limits.ledgersUnwritten)]).toEqual([
    ['posted'],
    ['sealed'],
    ['sealed']
  ])
})

test('ledgerUnwrittenMs: one timer sees to what is ahead of the disk, and there is none without', async () => {
  const { ledgers, onDisk, time } = await stored(2)
  expect(time.pendingTimers()).toBe(0)
  for (const index of [0, 1]) {
    ledgers.postpone(ledger(index, 'sealed'))
    await ledgers.write(async () => {})
    expect(time.pendingTimers()).toBe(1)
  }
  await time.advance(limits.ledgerUnwrittenMs - 1)
  expect(await onDisk(0)).toEqual(['queued'])
  await time.advance(1)
  await ledgers.settle()
  expect([await onDisk(0), await onDisk(1), time.pendingTimers()]).toEqual([['sealed'], ['sealed'], 0])
})

test('who settles it before needs no timer any more', async () => {
  const { ledgers, onDisk, time } = await stored(1)
  ledgers.postpone(ledger(0, 'sealed'))
  await ledgers.write(async () => {})
  await ledgers.settle()
  expect([await onDisk(0), time.pendingTimers(), ledgers.unwritten(idOf(0))]).toEqual([['sealed'], 0, undefined])
})
