import { expect, test } from 'vitest'
import { chatWith, connect, during, type Person, person, until } from '../support/world.ts'

async function acknowledged(from: Person, messageId: string): Promise<void> {
  await until('acknowledged', async () => (await from.client.ledger(messageId))?.complete === true)
}

test('F-2 first contact: message 1 is static-key on the partitioned topic, its acknowledgement forward secret on the negotiated one', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('connected', () => alice.client.connected() && bob.client.connected())
    const { messageId } = await alice.client.send(chatWith(bob), { text: 'one' })
    await acknowledged(alice, messageId)
    const out = alice.events.trace.filter(fact => fact.direction === 'out')
    expect(out.find(fact => fact.layer === 'pfs')).toMatchObject({ protection: 'static-key' })
    expect(out.find(fact => fact.layer === 'route')?.did).toBe('route of identity')
    const answer = bob.events.trace.filter(fact => fact.direction === 'out')
    expect(answer.find(fact => fact.layer === 'pfs')).toMatchObject({ protection: 'forward-secret' })
    expect(answer.find(fact => fact.layer === 'route')?.did).toBe('route of the shared rendezvous')
    expect((await bob.client.chats()).map(chat => chat.chat)).toEqual([chatWith(alice)])
  })
})

test('F-3 after first contact the second message is forward secret on the negotiated topic', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await acknowledged(alice, (await alice.client.send(chatWith(bob), { text: 'one' })).messageId)
    const before = alice.events.trace.length
    const second = await alice.client.send(chatWith(bob), { text: 'two' })
    expect(second.protection).toBe('forward-secret')
    await acknowledged(alice, second.messageId)
    const out = alice.events.trace.slice(before).filter(fact => fact.messageIds.includes(second.messageId))
    expect(out.find(fact => fact.layer === 'route')?.did).toBe('route of the shared rendezvous')
    expect((await bob.client.message(second.messageId))?.protection).toBe('forward-secret')
    expect((await alice.client.message(second.messageId))?.protection).toBe('forward-secret')
  })
})

test('the ratchet turns and a message that was overtaken is still read', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    const held: (() => void)[] = []
    let holding = false
    connect(alice, bob, {
      toB: ({ code }, forward) => {
        if (!holding || code !== 1) return true
        held.push(forward)
        return false
      }
    })
    for (const turn of [1, 2, 3]) {
      await alice.client.send(chatWith(bob), { text: `a${turn}` })
      await until('bob reads', () => bob.texts().includes(`a${turn}`))
      await bob.client.send(chatWith(alice), { text: `b${turn}` })
      await until('alice reads', () => alice.texts().includes(`b${turn}`))
    }
    holding = true
    await alice.client.send(chatWith(bob), { text: 'early' })
    await until('held', () => held.length > 0)
    holding = false
    await alice.client.send(chatWith(bob), { text: 'late' })
    await until('bob reads the later one', () => bob.texts().includes('late'))
    for (const forward of held) forward()
    await until('bob reads the earlier one', () => bob.texts().includes('early'))
    expect(bob.texts().sort()).toEqual(['a1', 'a2', 'a3', 'early', 'late'])
    const shown = await bob.client.messages(chatWith(alice))
    expect(shown.map(message => message.text)).toEqual(['late', 'early', 'b3', 'a3', 'b2', 'a2', 'b1', 'a1'])
    for (const message of shown.filter(one => one.text !== 'a1')) expect(message.protection).toBe('forward-secret')
  })
})

test('F-7 a public message is read by every joiner and stored once by its author', async () => {
  const alice = await person('alice')
  const bob = await person('bob')
  const carol = await person('carol')
  await during([alice, bob, carol], async () => {
    connect(alice, bob)
    connect(alice, carol)
    const room = { kind: 'public', name: 'status' } as const
    for (const { client } of [alice, bob, carol]) await client.joinPublic('status')
    const { messageId } = await alice.client.send(room, { text: 'to all' })
    await until('both read', () => bob.texts().includes('to all') && carol.texts().includes('to all'))
    await until('confirmed', async () => (await alice.client.ledger(messageId))?.complete === true)
    expect(bob.events.message[0]).toMatchObject({ protection: 'public', messageId, chat: room })
    await bob.client.send(room, { text: 'answer' })
    await until('all read', () => alice.texts().includes('answer') && carol.texts().includes('answer'))
    for (const { client } of [alice, bob, carol]) expect(await client.messages(room)).toHaveLength(2)
  })
})

test('a restart from the store keeps sessions, history and what was under way', async () => {
  const alice = await person('alice')
  let bob = await person('bob')
  await alice.client.start()
  await bob.client.start()
  connect(alice, bob)
  await acknowledged(alice, (await alice.client.send(chatWith(bob), { text: 'before' })).messageId)
  await bob.client.send(chatWith(alice), { text: 'answer' })
  await until('answer', () => alice.texts().includes('answer'))
  await bob.client.stop()
  const waiting = await alice.client.send(chatWith(bob), { text: 'while away' })
  bob = await person('bob', { database: bob.database })
  await during([bob], async () => {
    connect(alice, bob)
    await acknowledged(alice, waiting.messageId)
    const shown = await bob.client.messages(chatWith(alice))
    expect(shown.map(message => message.text)).toEqual(['while away', 'answer', 'before'])
    expect(shown[0]?.protection).toBe('forward-secret')
  })
  await alice.client.stop()
})
