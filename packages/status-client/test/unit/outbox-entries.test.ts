import { expect, test } from 'vitest'
import { createOutboxEntries } from '../../src/sending/outbox-entries.ts'
import type { OutboxRecord } from '../../src/storage/records.ts'
import { inside, somebody } from '../support/core.ts'

const [alice, bob] = [somebody(), somebody()] as const
const messageId = `0x${'1'.repeat(64)}`
const body = Uint8Array.of(1, 2, 3)
const sync = (peers: readonly Uint8Array[]): OutboxRecord['via'] => ({ kind: 'sync', peers })
const once: OutboxRecord['via'] = {
  kind: 'once',
  audiences: [{ kind: 'public', name: 'test' }],
  attempts: 0,
  nextMs: 0
}

/** The outbox with one entry, and what it says was written. */
async function entering(via: OutboxRecord['via']) {
  const { core } = await inside()
  const wrote: unknown[] = []
  const entries = createOutboxEntries(core, (place, key, record) => wrote.push([place, key, record]))
  const record: OutboxRecord = { messageId, chat: { kind: 'public', name: 'test' }, queuedMs: 1, via }
  const unit = core.store.unit()
  entries.put(unit, record)
  core.bodies.stage(unit, messageId, body, via.kind === 'sync' ? via.peers : [])
  expect(wrote).toEqual([])
  await unit.commit()
  return { core, entries, record, key: core.keys.outbox(record), wrote }
}

test('what was written and deleted is told once it is on the disk, with the key that it lies under', async () => {
  const { core, entries, record, key, wrote } = await entering(once)
  expect(wrote).toEqual([[record, key, record]])
  expect(await entries.read(record)).toEqual(record)
  const later: OutboxRecord = { ...record, via: { ...once, attempts: 1, nextMs: 5 } as OutboxRecord['via'] }
  await entries.save(later)
  expect([wrote.at(-1), await entries.read(record)]).toEqual([[later, key, later], later])
  const unit = core.store.unit()
  entries.remove(unit, record)
  expect(wrote).toHaveLength(2)
  await unit.commit()
  expect([wrote.at(-1), await entries.read(record)]).toEqual([[record, key, undefined], undefined])
})

test('the bytes of what was posted once go with its entry, those of sync stay for its people', async () => {
  for (const [via, left] of [
    [once, undefined],
    [sync([]), undefined],
    [sync([alice]), body],
    [sync([alice, bob]), body]
  ] as const) {
    const { core, entries, record, key, wrote } = await entering(via)
    await entries.drop(record)
    expect([await entries.read(record), wrote.at(-1)]).toEqual([undefined, [record, key, undefined]])
    expect(await core.bodies.get(messageId)).toEqual(left)
  }
})

test.each([
  ['one person', [alice]],
  ['two', [alice, bob]]
])('bytes that an earlier release put into an entry for %s get a record of their own', async (_, peers) => {
  const { core, entries, record, wrote } = await entering(sync(peers))
  await core.bodies.release(messageId)
  expect(await entries.bytesOf(record)).toBeUndefined()
  const old = { ...record, bytes: Uint8Array.of(9) }
  await entries.save(old)
  wrote.length = 0
  expect(await entries.bytesOf(old)).toEqual(Uint8Array.of(9))
  expect(await entries.read(record)).toStrictEqual(record)
  expect(wrote).toHaveLength(1)
  expect(await core.bodies.get(messageId)).toEqual(Uint8Array.of(9))
  // Each of its people needs them.
  for (const peer of peers) {
    expect(await core.bodies.get(messageId)).toEqual(Uint8Array.of(9))
    await core.bodies.release(messageId, peer)
  }
  expect(await core.bodies.get(messageId)).toBeUndefined()
})

test('bytes that an earlier release put into an entry that is posted once get a record of their own, too', async () => {
  const { core, entries, record } = await entering(once)
  await core.bodies.release(messageId)
  const old = { ...record, bytes: Uint8Array.of(9) }
  await entries.save(old)
  expect(await entries.bytesOf(old)).toEqual(Uint8Array.of(9))
  expect([await entries.read(record), await core.bodies.get(messageId)]).toStrictEqual([record, Uint8Array.of(9)])
})
