import { expect, test } from 'vitest'
import { mayPost, mayShow, shownProtection } from '../../src/sending/policy.ts'
import { chatWith, connect, during, person, until } from '../support/world.ts'

test('A-18 a null channel to an identity needs the policy and a transport that reaches nobody else', () => {
  const off = { minimum: 'auto', pfs: 'off' } as const
  const on = { minimum: 'auto', pfs: 'on' } as const
  expect(mayPost(shownProtection('none', 'addressee-confidential'), off)).toBe(true)
  expect(mayPost(shownProtection('none', 'addressee-confidential'), on)).toBe(false)
  expect(mayPost(shownProtection('none', 'group-readable'), off)).toBe(false)
  expect(mayPost(shownProtection('none', 'group-readable'), { minimum: 'any', pfs: 'off' })).toBe(false)
  expect(mayPost(shownProtection('none', 'addressee-confidential'), { minimum: 'static-key', pfs: 'off' })).toBe(false)
})

test('every cell of the protection table', () => {
  for (const guarantee of ['addressee-confidential', 'group-readable'] as const) {
    expect(shownProtection('forward-secret', guarantee)).toBe('forward-secret')
    expect(shownProtection('static-key', guarantee)).toBe('static-key')
  }
  expect(shownProtection('none', 'addressee-confidential')).toBe('transport-only')
  expect(shownProtection('none', 'group-readable')).toBe('public')
})

test('under auto nothing weaker than the strongest seen from that device is shown; any lets it through', () => {
  const auto = { minimum: 'auto', pfs: 'on' } as const
  expect(mayShow('static-key', 'forward-secret', auto)).toBe(false)
  expect(mayShow('static-key', 'static-key', auto)).toBe(true)
  expect(mayShow('transport-only', 'none', auto)).toBe(true)
  expect(mayShow('public', 'none', auto)).toBe(false)
  expect(mayShow('transport-only', 'forward-secret', { minimum: 'any', pfs: 'on' })).toBe(true)
  expect(mayShow('static-key', 'none', { minimum: 'forward-secret', pfs: 'on' })).toBe(false)
})

test('F-20 with PFS off a message is labelled transport-only, and the downgrade policy is enforced', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await alice.client.setPolicy(bob.client.publicKey, { pfs: 'off' })
    const first = await alice.client.send(chatWith(bob), { text: 'plain' })
    expect(first.protection).toBe('transport-only')
    await until('shown', () => bob.texts().includes('plain'))
    expect((await bob.client.message(first.messageId))?.protection).toBe('transport-only')

    await alice.client.setPolicy(bob.client.publicKey, { pfs: 'on' })
    await alice.client.send(chatWith(bob), { text: 'secret' })
    await bob.client.send(chatWith(alice), { text: 'answer' })
    await until('sessions', () => alice.texts().includes('answer') && bob.texts().includes('secret'))
    const secret = await alice.client.send(chatWith(bob), { text: 'forward secret' })
    await until(
      'forward secret',
      async () => (await bob.client.message(secret.messageId))?.protection === 'forward-secret'
    )

    await alice.client.setPolicy(bob.client.publicKey, { pfs: 'off' })
    const weaker = await alice.client.send(chatWith(bob), { text: 'weaker' })
    await until('refused', () => bob.refusals().some(fact => fact.layer === 'policy'))
    expect(bob.refusals()[0]).toMatchObject({ reason: 'protection-transport-only', final: false })
    expect(await bob.client.message(weaker.messageId)).toBeUndefined()
    expect((await alice.client.ledger(weaker.messageId))?.complete).toBe(false)

    await bob.client.setPolicy(alice.client.publicKey, { minimum: 'any' })
    await until('shown once relented', () => bob.texts().includes('weaker'))
    expect(bob.texts().filter(text => text === 'weaker')).toHaveLength(1)
  })
})

test('a minimum that sealing cannot reach holds the message until it can', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await alice.client.setPolicy(bob.client.publicKey, { minimum: 'forward-secret' })
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'only forward secret' })
    await until('held', async () => (await alice.client.ledger(messageId))?.legs[0]?.state === 'held')
    expect((await alice.client.ledger(messageId))?.legs[0]).toMatchObject({
      reason: 'policy',
      protection: 'static-key'
    })
    expect(bob.texts()).toEqual([])
    await bob.client.publishContactCode()
    await until('delivered once the bundle is known', () => bob.texts().includes('only forward secret'))
    expect((await bob.client.message(messageId))?.protection).toBe('forward-secret')
  })
})

test('PFS off for the whole client is a sending choice: it still reads what is forward secret', async () => {
  const alice = await person('alice', { pfs: 'off' })
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    const { messageId } = await bob.client.send(chatWith(alice), { text: 'sealed' })
    await until('read', () => alice.texts().includes('sealed'))
    expect((await alice.client.message(messageId))?.protection).toBe('static-key')
    await alice.client.send(chatWith(bob), { text: 'unsealed' })
    await until('read', () => bob.texts().includes('unsealed'))
    expect(bob.events.message.find(message => message.text === 'unsealed')?.protection).toBe('transport-only')
  })
})
