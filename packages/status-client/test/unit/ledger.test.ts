import { expect, test } from 'vitest'
import { applyFact } from '../../src/sending/ledger-facts.ts'
import { chatWith, connect, during, movableClock, type Person, peerIdOf, person, until } from '../support/world.ts'

const leg = { state: 'queued', attempts: 0, envelopes: [] } as const

const envelope = (number: number) => ({ hash: new Uint8Array(32).fill(number), expiry: 100, sentTo: ['p'] })

test('a leg goes forward, restarts with a new attempt and ends with an acknowledgement', () => {
  const posted = applyFact(applyFact(leg, { state: 'sealed', protection: 'static-key' }), {
    state: 'posted',
    envelope: envelope(1)
  })
  expect(posted).toMatchObject({ state: 'posted', attempts: 1, protection: 'static-key' })
  const confirmed = applyFact(posted, { state: 'confirmed', hash: envelope(1).hash, by: 'p' })
  expect(confirmed).toMatchObject({ state: 'confirmed' })
  expect(confirmed.envelopes[0]).toMatchObject({ confirmedBy: ['p'], archivedBy: [] })
  const again = applyFact(confirmed, { state: 'posted', envelope: envelope(2) })
  expect(again).toMatchObject({ state: 'posted', attempts: 2 })
  const done = applyFact(again, { state: 'acknowledged', by: 'phone' })
  expect(done).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'phone' })
  expect(applyFact(done, { state: 'posted', envelope: envelope(3) })).toMatchObject({
    state: 'acknowledged',
    attempts: 3
  })
  expect(applyFact(done, { state: 'given-up', reason: 'age' })).toMatchObject({ state: 'acknowledged' })
})

test('a leg keeps a bounded number of envelopes and confirmations', () => {
  let state: Parameters<typeof applyFact>[0] = leg
  for (let index = 0; index < 40; index += 1) state = applyFact(state, { state: 'posted', envelope: envelope(index) })
  expect(state.attempts).toBe(40)
  expect(state.envelopes).toHaveLength(16)
  for (let index = 0; index < 40; index += 1) {
    state = applyFact(state, { state: 'confirmed', hash: envelope(39).hash, by: `peer ${index}` })
  }
  expect(state.envelopes.at(-1)?.confirmedBy).toHaveLength(16)
})

test('the ledger says which peer confirmed the packet and which device acknowledged the message', async () => {
  const alice = await person('alice', { syncRetryMs: 3_600_000 })
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('linked', () => alice.client.connected())
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'hello' })
    await until('complete', async () => (await alice.client.ledger(messageId))?.complete === true)
    await until('confirmed', async () => {
      const entry = await alice.client.ledger(messageId)
      return entry?.legs[0]?.envelopes[0]?.confirmedBy.includes(peerIdOf('bob')) === true
    })
    const entry = await alice.client.ledger(messageId)
    expect(entry).toMatchObject({ messageId, chat: chatWith(bob) })
    expect(entry?.legs).toHaveLength(1)
    expect(entry?.legs[0]).toMatchObject({
      recipient: bob.client.publicKey,
      attempts: 1,
      acknowledgedBy: bob.client.installationId
    })
    const states = alice.events.delivery.filter(fact => fact.messageId === messageId).map(fact => fact.state)
    expect(states.slice(0, 3)).toEqual(['queued', 'sealed', 'posted'])
    expect(states).toContain('confirmed')
    expect(states).toContain('acknowledged')
    expect(await bob.client.ledger(messageId)).toBeUndefined()
  })
})

test('a message that nobody acknowledges is given up after its time, with the reason', async () => {
  const clock = movableClock()
  const alice = await person('alice', { clock, syncGiveUpMs: 60_000 })
  const bob = await person('bob', { clock })
  await during([alice], async () => {
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'anybody?' })
    await until('tried', async () => (await alice.client.ledger(messageId))?.legs[0]?.state === 'retrying')
    expect((await alice.client.ledger(messageId))?.legs[0]?.reason).toBe('offline')
    clock.forward(120_000)
    await until('given up', async () => (await alice.client.ledger(messageId))?.legs[0]?.state === 'given-up')
    expect((await alice.client.ledger(messageId))?.legs[0]?.reason).toBe('age')
  })
  await bob.client.stop()
})

test('a cancelled message is not sent any more', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'never mind' })
    await alice.client.idle()
    await alice.client.cancel(messageId)
    expect((await alice.client.ledger(messageId))?.legs[0]).toMatchObject({ state: 'given-up', reason: 'cancelled' })
    connect(alice, bob)
    await alice.client.send(chatWith(bob), { text: 'this one' })
    await until('the other arrived', () => bob.texts().includes('this one'))
    expect(bob.texts()).toEqual(['this one'])
  })
})

test('F-17 a lost acknowledgement leads to a copy on the wire, one stored message and a second acknowledgement', async () => {
  const alice = await person('alice', { syncRetryMs: 100 })
  const bob = await person('bob')
  let losing = true
  await during([alice, bob], async () => {
    connect(alice, bob, { toA: ({ code }) => !(losing && code === 1) })
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'once' })
    await until('copies', async () => ((await alice.client.ledger(messageId))?.legs[0]?.attempts ?? 0) >= 2)
    await until('the copy was handled', () => duplicates(bob) >= 1)
    expect((await alice.client.ledger(messageId))?.complete).toBe(false)
    losing = false
    await until('acknowledged', async () => (await alice.client.ledger(messageId))?.complete === true)
    expect(bob.texts()).toEqual(['once'])
    expect(await bob.client.messages(chatWith(alice))).toHaveLength(1)
  })
})

/** Payloads of Alice's that held no new message. */
function duplicates(who: Person): number {
  const unwrapped = who.events.trace.filter(fact => fact.layer === 'sync' && fact.direction === 'in')
  return unwrapped.filter(fact => fact.did === 'unwrapped 0 messages').length
}

test('D-18 with sending through sync off, payloads of others are still unwrapped and acknowledged', async () => {
  const alice = await person('alice')
  const bob = await person('bob', { sync: false })
  await during([alice, bob], async () => {
    connect(alice, bob)
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'through sync' })
    await until('acknowledged', async () => (await alice.client.ledger(messageId))?.complete === true)
    await bob.client.send(chatWith(alice), { text: 'without sync' })
    await until('read', () => alice.texts().includes('without sync'))
    expect(bob.texts()).toEqual(['through sync'])
  })
})

const all = ['public', 'transport-only', 'static-key', 'forward-secret'] as const

for (const [first, earlier] of all.entries()) {
  for (const [second, later] of all.entries()) {
    test(`a message that left ${earlier} and then ${later} says the weaker of the two`, () => {
      const sent = applyFact(leg, { state: 'posted', protection: earlier, envelope: envelope(1) })
      const again = applyFact(applyFact(sent, { state: 'sealed', protection: later }), {
        state: 'posted',
        protection: later,
        envelope: envelope(2)
      })
      expect(again.protection).toBe(all[Math.min(first, second)])
    })
  }
}

test('what was held back or could not be posted never left; what a crash hid may have', () => {
  const weak = { state: 'sealed', protection: 'static-key' } as const
  const strong = { state: 'posted', protection: 'forward-secret', envelope: envelope(1) } as const
  const held = applyFact(leg, { state: 'held', reason: 'policy', protection: 'static-key' })
  expect(applyFact(held, strong).protection).toBe('forward-secret')
  const failed = applyFact(applyFact(leg, weak), { state: 'retrying', reason: 'failed' })
  expect(applyFact(failed, strong).protection).toBe('forward-secret')
  const offline = applyFact(applyFact(leg, weak), { state: 'retrying', reason: 'offline' })
  const sealedAgain = applyFact(offline, { state: 'sealed', protection: 'forward-secret' })
  expect(applyFact(sealedAgain, strong).protection).toBe('static-key')
})

test('a message posted under a static key and then under the ratchet says static-key, in the ledger and where it is shown', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  let losing = true
  await during([alice, bob], async () => {
    connect(alice, bob, { toB: ({ code }) => !losing || code !== 1 })
    await until('linked', () => alice.client.connected() && bob.client.connected())
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'first' })
    await until('posted', async () => ((await alice.client.ledger(messageId))?.legs[0]?.attempts ?? 0) > 0)
    await bob.client.publishContactCode()
    await until('his device is known', async () => (await alice.client.devicesOf(bob.client.publicKey)).length > 0)
    losing = false
    await alice.client.retry(bob.client.publicKey)
    await until('complete', async () => (await alice.client.ledger(messageId))?.complete === true)
    const posted = alice.events.delivery.filter(fact => fact.messageId === messageId && fact.state === 'posted')
    expect(posted.map(({ protection }) => protection)).toEqual(expect.arrayContaining(['static-key', 'forward-secret']))
    expect((await alice.client.ledger(messageId))?.legs[0]?.protection).toBe('static-key')
    expect((await alice.client.message(messageId))?.protection).toBe('static-key')
  })
})
