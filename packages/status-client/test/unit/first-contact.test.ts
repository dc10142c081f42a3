import { expect, test } from 'vitest'
import { chatWith, connect, during, person, until } from '../support/world.ts'

test('first contact is static-key, the answer is forward secret', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('connected', () => alice.client.connected() && bob.client.connected())
    const sent = await alice.client.send(chatWith(bob), { text: 'hello' })
    await until('bob has it', () => bob.texts().includes('hello'))
    const [got] = bob.events.message
    expect(got).toMatchObject({ messageId: sent.messageId, protection: 'static-key', outgoing: false, source: 'live' })
    await until('acknowledged', async () => (await alice.client.ledger(sent.messageId))?.complete === true)
    await bob.client.send(chatWith(alice), { text: 'hi' })
    await until('alice has it', () => alice.texts().includes('hi'))
    expect(alice.events.message.find(message => message.text === 'hi')).toMatchObject({ protection: 'forward-secret' })
  })
})
