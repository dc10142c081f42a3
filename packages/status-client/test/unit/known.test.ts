import { bytesToHex } from '@status-stack/crypto'
import type { Accepted, Device } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { accepted, somebody } from '../support/core.ts'
import { alice, chatOf, hello, judged, refOf, refused } from '../support/judged.ts'

const room = { kind: 'public', id: 'room' } as const

test('of somebody who writes for the first time it is known how many others wait', async () => {
  const { core, take, stored, known } = await judged()
  await stored([{ chat: refOf(somebody()), request: true }], [{ publicKey: somebody(), ensName: 'x' }])
  await take(hello())
  expect(known).toStrictEqual([
    {
      self: core.self,
      nowMs: core.clock.nowMs(),
      counted: false,
      messageRequests: core.options.messageRequests,
      requestsWaiting: 1,
      strangers: 1
    }
  ])
})

test('of somebody whom we know the chat and the record are known, and nothing that makes others go', async () => {
  const { take, stored, known, core } = await judged()
  const clocks = { deletedAtClock: 5, trimmedAtClock: 7 }
  await stored([{ chat: refOf(alice), count: 3, ...clocks }], [{ publicKey: alice, added: true }])
  await take(hello(), { counted: true })
  expect(known).toStrictEqual([
    {
      self: core.self,
      nowMs: core.clock.nowMs(),
      counted: true,
      messageRequests: core.options.messageRequests,
      chat: { active: true, answered: true, ...clocks },
      requests: { open: false, messages: 3 },
      contact: { ...core.data.contacts.unknown, added: true }
    }
  ])
})

test('what we write now comes after everything that was deleted', async () => {
  const { take, stored, known } = await judged()
  await stored([{ chat: refOf(alice), deletedAtClock: 5, trimmedAtClock: 7 }])
  await take(hello(), { source: 'local' })
  expect(known[0]?.chat).toMatchObject({ deletedAtClock: 0, trimmedAtClock: 0 })
})

test.each([
  ['written to', { active: true, request: false }, true],
  ['a request', { active: true, request: true }, false],
  ['closed', { active: false, request: false }, false]
] as const)('in the chats of many it is the author who counts as known: %s', async (_, direct, answered) => {
  const { take, stored, known } = await judged()
  await stored([{ chat: { kind: 'public', name: 'room' } }, { chat: refOf(alice), ...direct }])
  await take({ ...hello(), chat: room })
  expect(known[0]).toMatchObject({
    chat: { answered },
    requests: { open: direct.active && direct.request, messages: 0 }
  })
  // Neither makes a chat of a stranger here, nor a record of one.
  expect(known[0]).not.toHaveProperty('requestsWaiting')
  expect(known[0]).not.toHaveProperty('strangers')
  // So it is in their own chat.
  await take(hello())
  expect(known[1]?.chat?.answered).toBe(answered)
})

test('of a message that is stored nothing else is asked than who wrote it, and a copy weakens what is shown of it', async () => {
  const { core, take, stored, known, answers } = await judged()
  const message = hello()
  await stored([], [{ publicKey: alice, added: true }])
  await take(message, { shown: 'forward-secret' })
  answers(refused('duplicate'))
  expect(await take(message)).toBe('duplicate')
  expect(known[1]).toStrictEqual({
    self: core.self,
    seen: true,
    contact: { ...core.data.contacts.unknown, added: true }
  })
  const protection = async () => (await core.messages.page(refOf(alice), undefined, 1))[0]?.protection
  expect(await protection()).toBe('static-key')
})

test('what is written here is new, whatever is stored', async () => {
  const { take, known } = await judged()
  const message = hello()
  await take(message)
  await take(message, { source: 'local' })
  expect(known.map(({ seen }) => seen)).toEqual([undefined, undefined])
})

test('of a reaction, an edit or a deletion it is known what it is about, and what was said about that before', async () => {
  const { core, take, known } = await judged()
  const message = hello()
  const messageId = `0x${bytesToHex(message.messageId)}`
  const about = async (content: Accepted['content'], clock: number) => {
    await take({ ...accepted(alice, content, chatOf(alice)), clock })
    return known.at(-1)
  }
  const early = await about({ kind: 'edit', messageId, text: 'x' }, 1)
  expect(early).not.toHaveProperty('target')
  expect(early).not.toHaveProperty('annotationClock')
  expect(await about({ kind: 'edit', messageId, text: 'y' }, 2)).toMatchObject({ annotationClock: 1 })
  await take(message)
  const target = { author: alice, clock: message.clock, chatId: chatOf(alice).id, deleted: false, system: false }
  expect((await about({ kind: 'reaction', messageId, emoji: 'love' }, 3))?.target).toMatchObject(target)
  expect(await about({ kind: 'reaction', messageId, emoji: 'love' }, 4)).toMatchObject({ reactionClock: 3 })
  expect(await about({ kind: 'pin', messageId, pinned: true }, 5)).not.toHaveProperty('reactionClock')
  expect(await about({ kind: 'pin', messageId, pinned: true }, 6)).toMatchObject({ annotationClock: 5 })
  await about({ kind: 'edit', messageId, text: 'z' }, 7)
  const edited = await about({ kind: 'edit', messageId, text: 'z' }, 8)
  expect(edited?.target).toStrictEqual({ ...target, editClock: 7 })
  // The message itself says when it was edited last: nothing else is kept, neither of those that came before it nor of those after.
  expect(edited).not.toHaveProperty('annotationClock')
  // A chat of another kind with the same name is another chat.
  await take(accepted(alice, { kind: 'delete', messageId }, { kind: 'public', id: chatOf(alice).id }))
  expect(known.at(-1)?.target?.chatId).toBe(`other one-to-one:${chatOf(alice).id}`)
  expect(core.self).toBe(known[0]?.self)
})

test('of a device that names itself it is known whether a bundle of ours names it, and when it last did', async () => {
  const devices: readonly Device[] = ['tablet', 'phone'].map(installationId => ({
    installationId,
    self: false,
    enabled: true,
    targeted: true
  }))
  const { core, take, known } = await judged(devices)
  const pair = (installationId: string, clock: number): Accepted => ({
    ...accepted(core.self, { kind: 'pair', installationId, name: 'mine', deviceType: 'ios' }, undefined),
    fromSelf: true,
    clock
  })
  await take(pair('phone', 3))
  expect(known[0]).toMatchObject({ installationKnown: true })
  expect(known[0]).not.toHaveProperty('deviceClock')
  await take(pair('phone', 4))
  expect(known[1]).toMatchObject({ installationKnown: true, deviceClock: 3 })
  await take(pair('desk', 1))
  expect(known[2]).toMatchObject({ installationKnown: false })
  await take(hello())
  expect(known[3]).not.toHaveProperty('installationKnown')
})

test('of a public chat that is not joined nothing is counted; of a synced contact their record is known', async () => {
  const { core, take, stored, known } = await judged()
  await stored([], [{ publicKey: alice, ensName: 'alice.eth' }])
  await take({ ...hello(somebody()), chat: room })
  for (const name of ['chat', 'requestsWaiting', 'strangers', 'syncedContact'])
    expect(known[0]).not.toHaveProperty(name)
  const content = { kind: 'sync-contact', publicKey: alice, ensName: '', picture: '' } as const
  await take({ ...accepted(core.self, content as Accepted['content'], undefined), fromSelf: true })
  expect(known[1]?.syncedContact).toMatchObject({ ensName: 'alice.eth' })
})

test('a line that we wrote ourselves about what happened is known as such: nobody edits it', async () => {
  const { core, take, known } = await judged()
  const messageId = `0x${'1'.repeat(64)}`
  const unit = core.store.unit()
  await core.messages.add(unit, {
    messageId,
    chat: refOf(alice),
    author: alice,
    outgoing: false,
    text: 'somebody has joined',
    content: { kind: 'system', event: 'member-joined' },
    clock: 1,
    timestampMs: 1,
    storedMs: 1,
    protection: 'public',
    source: 'local'
  })
  await unit.commit()
  await take(accepted(alice, { kind: 'edit', messageId, text: 'x' }, chatOf(alice)))
  expect(known[0]?.target).toMatchObject({ system: true })
})
