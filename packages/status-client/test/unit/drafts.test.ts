import { utf8Bytes } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { type ChatRef, changeStorageKey, createClient } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { identityOf, storageKey } from '../support/world.ts'

const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
const withBob: ChatRef = { kind: 'one-to-one', publicKey: identityOf('bob').publicKey }
const status: ChatRef = { kind: 'public', name: 'status' }
const open = (database: MemoryLevel<string, Uint8Array>, key = storageKey) =>
  createClient({ identity: identityOf('alice'), database, storageKey: key }, { lockAccount: false })

test('each chat keeps the text that is being written for it, over restarts and another storage key', async () => {
  const database = new MemoryLevel<string, Uint8Array>()
  const first = await open(database)
  expect(await first.draft(withBob)).toBe('')
  await first.setDraft(withBob, 'for bob alone')
  await first.setDraft(status, 'for all')
  await first.setDraft(withBob, 'for bob alone, and\nmore')
  await first.stop()

  const nextKey = new Uint8Array(32).fill(9)
  await changeStorageKey({ database, from: storageKey, to: nextKey })
  const second = await open(database, nextKey)
  expect(await second.draft(withBob)).toBe('for bob alone, and\nmore')
  expect(await second.draft(status)).toBe('for all')
  await second.setDraft(status, '')
  expect(await second.draft(status)).toBe('')
  // Neither a chat nor a message comes of it.
  expect(await second.chats()).toEqual([])
  await second.stop()
})

test('a draft is nowhere in the database as it was written, nor is the chat that it is for', async () => {
  const database = new MemoryLevel<string, Uint8Array>()
  const client = await open(database)
  await client.setDraft(status, 'a very secret sentence')
  await client.stop()
  let drafts = 0
  for await (const [key, value] of database.iterator<string, Uint8Array>(encodings)) {
    if (key.startsWith('draft!')) drafts += 1
    const bytes = Buffer.concat([utf8Bytes(key), value])
    for (const text of ['secret', '#status']) expect(bytes.includes(text)).toBe(false)
  }
  expect(drafts).toBe(1)
})

test('a draft that is longer than any message is refused, and the one before stays', async () => {
  const client = await open(new MemoryLevel<string, Uint8Array>())
  await client.setDraft(status, 'kept')
  const most = 'x'.repeat(limits.draftCharacters)
  await expect(client.setDraft(status, `${most}x`)).rejects.toMatchObject({ code: 'too-large', origin: 'caller' })
  expect(await client.draft(status)).toBe('kept')
  await client.setDraft(status, most)
  expect(await client.draft(status)).toBe(most)
  await client.stop()
})
