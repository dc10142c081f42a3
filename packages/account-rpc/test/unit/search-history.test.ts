import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../src/account.ts'
import { searchHistory } from '../../src/index.ts'
import { account, type Served } from './world.ts'

let alice: Served
beforeAll(async () => {
  alice = await account('alice')
  for (const chat of ['#old', '#new']) {
    for (const text of ['a pearl', 'sand', 'another pearl'])
      await alice.local.send({ chat, text: `${text} in ${chat}` })
  }
})
afterAll(() => alice.stop())

describe.each([
  ['in this process', () => alice.local],
  ['behind a connection', () => alice.remote]
] as const)('with an account %s', (_, of) => {
  const found = async (query: Parameters<typeof searchHistory>[1], most = Number.POSITIVE_INFINITY) => {
    const texts: string[] = []
    let last: unknown
    for await (const step of searchHistory(of(), query)) {
      texts.push(...step.messages.map(({ text }) => text))
      last = step
      if (texts.length >= most) break
    }
    return { texts, last }
  }

  test('all chats are searched, that with the latest message first, and it says how far it is', async () => {
    const { texts, last } = await found({ text: 'PEARL' })
    expect(texts).toEqual(['another pearl in #new', 'a pearl in #new', 'another pearl in #old', 'a pearl in #old'])
    expect(last).toMatchObject({ read: 6, chatsDone: 2, chats: 2 })
  })

  test('one chat, from a message on, and no further than it is read', async () => {
    const [newest] = await of().history({ chat: '#old', limit: 1 })
    const { texts, last } = await found({ text: 'pearl', chat: '#old', before: newest?.messageId })
    expect(texts).toEqual(['a pearl in #old'])
    expect(last).toMatchObject({ read: 2, chatsDone: 1, chats: 1 })
    expect((await found({ text: 'pearl' }, 1)).last).toMatchObject({ chatsDone: 1, chats: 2 })
  })
})

test('each call looks at a bounded number of messages, and an end comes between two of them', async () => {
  const calls: object[] = []
  const ending = new AbortController()
  const endless: Pick<Account, 'chats' | 'search'> = {
    chats: async () => [],
    search: async query => {
      calls.push(query)
      if (calls.length === 3) ending.abort(new Error('enough'))
      return { read: 1000, messages: [], upTo: `0x${calls.length}` }
    }
  }
  const steps: number[] = []
  const all = async (): Promise<void> => {
    for await (const { read } of searchHistory(endless, { text: 'x', chat: '#a', signal: ending.signal }))
      steps.push(read)
  }
  await expect(all()).rejects.toThrow('enough')
  expect(steps).toEqual([1000, 2000])
  expect(calls).toMatchObject([{ reads: 1000 }, { reads: 1000, before: '0x1' }, { before: '0x2' }])
})
