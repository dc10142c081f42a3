import { expect, test } from 'vitest'
import { chatWith, connect, during, person, until } from '../support/world.ts'

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
    const refused = bob.refusals().find(fact => fact.layer === 'policy')
    expect(refused).toMatchObject({ reason: 'protection-transport-only', final: false })
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
