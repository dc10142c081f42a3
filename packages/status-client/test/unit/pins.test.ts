import { expect, test } from 'vitest'
import { chatWith, connect, during, type Person, person, until } from '../support/world.ts'

async function two(run: (alice: Person, bob: Person) => Promise<void>): Promise<void> {
  const alice = await person('alice')
  const bob = await person('bob')
  await during([alice, bob], async () => {
    connect(alice, bob)
    await run(alice, bob)
  })
}

const told = async (from: Person, to: Person, text: string): Promise<string> => {
  const { messageId } = await from.client.send(chatWith(to), { text })
  await until('it arrived', async () => (await to.client.message(messageId)) !== undefined)
  return messageId
}

const pinnedTexts = async (who: Person, other: Person) =>
  (await who.client.pinned(chatWith(other))).map(message => message.text)

test('either side pins a message for both, and either takes the pin off', () =>
  two(async (alice, bob) => {
    const first = await told(alice, bob, 'first')
    const second = await told(bob, alice, 'second')
    await bob.client.pin(first)
    await until('alice sees it', async () => (await pinnedTexts(alice, bob)).length === 1)
    await alice.client.pin(second)
    await until('bob sees it', async () => (await pinnedTexts(bob, alice)).length === 2)
    // Latest pin first.
    for (const [who, other] of [
      [alice, bob],
      [bob, alice]
    ] as const) {
      expect(await pinnedTexts(who, other)).toEqual(['second', 'first'])
      expect((await who.client.message(first))?.pinned?.by).toEqual(bob.client.publicKey)
    }
    await alice.client.pin(first, false)
    await until('bob sees it', async () => (await pinnedTexts(bob, alice)).length === 1)
    expect((await bob.client.message(first))?.pinned).toBeUndefined()
    await bob.client.idle()
    expect(bob.events.change.map(({ change, message }) => `${message.text} ${change}`)).toEqual([
      'first pinned',
      'second pinned',
      'first unpinned'
    ])
  }))

test('a deleted message is no longer pinned, and a cleared chat has no pins', () =>
  two(async (alice, bob) => {
    const [first, second] = [await told(alice, bob, 'first'), await told(alice, bob, 'second')]
    for (const id of [first, second]) await bob.client.pin(id)
    await until('alice sees them', async () => (await pinnedTexts(alice, bob)).length === 2)
    await alice.client.deleteMessage(first)
    await until('deleted', async () => (await bob.client.message(first))?.deleted === true)
    expect(await pinnedTexts(bob, alice)).toEqual(['second'])
    expect((await bob.client.message(first))?.pinned).toBeUndefined()
    await bob.client.clearChat(chatWith(alice))
    expect(await pinnedTexts(bob, alice)).toEqual([])
    for await (const key of bob.database.keys({ gte: 'pin!', lt: 'pin!~' })) expect(key).toBeUndefined()
  }))

test('nothing is pinned in a public chat', async () => {
  const alice = await person('alice')
  await during([alice], async () => {
    await alice.client.joinPublic('status')
    const { messageId } = await alice.client.send({ kind: 'public', name: 'status' }, { text: 'look at me' })
    await expect(alice.client.pin(messageId)).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(await alice.client.pinned({ kind: 'public', name: 'status' })).toEqual([])
  })
})

test('a member pins a group message for all members', () =>
  two(async (alice, bob) => {
    const { id } = await alice.client.createGroup('club', [bob.client.publicKey])
    const chat = { kind: 'group', id } as const
    await until('invited', async () => (await bob.client.chats()).some(one => one.id === id))
    await bob.client.joinGroup(id)
    const joined = async () =>
      (await alice.client.chats()).find(one => one.id === id)?.group?.members.every(member => member.joined)
    await until('joined', async () => (await joined()) === true)
    const { messageId } = await alice.client.send(chat, { text: 'rules' })
    await until('bob reads', () => bob.texts().includes('rules'))
    await bob.client.pin(messageId)
    await until('alice sees', async () => (await alice.client.pinned(chat)).length === 1)
    expect((await alice.client.message(messageId))?.pinned?.by).toEqual(bob.client.publicKey)
  }))
