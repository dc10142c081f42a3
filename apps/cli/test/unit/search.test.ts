import type { Account } from '@status-stack/account-rpc'
import { chatFact, messageFact } from '@status-stack/account-rpc/testing'
import { expect, test } from 'vitest'
import { searched } from '../../src/messages/search.ts'

const chats = [
  { kind: 'public', name: 'a' },
  { kind: 'public', name: 'b' }
] as const
const hit = (clock: number, chat: (typeof chats)[number]) => messageFact({ clock, chat, text: `hit ${clock}` })
const hits = { a: [hit(50, chats[0]), hit(10, chats[0])], b: [hit(40, chats[1]), hit(30, chats[1])] }
let calls = 0
const account: Pick<Account, 'chats' | 'search'> = {
  chats: async () => chats.map(chat => chatFact(chat)),
  search: async ({ chat, before }) => {
    calls++
    const name = typeof chat === 'object' && chat.kind === 'public' ? chat.name : ''
    const all = name === 'b' ? hits.b : hits.a
    const at = before === undefined ? 0 : 1
    return { read: 1000, messages: all.slice(at, at + 1), upTo: at === 0 ? (all[0]?.messageId ?? null) : null }
  }
}
const never = new AbortController().signal
const output = { note: () => {} }
const clocks = async (chat: (typeof chats)[number] | undefined, limit: number) =>
  (await searched(account, chat, { search: 'hit', limit }, never, output)).map(({ clock }) => clock)

test('of all conversations the newest are kept, whichever they are in', async () => {
  expect(await clocks(undefined, 10)).toEqual([50, 40, 30, 10])
  expect(await clocks(undefined, 2)).toEqual([50, 40])
})

test('in one conversation no more is read than it takes', async () => {
  calls = 0
  expect(await clocks(chats[0], 1)).toEqual([50])
  expect(calls).toBe(1)
  expect(await clocks(chats[0], 2)).toEqual([50, 10])
})

test('an interruption ends it', async () => {
  const ended = AbortSignal.abort(new Error('enough'))
  await expect(searched(account, undefined, { search: 'hit', limit: 1 }, ended, output)).rejects.toThrow('enough')
})
