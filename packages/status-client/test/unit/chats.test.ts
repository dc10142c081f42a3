import { bytesToHex } from '@status-stack/crypto'
import { limits } from '@status-stack/status-data'
import { expect, test } from 'vitest'
import { accepted, inside, somebody } from '../support/core.ts'
import { chatWith, connect, during, type Person, person, until } from '../support/world.ts'

async function two(run: (alice: Person, bob: Person) => Promise<void>, options = {}): Promise<void> {
  const alice = await person('alice', options)
  const bob = await person('bob', options)
  await during([alice, bob], async () => {
    connect(alice, bob)
    await until('linked', () => alice.client.connected() && bob.client.connected())
    await run(alice, bob)
  })
}

const told = async (from: Person, to: Person, content: Parameters<Person['client']['send']>[1]): Promise<string> => {
  const { messageId } = await from.client.send(chatWith(to), content)
  await until('it arrived', async () => (await to.client.message(messageId)) !== undefined)
  return messageId
}

/** Ids of all messages that ever left in a sync payload. */
const synced = (who: Person): readonly string[] =>
  who.events.trace.filter(fact => fact.layer === 'sync' && fact.direction === 'out').flatMap(fact => fact.messageIds)

const png = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return bytes
}

test('a reply names what it answers', () =>
  two(async (alice, bob) => {
    const question = await told(alice, bob, { text: 'question?' })
    const answer = await told(bob, alice, { text: 'answer', replyTo: question })
    expect((await alice.client.message(answer))?.replyTo).toBe(question)
  }))

test('D-17 reactions, public messages and pairing never enter sync; the latest clock of a reaction wins', () =>
  two(async (alice, bob) => {
    const id = await told(alice, bob, { text: 'look' })
    const { messageId: reaction } = await bob.client.react(id, 'love')
    expect(await bob.client.ledger(reaction)).toBeDefined()
    await bob.client.react(id, 'laugh')
    await until('both arrived', async () => ((await alice.client.message(id))?.reactions.length ?? 0) === 2)
    await bob.client.react(id, 'love', false)
    await until('one is retracted', async () => (await alice.client.message(id))?.reactions.length === 1)
    expect((await alice.client.message(id))?.reactions[0]).toMatchObject({
      emoji: 'laugh',
      author: bob.client.publicKey
    })
    expect((await bob.client.message(id))?.reactions).toHaveLength(1)
    await bob.client.joinPublic('status')
    await bob.client.send({ kind: 'public', name: 'status' }, { text: 'to all' })
    await bob.client.pair('laptop', 'desktop')
    await told(bob, alice, { text: 'this one does' })
    const made = bob.events.trace.filter(fact => fact.layer === 'data' && fact.did.startsWith('made'))
    expect(made.map(fact => fact.did)).toEqual([
      ...Array(3).fill('made reaction'),
      'made text',
      'made pair',
      'made text'
    ])
    const reactions = made.slice(0, -1)
    expect(synced(bob)).toContain(made.at(-1)?.messageIds[0])
    for (const { messageIds } of reactions) expect(synced(bob)).not.toContain(messageIds[0])
  }))

test('an edit replaces the text, a deletion removes it; only the author may', () =>
  two(async (alice, bob) => {
    const id = await told(alice, bob, { text: 'frist' })
    const edit = await alice.client.edit(id, 'first')
    expect((await alice.client.ledger(edit.messageId))?.legs[0]?.recipient).toEqual(bob.client.publicKey)
    await until('edited', async () => (await bob.client.message(id))?.text === 'first')
    expect((await bob.client.message(id))?.editedMs).toBeGreaterThan(0)
    await expect(bob.client.edit(id, 'mine now')).rejects.toMatchObject({ code: 'not-yours' })
    await expect(bob.client.deleteMessage(id)).rejects.toMatchObject({ code: 'not-yours' })
    await alice.client.deleteMessage(id)
    await until('deleted', async () => (await bob.client.message(id))?.deleted === true)
    expect((await bob.client.message(id))?.text).toBe('')
    expect(bob.events.change.map(fact => fact.change)).toEqual(['edited', 'deleted'])
  }))

test('images are known by their bytes, and too large ones are refused before sending', () =>
  two(async (alice, bob) => {
    const id = await told(alice, bob, { image: png(2000), text: 'a picture' })
    const got = (await bob.client.message(id))?.content
    expect(got).toMatchObject({ kind: 'image', type: 'png', bytes: png(2000) })
    const limit = await alice.client.attachmentLimit(chatWith(bob))
    expect(limit).toBeGreaterThan(100_000)
    expect(limit).toBeLessThanOrEqual(limits.imageBytes)
    await expect(alice.client.send(chatWith(bob), { image: png(limit + 1) })).rejects.toMatchObject({
      code: 'too-large'
    })
    await expect(
      alice.client.send(chatWith(bob), { image: new Uint8Array(100), text: 'no picture' })
    ).rejects.toMatchObject({
      code: 'invalid-argument'
    })
    const full = await told(alice, bob, { image: png(limit), text: 'as large as it gets' })
    expect((await bob.client.message(full))?.content).toMatchObject({ kind: 'image' })
  }))

test('voice files and stickers arrive as what they are', () =>
  two(async (alice, bob) => {
    const aac = Uint8Array.of(0xff, 0xf1, 1, 2, 3)
    const voice = await told(alice, bob, { audio: aac, durationMs: 1500, text: 'listen' })
    expect((await bob.client.message(voice))?.content).toEqual({
      kind: 'audio',
      type: 'aac',
      bytes: aac,
      durationMs: 1500
    })
    const sticker = await told(alice, bob, { sticker: { hash: 'e301', pack: 3 }, text: 'sticker' })
    expect((await bob.client.message(sticker))?.content).toEqual({ kind: 'sticker', hash: 'e301', pack: 3 })
  }))

test('text over 4096 bytes and blank text are refused before anything is stored', () =>
  two(async (alice, bob) => {
    for (const text of ['ä'.repeat(2049), '   ']) {
      await expect(alice.client.send(chatWith(bob), { text })).rejects.toMatchObject({ origin: 'caller' })
    }
    expect(await alice.client.messages(chatWith(bob))).toEqual([])
  }))

test('unread and mentions are counted until they are seen, late arrivals included', () =>
  two(async (alice, bob) => {
    const chatOf = async (who: Person) => (await who.client.chats())[0]
    const mention = `@0x${bytesToHex(bob.client.publicKey)} look`
    const first = await told(alice, bob, { text: 'one' })
    await told(alice, bob, { text: mention })
    await told(alice, bob, { text: 'three' })
    expect(await chatOf(bob)).toMatchObject({ unread: 3, unreadMentions: 1 })
    expect(await bob.client.markSeen(chatWith(alice), first)).toBe(1)
    expect(await chatOf(bob)).toMatchObject({ unread: 2, unreadMentions: 1 })
    expect(await bob.client.markSeen(chatWith(alice))).toBe(2)
    expect(await chatOf(bob)).toMatchObject({ unread: 0, unreadMentions: 0 })
    expect(await bob.client.markSeen(chatWith(alice))).toBe(0)
    expect((await bob.client.messages(chatWith(alice))).every(message => message.seen)).toBe(true)
    expect(await chatOf(alice)).toMatchObject({ unread: 0 })
  }))

test('a chat event says each new count: a message arrives, is seen, or goes', () =>
  two(async (alice, bob) => {
    const counts = () => bob.events.chat.map(chat => `${chat.unread}/${chat.unreadMentions}`)
    const told1 = await told(alice, bob, { text: 'one' })
    await bob.client.idle()
    expect(counts().at(-1)).toBe('1/0')
    expect(bob.events.chat.at(-1)).toMatchObject({ chat: chatWith(alice), active: true, request: true })
    await told(alice, bob, { text: `@0x${bytesToHex(bob.client.publicKey)} two` })
    await bob.client.idle()
    expect(counts().at(-1)).toBe('2/1')
    await bob.client.markSeen(chatWith(alice), told1)
    await bob.client.idle()
    expect(counts().at(-1)).toBe('1/1')
    await bob.client.markSeen(chatWith(alice))
    await bob.client.idle()
    expect(counts().at(-1)).toBe('0/0')
    const said = counts().length
    await bob.client.markSeen(chatWith(alice))
    await bob.client.idle()
    expect(counts()).toHaveLength(said)
    await bob.client.acceptRequest(chatWith(alice))
    await bob.client.idle()
    expect(bob.events.chat.at(-1)).toMatchObject({ request: false })
    const { clock } = await bob.client.send(chatWith(alice), { text: 'three' })
    await bob.client.idle()
    expect(bob.events.chat.at(-1)).toMatchObject({ unread: 0, lastClock: clock })
    await told(alice, bob, { text: 'four' })
    await bob.client.block(alice.client.publicKey)
    await bob.client.idle()
    expect(bob.events.chat.at(-1)).toMatchObject({ active: false, unread: 0 })
  }))

test('chat events end with what the chats are, however much arrives at once', () =>
  two(async (alice, bob) => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => alice.client.send(chatWith(bob), { text: `m${n}` })))
    await until('all arrived', () => bob.texts().length === 20)
    await bob.client.idle()
    expect(bob.events.chat.at(-1)).toEqual((await bob.client.chats())[0])
    expect(bob.events.chat.at(-1)).toMatchObject({ unread: 20 })
  }))

test('listeners hear messages in the order in which they were stored', async () => {
  const { core, take, heard } = await inside()
  const author = somebody()
  const from = { kind: 'one-to-one', id: `0x${bytesToHex(author)}`, publicKey: author } as const
  // The view of a picture takes more reads than the view of a text.
  const picture = { kind: 'image', image: png(3000), format: 'png', text: 'picture' } as const
  const texts = ['one', 'two'].map(text => ({ kind: 'text', text }) as const)
  await Promise.all([picture, ...texts].map(content => take(accepted(author, content, from))))
  await core.background.idle()
  expect(heard.message.map(message => message.text)).toEqual(['picture', 'one', 'two'])
})

test('pages go back in time without gaps or repetitions', () =>
  two(async alice => {
    await alice.client.joinPublic('status')
    const room = { kind: 'public', name: 'status' } as const
    const sent: string[] = []
    for (let index = 0; index < 25; index += 1)
      sent.push((await alice.client.send(room, { text: `m${index}` })).messageId)
    const seen: string[] = []
    let before: string | undefined
    for (;;) {
      const page = await alice.client.messages(room, { before, limit: 7 })
      seen.push(...page.map(message => message.messageId))
      before = page.at(-1)?.messageId
      if (page.length < 7) break
    }
    expect(seen).toEqual(sent.reverse())
    await expect(alice.client.messages(room, { limit: 0 })).rejects.toMatchObject({ code: 'invalid-argument' })
  }))

test('P-13 a cleared chat stays empty: copies of what was in it are not stored again', () =>
  two(async (alice, bob) => {
    const id = await told(alice, bob, { text: 'gone soon' })
    await bob.client.clearChat(chatWith(alice))
    expect(await bob.client.messages(chatWith(alice))).toEqual([])
    expect((await bob.client.chats())[0]).toMatchObject({ unread: 0, active: true })
    expect(await bob.client.message(id)).toBeUndefined()
    await told(alice, bob, { text: 'new' })
    expect(await bob.client.messages(chatWith(alice))).toHaveLength(1)
  }))

test('the retention limit keeps the newest messages', async () => {
  const alice = await person('alice', { messagesPerChat: 10, timers: false })
  await during([alice], async () => {
    await alice.client.joinPublic('status')
    const room = { kind: 'public', name: 'status' } as const
    for (let index = 0; index < 15; index += 1) await alice.client.send(room, { text: `m${index}` })
    await alice.client.tick()
    const kept = await alice.client.messages(room)
    expect(kept.map(message => message.text)).toEqual(Array.from({ length: 10 }, (_, index) => `m${14 - index}`))
  })
})

test('the same client tag sends once, also when called twice at a time', () =>
  two(async (alice, bob) => {
    const options = { clientTag: 'upload-7' }
    const results = await Promise.all([1, 2].map(() => alice.client.send(chatWith(bob), { text: 'once' }, options)))
    const again = await alice.client.send(chatWith(bob), { text: 'once' }, options)
    expect(new Set([...results, again].map(result => result.messageId)).size).toBe(1)
    expect(await alice.client.messages(chatWith(bob))).toHaveLength(1)
    await expect(alice.client.send(chatWith(bob), { text: 'x' }, { clientTag: 'x'.repeat(65) })).rejects.toMatchObject({
      code: 'invalid-argument'
    })
  }))

test('an image that does not fit is scaled down by the application, if it can', async () => {
  const asked: number[] = []
  const scaleImage = async (_image: Uint8Array, maxBytes: number) => {
    asked.push(maxBytes)
    return png(1000)
  }
  const alice = await person('alice', { scaleImage })
  await during([alice], async () => {
    await alice.client.joinPublic('status')
    const room = { kind: 'public', name: 'status' } as const
    const limit = await alice.client.attachmentLimit(room)
    const { messageId } = await alice.client.send(room, { image: png(limit + 1), text: 'scaled' })
    expect(asked).toEqual([limit])
    expect((await alice.client.message(messageId))?.content).toMatchObject({ bytes: png(1000) })
    await alice.client.send(room, { image: png(500), text: 'fits' })
    expect(asked).toHaveLength(1)
  })
})
