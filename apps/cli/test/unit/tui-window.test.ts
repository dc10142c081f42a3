import type { ChatRef, Client, Message } from '@status-stack/status-client'
import { describe, expect, test } from 'vitest'
import type { Action, Effect } from '../../src/tui/actions.ts'
import { layout } from '../../src/tui/layout.ts'
import { createReader } from '../../src/tui/reader.ts'
import { initialState } from '../../src/tui/state.ts'
import { createStore } from '../../src/tui/store.ts'
import { plainOf } from '../../src/tui/text.ts'
import { keptMessages, keptPages, pageSize } from '../../src/tui/window.ts'
import { bob, messageFact, self } from './tui-facts.ts'

const chat: ChatRef = { kind: 'one-to-one', publicKey: bob }

/** A history that counts its messages: the clock of number `n` is `n + 1`. */
function history(count: number, unread = 0) {
  const numbered = (n: number): Message => messageFact({ text: `#${n};`, clock: n + 1, seen: n < count - unread })
  const listeners = new Set<(message: Message) => void>()
  let size = count
  let reads = 0
  const client = {
    messages: async (_: ChatRef, { before, limit = 50 }: { before?: string; limit?: number }) => {
      reads += 1
      const end = before === undefined ? size : Number(BigInt(before)) - 1
      return Array.from({ length: Math.min(limit, end) }, (_row, index) => numbered(end - 1 - index))
    },
    ledger: async () => undefined,
    markSeen: async () => 0,
    on: (event: string, handler: (message: Message) => void) => {
      if (event === 'message') listeners.add(handler)
      return () => listeners.delete(handler)
    }
  } as unknown as Client
  const effects: Effect[] = []
  const waiting: Promise<unknown>[] = []
  const perform = (effect: Effect): void => {
    effects.push(effect)
    if (effect.type === 'open') waiting.push(reader.open(effect.chat))
    if (effect.type === 'older') waiting.push(reader.older())
    if (effect.type === 'newer') waiting.push(reader.newer())
    if (effect.type === 'oldest') waiting.push(reader.oldest(new AbortController().signal))
  }
  const store = createStore(initialState(self, 60, 24), perform)
  const reader = createReader(client, store)
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
    await pane.press('home')
    expect(pane.shown()[0]).toBe(0)
    expect(pane.screen()).toContain('nothing older is stored')
    expect(pane.loaded()).toBeLessThanOrEqual(keptMessages)
    expect(pane.store.get().conversation?.newer.length).toBeLessThanOrEqual(keptPages)
    expect([...texts]).toContain('loading older messages: 500 read; Escape ends it')
    await pane.press('page-down')
    expect(consecutive(pane.shown())).toBe(true)
    await pane.press('end')
    expect(pane.shown().at(-1)).toBe(count - 1)
    expect(pane.store.get().conversation?.newer).toEqual([])
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
      chat: { chat, id: 'x', active: true, request: false, unread: 0, unreadMentions: 0, lastClock: 1 }
    })
    pane.effects.length = 0
    await pane.press('focus-out')
    await pane.arrive()
    expect(pane.effects.map(({ type }) => type)).not.toContain('seen')
    await pane.press('focus-in')
    expect(pane.effects.at(-1)).toEqual({ type: 'seen', chat })
  })
})
