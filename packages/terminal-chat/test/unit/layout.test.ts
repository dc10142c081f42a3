import type { MessageFact } from '@status-stack/account-rpc/methods'
import type { ChatJson } from '@status-stack/account-rpc/targets'
import { bob, chatFact, messageFact, self } from '@status-stack/account-rpc/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/actions.ts'
import type { Key } from '../../src/keys.ts'
import { layout } from '../../src/layout.ts'
import { update } from '../../src/model.ts'
import { initialState, type State } from '../../src/state.ts'
import { plainOf, styled, widthOf, wrap } from '../../src/text.ts'

const run = (state: State, ...actions: Action[]): State =>
  actions.reduce((now, action) => update(now, action).state, state)

const wild = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom('日', '本', '👋🏽', '👨‍👩‍👧', 'é', 'a', ' ', '\n', '\u202e', '\u001b', '한', '\u0300', '🇫🇷'),
    maxLength: 120
  })
)

const names = [
  'enter',
  'tab',
  'shift-tab',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'page-up',
  'page-down',
  'newline',
  'backspace',
  'delete',
  'ctrl-n',
  'ctrl-p',
  'ctrl-w',
  'ctrl-u',
  'ctrl-k',
  'escape',
  'alt-up',
  'word-left'
]
const keys: fc.Arbitrary<Key> = fc.oneof(
  fc.constantFrom(...names).map(name => ({ kind: 'key' as const, name })),
  wild.map(text => ({ kind: 'paste' as const, text })),
  fc.constantFrom('/', '@', '/re', '/reply ^', '/to #', 'x').map(text => ({ kind: 'text' as const, text }))
)

const chats: readonly ChatJson[] = [
  { kind: 'public', name: 'status' },
  { kind: 'one-to-one', publicKey: bob },
  { kind: 'group', id: 'g' }
]

const actions: fc.Arbitrary<Action> = fc.oneof(
  keys.map(pressed => ({ type: 'key' as const, key: pressed })),
  fc.record({
    type: fc.constant('resize' as const),
    width: fc.integer({ min: 1, max: 130 }),
    height: fc.integer({ min: 1, max: 50 })
  }),
  fc.tuple(wild, fc.nat(40), fc.constantFrom(...chats), fc.boolean()).map(([text, clock, chat, outgoing]) => ({
    type: 'message' as const,
    message: messageFact({ text, clock, chat, outgoing })
  })),
  fc
    .tuple(fc.constantFrom(...chats), fc.nat(2000), wild)
    .map(([chat, unread, name]) => ({ type: 'chat' as const, chat: chatFact(chat, unread, name) })),
  fc.tuple(fc.constantFrom(...chats), wild).map(([chat, text]) => ({
    type: 'opened' as const,
    chat,
    messages: Array.from({ length: 12 }, (_, clock): MessageFact => messageFact({ text, clock: 100 + clock, chat })),
    complete: false
  })),
  wild.map(text => ({ type: 'notice' as const, text })),
  wild.map(text => ({ type: 'panel' as const, panel: { title: 'found', lines: [text.replace(/\p{Cc}/gu, '')] } })),
  fc.array(wild, { maxLength: 30 }).map(texts => ({
    type: 'hits' as const,
    title: 'found',
    hits: texts.map((text, clock) => messageFact({ text, clock: 1 + clock }))
  })),
  fc.constantFrom('attached' as const, 'gone' as const).map(is => ({ type: 'daemon' as const, is })),
  fc.nat(3).map(count => ({ type: 'peers' as const, count }))
)

describe('the screen', () => {
  test('at any size and after anything: exactly its height, no line wider than it, and no control character', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 130 }),
        fc.integer({ min: 6, max: 50 }),
        fc.array(actions, { maxLength: 12 }),
        (width, height, steps) => {
          let state = run(initialState(self, width, height), ...steps)
          state = run(state, { type: 'resize', width, height })
          const lines = layout(state)
          expect(lines).toHaveLength(height)
          for (const line of lines) {
            const text = plainOf(line)
            expect(widthOf(text)).toBe(width)
            expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
          }
        }
      ),
      { numRuns: 50 }
    )
  })

  test('too small a window says so and does not throw', () => {
    expect(plainOf(layout(initialState(self, 19, 6))[0] ?? [])).toContain('the window is too')
    expect(layout(initialState(self, 1, 1))).toHaveLength(1)
  })

  test('shows chats with unread counts, and messages with their protection', () => {
    const state = run(
      initialState(self, 100, 20),
      { type: 'chat', chat: chatFact({ kind: 'public', name: 'status' }, 3) },
      {
        type: 'opened',
        chat: { kind: 'one-to-one', publicKey: bob },
        messages: [messageFact({ text: 'hello' })],
        complete: true
      },
      { type: 'peers', count: 1 }
    )
    const lines = layout(state).map(plainOf)
    expect(lines[0]).toMatch(/● online, 1 peer $/)
    expect(lines.some(line => /#status +3│/.test(line))).toBe(true)
    expect(lines.some(line => line.includes(': hello  [forward secret]'))).toBe(true)
    const lost = layout(run(state, { type: 'peers', count: 0 })).map(plainOf)
    expect(lost[0]).toMatch(/○ offline, reconnecting $/)
  })

  test('a message cannot forge the line of another one', () => {
    const text = 'hi\n12:00 me: I owe you'
    const state = run(initialState(self, 60, 20), {
      type: 'opened',
      chat: { kind: 'one-to-one', publicKey: bob },
      messages: [messageFact({ text })],
      complete: true
    })
    expect(
      layout(state)
        .map(plainOf)
        .filter(line => /^\d\d:\d\d me/.test(line))
    ).toEqual([])
  })

  test('a picture that does not fit is replaced by what it needs', () => {
    const picture = Array.from({ length: 16 }, () => '█'.repeat(33))
    const small = run(initialState(self, 30, 20), { type: 'panel', panel: { title: 'QR', lines: ['link'], picture } })
    expect(layout(small).map(plainOf).join('\n')).toContain('35 × 20')
    const large = run(small, { type: 'resize', width: 40, height: 24 })
    expect(layout(large).map(plainOf).join('\n')).toContain('█'.repeat(33))
  })
})

describe('text', () => {
  test('wrapping keeps every word and no line is too wide', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '日', '👋🏽'), maxLength: 80 }),
        fc.integer({ min: 2, max: 40 }),
        (text, columns) => {
          const lines = wrap(text, columns)
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns)
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        }
      )
    )
  })

  test('NO_COLOR keeps the weights and drops the colours', () => {
    const line = [
      { text: 'x', color: 'red' as const },
      { text: 'y', bold: true },
      { text: '█ ', paper: true }
    ]
    expect(styled(line, true)).toBe('\u001b[31mx\u001b[0m\u001b[1my\u001b[0m\u001b[30;107m█ \u001b[0m')
    expect(styled(line, false)).toBe('x\u001b[1my\u001b[0m █')
  })
})
