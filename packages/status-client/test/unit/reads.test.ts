import { bytesToHex } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import type { ChatRef } from '../../src/index.ts'
import { seenStep } from '../../src/people/reading.ts'
import { searchStep } from '../../src/storage/messages/views.ts'
import { accepted, inside } from '../support/core.ts'
import { counted } from '../support/counted-reads.ts'
import { chatWith, connect, during, identityOf, person, until } from '../support/world.ts'

const author = identityOf('carol').publicKey
const chat: ChatRef = { kind: 'one-to-one', publicKey: author }
const id = `0x${bytesToHex(author)}`

/** A store with a chat of `count` unseen messages; every hundredth holds a word of its own. */
async function filled(count: number): Promise<MemoryLevel> {
  const disk = new MemoryLevel()
  const { take } = await inside({ messageRequests: false }, disk)
  for (let index = 0; index < count; index += 1) {
    const text = index % 100 === 0 ? 'A Pearl' : 'sand'
    await take(accepted(author, { kind: 'text', text }, { kind: 'one-to-one', id, publicKey: author }))
  }
  return disk
}

async function opened(count: number) {
  const { database, during: counting } = counted(await filled(count))
  let client: Awaited<ReturnType<typeof person>>['client'] | undefined
  const start = await counting(async () => {
    ;({ client } = await person('bob', { database, timers: false }))
    await client.start()
    await client.tick()
  })
  if (client === undefined) throw new Error('not opened')
  return { client, start, counting }
}

test('starting and showing the last page reads the same however long the history is', async () => {
  const facts = []
  for (const count of [70, 1300]) {
    const { client, start, counting } = await opened(count)
    const page = await counting(() => client.messages(chat, { limit: 60 }))
    const chats = await counting(() => client.chats())
    facts.push({ start, page, chats })
    await client.stop()
  }
  expect(facts[1]).toEqual(facts[0])
  expect(facts[0]?.page.entries).toBe(60)
  expect(facts[0]?.chats).toEqual({ gets: 0, ranges: 0, entries: 0 })
})

test('what sessions, sync and the ledger leave behind is not read at the next start', async () => {
  const starts = []
  for (const count of [2, 12]) {
    const { database, during: counting } = counted(new MemoryLevel())
    const alice = await person('alice')
    const bob = await person('bob', { database })
    await during([alice, bob], async () => {
      connect(alice, bob)
      for (let turn = 0; turn < count; turn += 1) {
        for (const [me, other] of [[alice, bob] as const, [bob, alice] as const]) {
          const { messageId } = await me.client.send(chatWith(other), { text: `line ${turn}` })
          await until('acknowledged', async () => (await me.client.ledger(messageId))?.complete === true)
        }
      }
      await bob.client.idle()
    })
    const again = await person('bob', { database })
    starts.push(
      await counting(async () => {
        await again.client.start()
        await again.client.tick()
      })
    )
    await again.client.stop()
  }
  expect(starts[1]).toEqual(starts[0])
})

test('the beginning of a chat is one read of its first page, and paging on from there reads each page once', async () => {
  const { client, counting } = await opened(1300)
  let first: readonly { readonly messageId: string; readonly clock: number }[] = []
  const reads = await counting(async () => {
    first = await client.messages(chat, { after: null, limit: 60 })
  })
  expect(first).toHaveLength(60)
  expect(reads.entries).toBe(60)
  const all = [...(await client.messages(chat, { limit: 1000 }))]
  all.push(...(await client.messages(chat, { limit: 1000, before: all.at(-1)?.messageId })))
  const forward = [...first].reverse()
  for (let page = first; page.length === 60; forward.push(...[...page].reverse()))
    page = await client.messages(chat, { after: forward.at(-1)?.messageId, limit: 60 })
  expect(forward.map(({ messageId }) => messageId)).toEqual(all.reverse().map(({ messageId }) => messageId))
  await expect(client.messages(chat, { after: null, before: all[0]?.messageId })).rejects.toMatchObject({
    code: 'invalid-argument'
  })
  await client.stop()
})

test('a search reads each message once, and what belongs to it only when it fits', async () => {
  const { client, counting } = await opened(1500)
  const steps: { read: number; found: number }[] = []
  const reads = await counting(async () => {
    for await (const { read, messages } of client.search(chat, 'pearl')) {
      steps.push({ read, found: messages.length })
      for (const message of messages) expect(message.text).toBe('A Pearl')
    }
  })
  expect(steps).toEqual([
    { read: searchStep, found: 10 },
    { read: 500, found: 5 }
  ])
  expect(reads).toEqual({ gets: 0, ranges: 1 + 15, entries: 1500 })
  let upTo = ''
  const newest = await counting(async () => {
    for await (const step of client.search(chat, 'pearl')) {
      upTo = step.upTo
      break
    }
  })
  expect(newest.entries).toBe(searchStep)
  // What was read before is not read again.
  const rest = await counting(async () => {
    for await (const { read } of client.search(chat, 'pearl', { before: upTo })) expect(read).toBe(500)
  })
  expect(rest.entries).toBe(500)
  const ending = new AbortController()
  let ended = 0
  const stopped = await counting(async () => {
    for await (const { read } of client.search(chat, 'pearl', { signal: ending.signal })) {
      ended += read
      ending.abort()
    }
  })
  expect([ended, stopped.entries]).toEqual([searchStep, searchStep + 1])
  const [last] = await client.messages(chat, { limit: 1 })
  const none: number[] = []
  for await (const { messages } of client.search(chat, 'nowhere', { before: last?.messageId }))
    none.push(messages.length)
  expect(none).toEqual([0, 0])
  expect(() => client.search(chat, '')).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  await client.stop()
})

test('marking as seen reads what is unseen, in steps, and the rest of a long history never', async () => {
  const { client, counting } = await opened(2 * seenStep + 50)
  const messages = await client.messages(chat, { limit: 1000 })
  const upTo = messages.at(-1)?.messageId
  // The 51 oldest: the others are counted, not read.
  const some = await counting(async () => expect(await client.markSeen(chat, upTo)).toBe(51))
  expect(some.entries).toBe(52)
  expect(await client.chats()).toMatchObject([{ unread: 2 * seenStep - 1 }])
  expect(await client.markSeen(chat)).toBe(2 * seenStep - 1)
  expect(await client.chats()).toMatchObject([{ unread: 0 }])
  const again = await counting(() => client.markSeen(chat))
  expect(again.entries).toBe(1)
  await client.stop()
})
