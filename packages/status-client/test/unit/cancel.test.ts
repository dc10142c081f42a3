import { expect, test } from 'vitest'
import { cancelAllFor, cancelMessage, cancelUnsent } from '../../src/sending/cancel.ts'
import { inside, somebody } from '../support/core.ts'
import { chatWith, connect, during, person, until } from '../support/world.ts'

const [one, two] = [`0x${'1'.repeat(64)}`, `0x${'2'.repeat(64)}`]
const chat = { kind: 'public', name: 'test' } as const
const [alice, bob, carol] = [somebody(), somebody(), somebody()] as const

/** Two messages on their way: the first to three people, the second to Alice alone. */
async function sent() {
  const { core, heard } = await inside()
  const unit = core.store.unit()
  core.deliveries.open(unit, { messageId: one, chat, queuedMs: 1 }, [alice, bob, carol])
  core.bodies.stage(unit, one, Uint8Array.of(1), [alice, bob, carol])
  core.deliveries.open(unit, { messageId: two, chat, queuedMs: 2 }, [alice])
  core.bodies.stage(unit, two, Uint8Array.of(2), [alice])
  await unit.commit()
  const log: unknown[] = []
  const sync = { cancel: async (...what: readonly unknown[]) => void log.push(['sync', ...what]) }
  const outbox = {
    cancel: async ({ messageId }: { readonly messageId: string }) => {
      log.push(['outbox', messageId])
      return true
    }
  }
  return { core, heard, log, sync, outbox }
}

test('a message is given up for everyone it has not reached, in the outbox, in sync and with its bytes', async () => {
  const { core, heard, log, sync, outbox } = await sent()
  await core.deliveries.note(one, { recipient: alice, state: 'acknowledged', by: 'phone' })
  await core.deliveries.note(one, { recipient: bob, state: 'given-up', reason: 'too-large' })
  heard.delivery.length = 0
  const noted: unknown[] = []
  const deliveries: typeof core.deliveries = {
    ...core.deliveries,
    note: (id, fact) => {
      noted.push(fact.recipient)
      return core.deliveries.note(id, fact)
    }
  }
  await cancelMessage({ ...core, deliveries }, { outbox, sync }, one)
  // Nothing is written about those for whom it is over.
  expect(noted).toEqual([carol])
  expect(log).toEqual([
    ['outbox', one],
    ['sync', one]
  ])
  expect([await core.bodies.get(one), await core.bodies.get(two)]).toEqual([undefined, Uint8Array.of(2)])
  expect(heard.delivery).toMatchObject([{ messageId: one, recipient: carol, state: 'given-up', reason: 'cancelled' }])
  expect((await core.deliveries.read(one))?.legs.map(({ state, reason }) => [state, reason])).toEqual([
    ['acknowledged', undefined],
    ['given-up', 'too-large'],
    ['given-up', 'cancelled']
  ])
})

test('of a message that is not on record there is nothing to cancel', async () => {
  const { core, log, sync, outbox } = await sent()
  const unknown = cancelMessage(core, { outbox, sync }, `0x${'3'.repeat(64)}`)
  await expect(unknown).rejects.toMatchObject({ code: 'unknown-message', origin: 'caller' })
  expect(log).toEqual([])
})

test('who is blocked gets nothing more of what waits, others do, and nothing is told', async () => {
  const { core, heard, log, sync } = await sent()
  heard.delivery.length = 0
  await cancelAllFor(core, sync, alice)
  expect(log).toHaveLength(2)
  expect(log).toEqual(
    expect.arrayContaining([
      ['sync', one, alice],
      ['sync', two, alice]
    ])
  )
  expect([await core.bodies.get(one), await core.bodies.get(two)]).toEqual([Uint8Array.of(1), undefined])
  expect(heard.delivery).toEqual([])
})

test('what is deleted is given up for those alone to whom it has not been sent', async () => {
  const { core, log, sync, outbox } = await sent()
  const envelope = { hash: new Uint8Array(32), expiry: 1, sentTo: ['peer'] }
  await core.deliveries.note(one, { recipient: alice, state: 'posted', envelope })
  await core.deliveries.note(one, { recipient: bob, state: 'sealed' })
  await cancelUnsent(core, { outbox, sync }, one)
  expect(log).toEqual([['sync', one, carol]])
  expect((await core.deliveries.read(one))?.legs.map(({ state }) => state)).toEqual(['posted', 'sealed', 'given-up'])
  expect(await core.bodies.get(one)).toEqual(Uint8Array.of(1))
  // Of one that was sent to nobody nothing stays.
  await cancelUnsent(core, { outbox, sync }, two)
  expect(log.slice(1)).toEqual([
    ['outbox', two],
    ['sync', two]
  ])
  expect(await core.bodies.get(two)).toBeUndefined()
  // And once more, or of one that nothing is known of: nothing.
  await cancelUnsent(core, { outbox, sync }, two)
  await cancelUnsent(core, { outbox, sync }, `0x${'3'.repeat(64)}`)
  expect(log).toHaveLength(3)
})

test('a message that is deleted before there was a link is never sent, and its bytes do not stay', async () => {
  const alice_ = await person('alice')
  const bob_ = await person('bob')
  await during([alice_, bob_], async () => {
    const { messageId } = await alice_.client.send(chatWith(bob_), { text: 'not to be read' })
    await alice_.client.idle()
    await alice_.client.deleteMessage(messageId)
    expect((await alice_.client.ledger(messageId))?.legs.map(({ state }) => state)).toEqual(['given-up'])
    connect(alice_, bob_)
    await alice_.client.send(chatWith(bob_), { text: 'to be read' })
    await until('the later one was read', () => bob_.texts().includes('to be read'))
    await alice_.client.idle()
    expect(await bob_.client.message(messageId)).toBeUndefined()
    expect(bob_.texts()).toEqual(['to be read'])
  })
})
