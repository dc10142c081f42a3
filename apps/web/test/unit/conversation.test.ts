import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { limits } from '../../src/limits.ts'
import { createChatList } from '../../src/state/chat-list.ts'
import { type Conversation, openConversation } from '../../src/state/conversation.ts'
import { coalesced } from '../../src/state/message-window.ts'
import { createPeople } from '../../src/state/people.ts'
import { twoClients, until } from './support.ts'

let world: Awaited<ReturnType<typeof twoClients>>
let conversation: Conversation
const pictures: number[] = []
const open = (attentive = true) =>
  openConversation(
    'x',
    { kind: 'one-to-one', publicKey: world.bob.publicKey },
    {
      client: world.alice,
      preparePicture: async (picture, maxBytes) => {
        pictures.push(maxBytes)
        return picture
      },
      attentive: () => attentive
    }
  )
const toAlice = () => ({ kind: 'one-to-one', publicKey: world.alice.publicKey }) as const
const texts = (): readonly string[] => conversation.lines.value.map(({ message }) => message.text)

beforeEach(async () => {
  world = await twoClients()
  conversation = await open()
})
afterEach(async () => {
  await conversation.stop()
  await world.stop()
})

const say = async (text: string): Promise<void> => {
  conversation.draft.value = text
  expect(await conversation.send()).toBe(true)
}

describe('a conversation', () => {
  test('shows what both sides say, how far it came, and what it answers', async () => {
    await say('hello')
    await until(() => conversation.lines.value[0]?.mark?.words === 'received')
    expect(conversation.draft.value).toBe('')
    await world.bob.send(toAlice(), { text: 'hello yourself' })
    await until(() => texts().length === 2)
    expect(texts()).toEqual(['hello', 'hello yourself'])
    conversation.replyTo.value = conversation.lines.value[1]?.message
    await say('an answer')
    await until(() => texts().length === 3)
    expect(conversation.lines.value[2]?.quoted?.text).toBe('hello yourself')
    expect(conversation.replyTo.value).toBeUndefined()
  })

  test('a change keeps what was being written; a reaction is taken back the second time', async () => {
    await say('first')
    await until(() => texts().length === 1)
    conversation.draft.value = 'half a sentence'
    const message = conversation.lines.value[0]?.message
    if (message === undefined) throw new Error('no message')
    conversation.beginEdit(message)
    conversation.cancel()
    expect(conversation.draft.value).toBe('half a sentence')
    conversation.beginEdit(message)
    await say('second')
    expect(conversation.draft.value).toBe('half a sentence')
    await until(() => texts()[0] === 'second')
    const count = (): number => conversation.lines.value[0]?.message.reactions.length ?? 0
    await conversation.react(message, 'love')
    await until(() => count() === 1)
    await conversation.react(conversation.lines.value[0]?.message ?? message, 'love')
    await until(() => count() === 0)
    await conversation.remove(message)
    await until(() => conversation.lines.value[0]?.message.deleted === true)
  })

  test('a draft is stored while it is written: a tab may be closed at any time', async () => {
    const { publicKey } = world.bob
    const kept = () => world.alice.draft({ kind: 'one-to-one', publicKey })
    conversation.draft.value = 'half a'
    conversation.draft.value = 'half a sentence'
    await until(async () => (await kept()) === 'half a sentence')
    await say('the whole sentence')
    expect(await kept()).toBe('')
    conversation.draft.value = 'another'
    await until(async () => (await kept()) === 'another')
    // What is changed is no draft.
    await until(() => texts().length === 1)
    const [line] = conversation.lines.value
    if (line !== undefined) conversation.beginEdit(line.message)
    conversation.draft.value = 'changed'
    await conversation.stop()
    expect(await kept()).toBe('another')
    conversation = await open()
  })

  test('a draft is there again after the conversation was closed', async () => {
    conversation.draft.value = 'half a sentence'
    await conversation.stop()
    conversation = await open()
    expect(conversation.draft.value).toBe('half a sentence')
  })

  test('what comes while no one looks stays unread until someone does', async () => {
    await conversation.stop()
    conversation = await open(false)
    await world.bob.send(toAlice(), { text: 'are you there?' })
    await until(() => texts().length === 1)
    const unseen = async () => (await world.alice.messages(conversation.chat)).filter(({ seen }) => !seen).length
    expect(await unseen()).toBe(1)
    await conversation.stop()
    conversation = await open()
    await until(async () => (await unseen()) === 0)
  })

  test('a picture is made to fit by what the page hands in', async () => {
    const gif = Uint8Array.from([...Buffer.from('GIF89a'), 1, 0, 1, 0, 0, 0, 0, 0x3b])
    expect(await conversation.sendPicture(gif)).toBe(true)
    expect(pictures.at(-1)).toBe(await world.alice.attachmentLimit(conversation.chat))
    await until(() => conversation.lines.value[0]?.message.content.kind === 'image')
  })

  test('an error is a sentence, and what was written stays', async () => {
    await world.alice.block(world.bob.publicKey)
    conversation.draft.value = 'to nobody'
    expect(await conversation.send()).toBe(false)
    expect(conversation.task.problem.value).toBe('You have blocked this person.')
    expect(conversation.draft.value).toBe('to nobody')
  })

  test('messagesShown: further back, later messages leave the page, and come again', async () => {
    const total = limits.messagesShown + limits.messagePage
    const public_ = { kind: 'public', name: 'long' } as const
    await world.alice.joinPublic('long')
    for (let i = 0; i < total; i++) await world.alice.send(public_, { text: String(i) })
    const long = await openConversation('long', public_, {
      client: world.alice,
      preparePicture: async picture => picture,
      attentive: () => true
    })
    const shown = (): readonly number[] => long.lines.value.map(({ message }) => Number(message.text))
    expect(shown()).toHaveLength(limits.messagePage)
    for (let i = 0; i < total / limits.messagePage + 1 && long.older.value; i++) {
      await long.loadOlder()
      expect(shown().length).toBeLessThanOrEqual(limits.messagesShown)
    }
    expect(shown()[0]).toBe(0)
    expect(long.later.value).toBe(true)
    await long.toLatest()
    expect(shown().at(-1)).toBe(total - 1)
    await long.stop()
  })
})

test('the list of conversations follows names and counters', async () => {
  const people = await createPeople(world.alice)
  const chats = await createChatList(world.alice, people)
  expect(people.nameOf(world.alice.publicKey)).toBe('You')
  await conversation.stop()
  await world.bob.send(toAlice(), { text: 'a stranger' })
  await until(() => chats.requests.value.length === 1)
  expect(chats.requests.value[0]).toMatchObject({ title: people.nameOf(world.bob.publicKey) })
  await world.alice.addContact(world.bob.publicKey)
  await until(() => chats.lines.value.some(({ chat }) => chat.chat.kind === 'one-to-one'))
  await world.alice.joinPublic('status')
  await until(() => chats.lines.value.some(({ title }) => title === '#status'))
  chats.stop()
  people.stop()
})

test('work that is asked for while it runs is done once more, not each time', async () => {
  let free = (): void => {}
  const work = vi.fn(
    () =>
      new Promise<void>(resolve => {
        free = resolve
      })
  )
  const run = coalesced(work)
  const first = run()
  const others = [run(), run(), run()]
  expect(work).toHaveBeenCalledTimes(1)
  free()
  await first
  await until(() => work.mock.calls.length === 2)
  free()
  await Promise.all(others)
  expect(work).toHaveBeenCalledTimes(2)
})
