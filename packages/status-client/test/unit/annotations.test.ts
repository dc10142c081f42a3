import { bytesToHex } from '@status-stack/crypto'
import type { Accepted } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { accepted, inside, somebody } from '../support/core.ts'
import { identityOf } from '../support/world.ts'

const chatOf = (publicKey: Uint8Array) => ({ kind: 'one-to-one', id: `0x${bytesToHex(publicKey)}`, publicKey }) as const
const idOf = ({ messageId }: Accepted): string => `0x${bytesToHex(messageId)}`

test('what is said about a message counts in its own chat only', async () => {
  const { core, take } = await inside()
  const [alice, mallory] = [somebody(), somebody()]
  const message = accepted(alice, { kind: 'text', text: 'between us' }, chatOf(alice))
  await take(message)
  await take(accepted(mallory, { kind: 'text', text: 'hello' }, chatOf(mallory)))
  const messageId = idOf(message)
  const about: readonly Accepted['content'][] = [
    { kind: 'reaction', messageId, emoji: 'love' },
    { kind: 'pin', messageId, pinned: true },
    { kind: 'edit', messageId, text: 'changed' },
    { kind: 'delete', messageId }
  ]
  for (const content of about) expect(await take(accepted(mallory, content, chatOf(mallory)))).toBe('target-chat')
  for (const content of about.slice(2)) {
    expect(await take(accepted(mallory, content, chatOf(alice)))).toBe('target-author')
  }
  expect(await core.messages.page(chatOf(alice), undefined, 1)).toMatchObject([
    { text: 'between us', reactions: [], deleted: false }
  ])
})

test('pins that come before their message wait for it; the latest clock wins whoever pins', async () => {
  const { core, take } = await inside()
  const alice = somebody()
  await take(accepted(alice, { kind: 'text', text: 'hello' }, chatOf(alice)))
  const message = accepted(alice, { kind: 'text', text: 'late' }, chatOf(alice))
  const pin = (pinned: boolean, clock: number): Accepted => ({
    ...accepted(alice, { kind: 'pin', messageId: idOf(message), pinned }, chatOf(alice)),
    clock
  })
  const now = message.clock
  expect(await take(pin(true, now + 2))).toBe('applied')
  expect(await take(message)).toBe('applied')
  const pinned = async () => (await core.messages.pinned(chatOf(alice))).map(({ text }) => text)
  expect(await pinned()).toEqual(['late'])
  expect(await take(pin(false, now + 1))).toBe('stale')
  expect(await pinned()).toEqual(['late'])
  const mine: Accepted = { ...pin(false, now + 3), author: core.self, fromSelf: true }
  expect(await take(mine)).toBe('applied')
  expect(await pinned()).toEqual([])
})

test('nobody who has not joined says anything about a group’s messages', async () => {
  const { take } = await inside()
  const reaction = { kind: 'reaction', messageId: `0x${'1'.repeat(64)}`, emoji: 'love' } as const
  const group = { kind: 'group', id: `00000000-0000-4000-8000-000000000001-0x${bytesToHex(somebody())}` } as const
  // The data layer says first what is wrong first: of this group nothing is known.
  expect(await take(accepted(somebody(), reaction, group))).toBe('group-unknown')
  expect(await take(accepted(somebody(), reaction, { kind: 'public', id: 'not joined' }))).toBe('chat-unknown')
})

test('what is said about a message is told as it stands then, and nothing is told before the message has come', async () => {
  const { core, take, heard } = await inside()
  const alice = somebody()
  await take(accepted(alice, { kind: 'text', text: 'first' }, chatOf(alice)))
  const message = accepted(alice, { kind: 'text', text: 'hello' }, chatOf(alice))
  const messageId = idOf(message)
  const about = async (content: Accepted['content']): Promise<readonly unknown[]> => {
    heard.change.length = 0
    expect(await take(accepted(alice, content, chatOf(alice)))).toBe('applied')
    await core.background.idle()
    return heard.change.map(({ change, message: { text, editedMs } }) => [change, text, editedMs])
  }
  expect(await about({ kind: 'reaction', messageId, emoji: 'love' })).toEqual([])
  await take(message)
  expect(await about({ kind: 'reaction', messageId, emoji: 'sad', retracted: false })).toEqual([
    ['reaction', 'hello', undefined]
  ])
  expect(await about({ kind: 'pin', messageId, pinned: true })).toEqual([['pinned', 'hello', undefined]])
  expect(await about({ kind: 'pin', messageId, pinned: false })).toEqual([['unpinned', 'hello', undefined]])
  expect(await about({ kind: 'edit', messageId, text: 'hi' })).toEqual([['edited', 'hi', message.timestamp]])
  expect(await about({ kind: 'delete', messageId })).toEqual([['deleted', '', message.timestamp]])
})

test('of a message that is gone before listeners hear of a change nothing is told', async () => {
  const { core, take, heard, failures } = await inside()
  const alice = somebody()
  const message = accepted(alice, { kind: 'text', text: 'hello' }, chatOf(alice))
  await take(message)
  await core.background.idle()
  let release: () => void = () => {}
  core.announce('slow', () => new Promise<void>(resolve => (release = resolve)))
  await take(accepted(alice, { kind: 'reaction', messageId: idOf(message), emoji: 'love' }, chatOf(alice)))
  const unit = core.store.unit()
  await core.messages.drop(unit, chatOf(alice))
  await unit.commit()
  release()
  await core.background.idle()
  expect([heard.change, failures]).toEqual([[], []])
})

test('a copy of what is stored is known by its clock, of an edit by that of the last edit', async () => {
  const { take } = await inside()
  const alice = somebody()
  const message = accepted(alice, { kind: 'text', text: 'hello' }, chatOf(alice))
  await take(message)
  const messageId = idOf(message)
  const edit = (clock: number) => ({
    ...accepted(alice, { kind: 'edit', messageId, text: 'hi' }, chatOf(alice)),
    clock
  })
  const late = message.clock + 9
  expect([await take(edit(late)), await take(edit(late)), await take(edit(late - 1))]).toEqual([
    'applied',
    'duplicate',
    'stale'
  ])
  const react = (clock: number) => ({
    ...accepted(alice, { kind: 'reaction', messageId, emoji: 'love' }, chatOf(alice)),
    clock
  })
  expect([await take(react(late + 1)), await take(react(late + 1)), await take(react(late))]).toEqual([
    'applied',
    'duplicate',
    'stale'
  ])
  const remove = () => accepted(alice, { kind: 'delete', messageId }, chatOf(alice))
  expect([await take(remove()), await take(remove())]).toEqual(['applied', 'duplicate'])
})

test('what was said before the message came is applied when it comes, and its copies are known till then', async () => {
  const { core, take } = await inside()
  const alice = somebody()
  await take(accepted(alice, { kind: 'text', text: 'first' }, chatOf(alice)))
  const [edited, deleted] = ['draft', 'mistake'].map(text => accepted(alice, { kind: 'text', text }, chatOf(alice)))
  if (edited === undefined || deleted === undefined) throw new Error('no messages')
  const about: readonly Accepted['content'][] = [
    { kind: 'edit', messageId: idOf(edited), text: 'final' },
    { kind: 'reaction', messageId: idOf(edited), emoji: 'love' },
    { kind: 'reaction', messageId: idOf(edited), emoji: 'sad', retracted: true },
    { kind: 'delete', messageId: idOf(deleted) }
  ]
  for (const content of about) {
    const early = accepted(alice, content, chatOf(alice))
    expect([await take(early), await take(early)]).toEqual(['applied', 'duplicate'])
  }
  for (const message of [edited, deleted]) await take(message)
  const page = await core.messages.page(chatOf(alice), undefined, 3)
  expect(
    page.map(({ text, deleted: isDeleted, reactions }) => [text, isDeleted, reactions.map(({ emoji }) => emoji)])
  ).toEqual([
    ['', true, []],
    ['final', false, ['love']],
    ['first', false, []]
  ])
})

test('whom a message names follows its edits and its deletion, and so does what waits to be read', async () => {
  const { core, take } = await inside({ messageRequests: false })
  const { publicKey: carol } = identityOf('carol')
  const author = somebody()
  const chat = chatOf(author)
  const at = (person: Uint8Array): string => `@0x${bytesToHex(person)}`
  const message = accepted(author, { kind: 'text', text: 'hello' }, chat)
  const change = (text: string) => accepted(author, { kind: 'edit', messageId: idOf(message), text }, chat)
  const mentioned = () => core.chatCache.chat({ kind: 'one-to-one', publicKey: author })?.unreadMentions
  const named = async () => (await core.messages.record(idOf(message)))?.mentions
  await take(message)
  expect([await named(), mentioned()]).toEqual([[], 0])
  await take(change(`${at(core.self)} and ${at(carol)}`))
  expect([await named(), mentioned()]).toEqual([[core.self, carol], 1])
  await take(change(`${at(core.self)} again`))
  expect([await named(), mentioned()]).toEqual([[core.self], 1])
  await take(change(at(carol)))
  expect([await named(), mentioned()]).toEqual([[carol], 0])
  await take(change(at(core.self)))
  await take(accepted(author, { kind: 'delete', messageId: idOf(message) }, chat))
  expect([await named(), mentioned()]).toEqual([[], 0])
  // What has been read is not counted again.
  const read = accepted(author, { kind: 'text', text: 'read' }, chat)
  await take(read)
  const unit = core.store.unit()
  await core.messages.markSeen(unit, { kind: 'one-to-one', publicKey: author }, undefined, { marked: 10, read: 10 })
  await unit.commit()
  await take(accepted(author, { kind: 'edit', messageId: idOf(read), text: at(core.self) }, chat))
  expect(mentioned()).toBe(0)
})
