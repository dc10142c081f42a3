import { bytesToHex } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { blankChat } from '../../src/storage/chat-cache.ts'
import { accepted, inside, somebody } from '../support/core.ts'
import { counted } from '../support/counted-reads.ts'

const author = somebody()
const chat = { kind: 'one-to-one', id: `0x${bytesToHex(author)}`, publicKey: author } as const
const line = (text: string) => accepted(author, { kind: 'text', text }, chat)

test('a chat in which no note waits for its message is asked once', async () => {
  const { database, during } = counted(new MemoryLevel())
  const { take, core, heard } = await inside({ messageRequests: false }, database)
  const ranges = async (text: string): Promise<number> => {
    const reads = await during(async () => {
      expect(await take(line(text))).toBe('applied')
      await core.background.idle()
    })
    return reads.ranges
  }
  const first = await ranges('first')
  expect(first).toBeGreaterThan(0)
  expect(await ranges('second')).toBe(0)
  expect(await ranges('third')).toBe(0)
  expect(heard.message.map(({ text }) => text)).toEqual(['first', 'second', 'third'])
})

test('an edit that comes before its message is applied, also in a chat in which none had waited before', async () => {
  const { take, core, heard } = await inside({ messageRequests: false })
  expect(await take(line('first'))).toBe('applied')
  const late = line('wrong')
  const edit = accepted(
    author,
    { kind: 'edit', messageId: `0x${bytesToHex(late.messageId)}`, text: 'right' } as Parameters<typeof accepted>[1],
    chat
  )
  expect(await take(edit)).toBe('applied')
  expect(await take(late)).toBe('applied')
  await core.background.idle()
  expect(heard.message.map(({ text }) => text)).toEqual(['first', 'right'])
})

test('chatsRemembered: a chat beyond them is asked again, and its notes are found', async () => {
  const { database, during } = counted(new MemoryLevel())
  const { take, core } = await inside({ messageRequests: false }, database)
  const say = async (name: string): Promise<void> => {
    const place = { kind: 'public', id: name, name } as const
    expect(await take(accepted(somebody(), { kind: 'text', text: 'hello' }, place))).toBe('applied')
  }
  const names = ['first', ...Array.from({ length: limits.chatsRemembered }, (_, index) => `other-${index}`)]
  const unit = core.store.unit()
  for (const name of names) core.chatCache.putChat(unit, { ...blankChat({ kind: 'public', name }), active: true })
  await unit.commit()
  for (const name of names) await say(name)
  const reads = await during(async () => {
    await say('first')
    await core.background.idle()
  })
  expect(reads.ranges).toBeGreaterThan(0)
})

test('a pin that comes before its message counts like any other: a chat has no more pins than it may', async () => {
  const { take, core } = await inside({ messageRequests: false })
  const { pins } = core.data.limits
  expect(await take(line('opens the chat'))).toBe('applied')
  for (let count = 0; count < pins + 3; count += 1) {
    const late = line(`message ${count}`)
    const messageId = `0x${bytesToHex(late.messageId)}`
    const pin = accepted(author, { kind: 'pin', messageId, pinned: true } as Parameters<typeof accepted>[1], chat)
    expect(await take(pin)).toBe('applied')
    expect(await take(late)).toBe('applied')
  }
  const pinned = await core.messages.pinned(chat)
  expect(pinned).toHaveLength(pins)
  const shown = await core.messages.page(chat, undefined, 200)
  expect(shown).toHaveLength(pins + 4)
  expect(shown.filter(message => message.pinned !== undefined)).toHaveLength(pins)
})
