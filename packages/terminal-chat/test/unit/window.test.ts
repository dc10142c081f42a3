import type { Account } from '@status-stack/account-rpc'
import type { MessageFact } from '@status-stack/account-rpc/methods'
import type { ChatJson } from '@status-stack/account-rpc/targets'
import { bob, chatFact, messageFact, self } from '@status-stack/account-rpc/testing'
import { describe, expect, test } from 'vitest'
import type { Action, Effect } from '../../src/actions.ts'
import { layout } from '../../src/layout.ts'
import { createReader } from '../../src/reader.ts'
import { initialState } from '../../src/state.ts'
import { createStore } from '../../src/store.ts'
import { plainOf } from '../../src/text.ts'
import { keptMessages, pageSize } from '../../src/window.ts'

const chat: ChatJson = { kind: 'one-to-one', publicKey: bob }

/** A history that counts its messages: the clock of number `n` is `n + 1`. */
function history(count: number, unread = 0) {
  const numbered = (n: number): MessageFact => messageFact({ text: `#${n};`, clock: n + 1, seen: n < count - unread })
  const listeners = new Set<(message: MessageFact) => void>()
  let size = count
  let reads = 0
  const account = {
    history: async ({ before, after, limit = 50 }: { before?: string; after?: string | null; limit?: number }) => {
      reads += 1
      if (after !== undefined) {
        const begin = after === null ? 0 : Number(BigInt(after))
        return Array.from({ length: Math.max(0, Math.min(limit, size - begin)) }, (_row, i) =>
          numbered(begin + i)
        ).reverse()
      }
      const end = before === undefined ? size : Number(BigInt(before)) - 1
      return Array.from({ length: Math.min(limit, end) }, (_row, index) => numbered(end - 1 - index))
    },
    ledger: async () => null,
    message: async ({ messageId }: { messageId: string }) => numbered(Number(BigInt(messageId)) - 1),
    draft: async () => ({ text: '' }),
    on: (event: string, handler: (message: MessageFact) => void) => {
      if (event === 'message') listeners.add(handler)
      return () => listeners.delete(handler)
    }
  } as unknown as Account
  const effects: Effect[] = []
  const waiting: Promise<unknown>[] = []
  const perform = (effect: Effect): void => {
    effects.push(effect)
    if (effect.type === 'open') waiting.push(reader.open(effect.chat))
    if (effect.type === 'older') waiting.push(reader.older())
    if (effect.type === 'newer') waiting.push(reader.newer())
    if (effect.type === 'jump') waiting.push(reader.around(effect.chat, effect.messageId))
    if (effect.type === 'oldest') waiting.push(reader.oldest(new AbortController().signal))
  }
  const store = createStore(initialState(self, 60, 24), perform)
  const reader = createReader(account, store)
  const dispatch = async (action: Action): Promise<void> => {
    store.dispatch(action)
    while (waiting.length > 0) await waiting.shift()
  }
  return {
    store,
    effects,
    reads: () => reads,
    open: () => reader.open(chat),
    press: (name: string) => dispatch({ type: 'key', key: { kind: 'key', name } }),
    arrive: async () => {
      const message = numbered(size)
      size += 1
      for (const listener of listeners) listener(message)
      await dispatch({ type: 'message', message })
    },
    /** Numbers of the messages in sight, from above. */
    shown: () => layout(store.get()).flatMap(line => [...plainOf(line).matchAll(/#(\d+);/g)].map(([, n]) => Number(n))),
    screen: () => layout(store.get()).map(plainOf).join('\n'),
    loaded: () => store.get().conversation?.messages.length ?? 0
  }
}

const consecutive = (numbers: readonly number[]): boolean =>
  numbers.every((n, index) => index === 0 || n === (numbers[index - 1] ?? 0) + 1)

describe('a history of 100 000 messages', () => {
  const count = 100_000

  test('opens with one page, and is read back and forth without a gap in bounded memory', async () => {
    const pane = history(count)
    await pane.open()
    expect(pane.reads()).toBe(1)
    expect(pane.shown().at(-1)).toBe(count - 1)
    let oldest = pane.shown()[0] ?? count
    for (let pages = 0; pages < 120; pages++) {
      await pane.press('page-up')
      const shown = pane.shown()
      expect(consecutive(shown)).toBe(true)
      // Nothing was jumped over: the pages overlap or touch.
      expect(shown.at(-1)).toBeGreaterThanOrEqual(oldest - 1)
      oldest = shown[0] ?? oldest
      expect(pane.loaded()).toBeLessThanOrEqual(keptMessages)
    }
    expect(oldest).toBeLessThan(count - 120 * 10)
    let newest = pane.shown().at(-1) ?? 0
    for (let pages = 0; pages < 600 && newest < count - 1; pages++) {
      await pane.press('page-down')
      const shown = pane.shown()
      expect(consecutive(shown)).toBe(true)
      expect(shown[0]).toBeLessThanOrEqual(newest + 1)
      newest = shown.at(-1) ?? newest
      expect(pane.loaded()).toBeLessThanOrEqual(keptMessages)
    }
    expect(newest).toBe(count - 1)
    expect(pane.effects.at(-1)).toEqual({ type: 'seen', chat })
  })

  test('Home goes to its beginning with its progress on the screen, End back to its end', async () => {
    const pane = history(count)
    await pane.open()
    const texts = new Set<string>()
    pane.store.subscribe(() => texts.add(pane.store.get().progress ?? ''))
    const before = pane.reads()
    await pane.press('home')
    expect(pane.reads()).toBe(before + 1)
    expect(pane.shown()[0]).toBe(0)
    expect(pane.screen()).toContain('nothing older is stored')
    expect(pane.loaded()).toBeLessThanOrEqual(keptMessages)
    expect(pane.store.get().conversation?.hasNewer).toBe(true)
    expect([...texts]).toContain('loading the oldest messages; Escape ends it')
    await pane.press('page-down')
    expect(consecutive(pane.shown())).toBe(true)
    await pane.press('end')
    expect(pane.shown().at(-1)).toBe(count - 1)
    expect(pane.store.get().conversation?.hasNewer).toBe(false)
  })

  test('a message found far back is shown with what stands around it, chosen, and from there it goes both ways', async () => {
    const pane = history(count)
    await pane.open()
    const before = pane.reads()
    const found = messageFact({ text: '#500;', clock: 501 })
    pane.store.dispatch({ type: 'hits', title: '1 found', hits: [found] })
    expect(pane.screen()).toContain('#500;')
    await pane.press('enter')
    pane.store.dispatch({ type: 'arrived', opened: true })
    // The page before it and the page behind it.
    expect(pane.reads()).toBe(before + 2)
    const shown = pane.shown()
    expect(consecutive(shown)).toBe(true)
    expect(Math.abs((shown[0] ?? 0) + (shown.at(-1) ?? 0) - 1000)).toBeLessThanOrEqual(2)
    expect(pane.store.get().selected).toBe(found.messageId)
    await pane.press('page-up')
    expect(pane.shown()[0]).toBeLessThan(shown[0] ?? 0)
    for (let pages = 0; pages < 12; pages++) {
      await pane.press('page-down')
      expect(consecutive(pane.shown())).toBe(true)
    }
    expect(pane.shown().at(-1)).toBeGreaterThan(600)
    await pane.press('end')
    expect(pane.shown().at(-1)).toBe(count - 1)
  })

  test('what arrives while one reads far back is counted, not shown, and there on the way down', async () => {
    const pane = history(1000)
    await pane.open()
    for (let pages = 0; pages < 40; pages++) await pane.press('page-up')
    const before = pane.shown()
    for (let n = 0; n < 100; n++) await pane.arrive()
    expect(pane.shown()).toEqual(before)
    expect(pane.screen()).toContain('100 new below')
    let newest = before.at(-1) ?? 0
    for (let pages = 0; pages < 200 && newest < 1099; pages++) {
      await pane.press('page-down')
      const shown = pane.shown()
      expect(consecutive(shown)).toBe(true)
      expect(shown[0]).toBeLessThanOrEqual(newest + 1)
      newest = shown.at(-1) ?? newest
    }
    expect(newest).toBe(1099)
    await pane.arrive()
    expect(pane.shown().at(-1)).toBe(1100)
  })

  test('a flood that arrives while one reads stays within the bound, and the text in sight does not move', async () => {
    const pane = history(1000)
    await pane.open()
    await pane.press('page-up')
    const before = pane.shown()
    for (let n = 0; n < 1000; n++) await pane.arrive()
    expect(pane.shown()).toEqual(before)
    expect(pane.loaded()).toBeLessThanOrEqual(keptMessages + pageSize)
    await pane.press('end')
    expect(pane.shown().at(-1)).toBe(1999)
  })
})

describe('what is unread', () => {
  test('reading begins at the mark when it does not fit, and is seen only once it was shown', async () => {
    const pane = history(1000, 100)
    await pane.open()
    expect(pane.screen()).toMatch(/── new ─+[^\n]*\n[^\n]*#900;/)
    expect(pane.effects).not.toContainEqual({ type: 'seen', chat })
    for (let pages = 0; pages < 8; pages++) await pane.press('page-down')
    expect(pane.effects).toContainEqual({ type: 'seen', chat })
    expect(pane.shown().at(-1)).toBe(999)
  })

  test('what fits is seen at once, with the mark before it', async () => {
    const pane = history(1000, 3)
    await pane.open()
    expect(pane.screen()).toMatch(/#996;[^\n]*\n── new ─+[^\n]*\n[^\n]*#997;/)
    expect(pane.effects).toEqual([{ type: 'seen', chat }])
  })

  test('a terminal without the keyboard sees nothing, and rings', async () => {
    const pane = history(10)
    await pane.open()
    pane.store.dispatch({
      type: 'chat',
      chat: { ...chatFact(chat), id: 'x' }
    })
    pane.effects.length = 0
    await pane.press('focus-out')
    await pane.arrive()
    expect(pane.effects.map(({ type }) => type)).not.toContain('seen')
    await pane.press('focus-in')
    expect(pane.effects.at(-1)).toEqual({ type: 'seen', chat })
  })
})
