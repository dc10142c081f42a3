import { expect, test } from 'vitest'
import { chatWith, connect, during, type Person, person, until } from '../support/world.ts'

const groupOf = async (who: Person, id: string) =>
  (await who.client.chats()).find(chat => chat.chat.kind === 'group' && chat.id === id)

const names = (people: readonly Person[], who: readonly { readonly publicKey: Uint8Array }[] | undefined): string[] =>
  (who ?? [])
    .map(({ publicKey }) => people.find(one => `${one.client.publicKey}` === `${publicKey}`)?.name ?? '?')
    .sort()

async function members(who: Person, people: readonly Person[], id: string): Promise<string[]> {
  return names(people, (await groupOf(who, id))?.group?.members)
}

async function joined(who: Person, people: readonly Person[], id: string): Promise<string[]> {
  return names(
    people,
    (await groupOf(who, id))?.group?.members.filter(member => member.joined)
  )
}

/** Alice in the middle; the others hear each other through her node. */
async function trio(run: (alice: Person, bob: Person, carol: Person) => Promise<void>): Promise<void> {
  const alice = await person('alice')
  const bob = await person('bob')
  const carol = await person('carol')
  await during([alice, bob, carol], async () => {
    connect(alice, bob)
    connect(alice, carol)
    await run(alice, bob, carol)
  })
}

test('F-8 three members end with equal state whatever the order of delivery', () =>
  trio(async (alice, bob, carol) => {
    const people = [alice, bob, carol]
    const { id } = await alice.client.createGroup('friends', [bob.client.publicKey, carol.client.publicKey])
    for (const one of [bob, carol]) await until('invited', async () => (await groupOf(one, id))?.group?.member === true)
    // Both confirm at once: each hears of the other before or after its own event.
    await Promise.all([bob.client.joinGroup(id), carol.client.joinGroup(id)])
    for (const one of people) {
      await until(`${one.name} knows`, async () => (await joined(one, people, id)).length === 3)
    }
    await alice.client.renameGroup(id, 'best friends')
    await alice.client.promoteInGroup(id, [bob.client.publicKey])
    for (const one of people) {
      await until('renamed and promoted', async () => {
        const group = (await groupOf(one, id))?.group
        return group?.name === 'best friends' && group.members.filter(member => member.admin).length === 2
      })
    }
    const states = await Promise.all(people.map(async one => (await groupOf(one, id))?.group?.members))
    expect(states[1]).toEqual(states[0])
    expect(states[2]).toEqual(states[0])
    const lines = await bob.client.messages({ kind: 'group', id })
    expect(lines.map(line => (line.content.kind === 'system' ? line.content.event : '?')).sort()).toEqual([
      'adminsAdded',
      'chatCreated',
      'memberJoined',
      'memberJoined',
      'membersAdded',
      'nameChanged'
    ])
  }))

test('F-9 who has not joined sees the invitation but no messages, and cannot write', () =>
  trio(async (alice, bob, carol) => {
    const { id } = await alice.client.createGroup('club', [bob.client.publicKey, carol.client.publicKey])
    const chat = { kind: 'group', id } as const
    for (const one of [bob, carol]) await until('invited', async () => (await groupOf(one, id)) !== undefined)
    await bob.client.joinGroup(id)
    await until('alice knows', async () => (await joined(alice, [alice, bob], id)).includes('bob'))
    const { messageId } = await alice.client.send(chat, { text: 'members only' })
    await until('bob reads', () => bob.texts().includes('members only'))
    await until('carol refuses', () => carol.refusals().some(fact => fact.reason === 'not-a-member'))
    await until('everybody handled it', async () => (await alice.client.ledger(messageId))?.complete === true)
    expect(carol.texts()).toEqual([])
    await expect(carol.client.send(chat, { text: 'me too' })).rejects.toMatchObject({ code: 'not-a-member' })
  }))

test('F-10 a removed member gets the removal and nothing later; the others agree', () =>
  trio(async (alice, bob, carol) => {
    const people = [alice, bob, carol]
    const { id } = await alice.client.createGroup('club', [bob.client.publicKey, carol.client.publicKey])
    const chat = { kind: 'group', id } as const
    for (const one of [bob, carol]) {
      await until('invited', async () => (await groupOf(one, id)) !== undefined)
      await one.client.joinGroup(id)
    }
    await until('all joined', async () => (await joined(alice, people, id)).length === 3)
    await expect(bob.client.removeFromGroup(id, carol.client.publicKey)).rejects.toMatchObject({ code: 'not-an-admin' })
    await alice.client.removeFromGroup(id, carol.client.publicKey)
    await until('carol learns', async () => (await groupOf(carol, id))?.group?.member === false)
    for (const one of [alice, bob]) {
      await until('agreed', async () => (await members(one, people, id)).join() === 'alice,bob')
    }
    const { messageId } = await alice.client.send(chat, { text: 'among us' })
    await until('bob reads', () => bob.texts().includes('among us'))
    expect((await alice.client.ledger(messageId))?.legs).toHaveLength(1)
    expect(carol.texts()).toEqual([])
    await expect(carol.client.send(chat, { text: 'let me in' })).rejects.toMatchObject({ code: 'not-a-member' })
  }))

test('F-11 leaving a group stops neither the one-to-one traffic with its members nor our own topics', () =>
  trio(async (alice, bob) => {
    const { id } = await alice.client.createGroup('club', [bob.client.publicKey])
    await until('invited', async () => (await groupOf(bob, id)) !== undefined)
    await bob.client.joinGroup(id)
    await bob.client.send(chatWith(alice), { text: 'joined' })
    await until('alice reads', () => alice.texts().includes('joined'))
    await bob.client.leaveGroup(id)
    await until('alice knows', async () => (await groupOf(alice, id))?.group?.members.length === 1)
    expect((await groupOf(bob, id))?.group?.member).toBe(false)
    await alice.client.send(chatWith(bob), { text: 'still there?' })
    await until('bob reads', () => bob.texts().includes('still there?'))
  }))

test('a reaction in a group reaches its members; an admin steps down', () =>
  trio(async (alice, bob) => {
    const { id } = await alice.client.createGroup('club', [bob.client.publicKey])
    await until('invited', async () => (await groupOf(bob, id)) !== undefined)
    await bob.client.joinGroup(id)
    await until('joined', async () => (await joined(alice, [alice, bob], id)).length === 2)
    const { messageId } = await alice.client.send({ kind: 'group', id }, { text: 'look' })
    await until('bob reads', () => bob.texts().includes('look'))
    await bob.client.react(messageId, 'love')
    await until('alice sees', async () => ((await alice.client.message(messageId))?.reactions.length ?? 0) === 1)
    await alice.client.promoteInGroup(id, [bob.client.publicKey])
    await alice.client.stepDownInGroup(id)
    await until('bob alone is admin', async () => {
      const admins = (await groupOf(bob, id))?.group?.members.filter(member => member.admin)
      return names([alice, bob], admins).join() === 'bob'
    })
  }))
