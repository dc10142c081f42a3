import { bytesToHex, randomBytes } from '@status-stack/crypto'
import { limits as dataLimits } from '@status-stack/status-data'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { blankChat, blankContact } from '../../src/storage/chat-cache.ts'
import type { NoteRecord } from '../../src/storage/records.ts'
import type { ChatRef } from '../../src/types.ts'
import { accepted, inside, somebody } from '../support/core.ts'

type Inside = Awaited<ReturnType<typeof inside>>

const chatOf = (author: Uint8Array) =>
  ({ kind: 'one-to-one', id: `0x${bytesToHex(author)}`, publicKey: author }) as const
const line = (author: Uint8Array) => accepted(author, { kind: 'text', text: 'hello' }, chatOf(author))
const newId = () => `0x${bytesToHex(randomBytes(32))}` as const
/** A deletion of a message that has not come. */
const early = (author: Uint8Array, messageId = newId()) =>
  accepted(author, { kind: 'delete', messageId }, chatOf(author))
const plain = { shown: 'static-key', source: 'live', old: false } as const

async function count(core: Inside['core'], table: string): Promise<number> {
  let found = 0
  for await (const _ of core.store.keys({ gte: `${table}!`, lt: `${table}!~` })) found += 1
  return found
}

/** So many strangers write that the chats of all before them are dropped. */
async function evictAll({ take, forward }: Inside): Promise<void> {
  forward(1)
  for (let index = 0; index < dataLimits.messageRequests; index += 1)
    expect(await take(line(somebody()))).toBe('applied')
}

test('what waits in a chat for its messages goes with the chat', async () => {
  const world = await inside()
  const { take, core } = world
  const author = somebody()
  const waiting = early(author)
  expect(await take(line(author))).toBe('applied')
  expect(await take(waiting)).toBe('applied')
  expect([await count(core, 'note'), await count(core, 'early')]).toEqual([1, 1])
  await evictAll(world)
  expect(core.chatCache.chat({ kind: 'one-to-one', publicKey: author })).toBeUndefined()
  expect([await count(core, 'note'), await count(core, 'early')]).toEqual([0, 0])
})

test('what came in the same batch as the end of its chat leaves nothing behind', async () => {
  const { apply, core } = await inside()
  const unit = core.store.unit()
  const author = somebody()
  const first = line(author)
  await apply.apply(unit, first, plain)
  await apply.apply(unit, early(author), plain)
  const reaction = { kind: 'reaction', messageId: `0x${bytesToHex(first.messageId)}`, emoji: 'love' } as const
  await apply.apply(unit, accepted(author, reaction as never, chatOf(author)), plain)
  for (let index = 0; index < dataLimits.messageRequests; index += 1) await apply.apply(unit, line(somebody()), plain)
  await unit.commit()
  expect(core.chatCache.chat({ kind: 'one-to-one', publicKey: author })).toBeUndefined()
  for (const table of ['note', 'early']) expect(await count(core, table), table).toBe(0)
  for (const table of ['message', 'index', 'chat'])
    expect(await count(core, table), table).toBe(dataLimits.messageRequests)
})

test('a person who makes room takes along what waited in a chat without messages', async () => {
  const { take, core, forward } = await inside()
  const author = somebody()
  const unit = core.store.unit()
  const ref: ChatRef = { kind: 'one-to-one', publicKey: author }
  core.chatCache.putChat(unit, blankChat(ref))
  core.chatCache.putContact(unit, { ...blankContact(author), profileClock: 1, ensName: 'gone', seenMs: 1 })
  await unit.commit()
  expect(await take(early(author))).toBe('applied')
  const closing = core.store.unit()
  core.chatCache.putChat(closing, { ...blankChat(ref), active: false })
  await closing.commit()
  const update = (from: Uint8Array, clock = 1) => {
    const effect = { kind: 'contact-updated', publicKey: from, ensName: 'name', picture: '', clock } as const
    const content = { kind: 'contact-update', ensName: 'name', picture: '' } as const
    return { ...accepted(from, content, chatOf(from), [effect]), clock }
  }
  for (let index = 0; index < dataLimits.strangers; index += 1) {
    forward(1)
    expect(await take(update(somebody()))).toBe('applied')
  }
  expect(core.chatCache.knows(author)).toBe(false)
  expect(core.chatCache.chat(ref)).toBeUndefined()
  expect([await count(core, 'note'), await count(core, 'early')]).toEqual([0, 0])
})

/** A store as earlier releases left it: the entries of early notes say nothing, and nothing was ever swept. */
async function ofEarlierRelease() {
  const database = new MemoryLevel<string, Uint8Array>()
  const world = await inside({ messageRequests: false }, database)
  const { core } = world
  const note = async (author: Uint8Array, atMs: number, place?: 'known' | 'before' | 'now'): Promise<string> => {
    const id = newId()
    const record: NoteRecord = { kind: 'reaction', author, clock: 1, atMs, emoji: 'love' }
    const unit = core.store.unit()
    const key = core.keys.note(id, record)
    unit.put(key, record)
    if (place === 'known') unit.put(core.keys.index(id), { key: 'message!' })
    if (place === 'before') unit.put(core.keys.earlyBefore({ kind: 'public', name: 'a' }, id, record), {})
    if (place === 'now') unit.put(core.keys.early({ kind: 'public', name: 'a' }, id, record), {})
    unit.delete(core.keys.notesSwept)
    await unit.commit()
    return key
  }
  const left = async (): Promise<Set<string>> => {
    const { core: reopened } = await inside({}, database)
    const found = new Set<string>()
    for await (const key of reopened.store.keys({ gte: 'note!', lt: 'note!~' })) found.add(key)
    return found
  }
  return { ...world, database, note, left }
}

test('notes that earlier releases left behind are deleted when the store is opened, and no others', async () => {
  const { note, left } = await ofEarlierRelease()
  const [alice, bob] = [somebody(), somebody()]
  const known = await note(alice, 1, 'known')
  const waiting = await note(alice, 3, 'now')
  await note(alice, 2)
  await note(bob, 5)
  expect(await left()).toEqual(new Set([known, waiting]))
})

test('as long as a much earlier release noted something, whose author is not named, as many more stay', async () => {
  const { note, left } = await ofEarlierRelease()
  const [alice, bob] = [somebody(), somebody()]
  const waiting = await note(alice, 1, 'before')
  const bobs = await note(bob, 2)
  await note(bob, 1)
  expect(await left()).toEqual(new Set([waiting, bobs]))
})

test('more notes than one batch holds are deleted, and a second opening looks for none', async () => {
  const { note, left, core, database } = await ofEarlierRelease()
  const author = somebody()
  const unit = core.store.unit()
  const record: NoteRecord = { kind: 'reaction', author, clock: 1, atMs: 1, emoji: 'love' }
  for (let index = 0; index < 1200; index += 1) unit.put(core.keys.note(newId(), record), record)
  await unit.commit()
  await note(author, 1)
  expect((await left()).size).toBe(0)
  // What is put there by hand stays: nothing is swept a second time.
  const { core: again } = await inside({}, database)
  const late = again.store.unit()
  late.put(again.keys.note(newId(), record), record)
  await late.commit()
  expect((await left()).size).toBe(1)
})

test('a chat that an earlier release noted something in is swept after when the store is opened again', async () => {
  const { core, note, left } = await ofEarlierRelease()
  const author = somebody()
  await note(author, 1, 'now')
  expect((await left()).size).toBe(1)
  const unit = core.store.unit()
  await core.messages.drop(unit, { kind: 'public', name: 'a' })
  await unit.commit()
  expect((await left()).size).toBe(0)
})
