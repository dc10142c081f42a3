import { deliveryMark } from '@status-stack/account-rpc'
import { type ChatJson, shortKey } from '@status-stack/account-rpc/targets'
import { bob, chatFact, messageFact, self } from '@status-stack/account-rpc/testing'
import { hexToBytes } from '@status-stack/crypto'
import type { LedgerEntry } from '@status-stack/status-client'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/actions.ts'
import { optionsFor } from '../../src/complete.ts'
import { altKeys, createKeyReader, type Key } from '../../src/keys.ts'
import { layout } from '../../src/layout.ts'
import { keptNotices } from '../../src/notices.ts'
import { personOf, withMentions } from '../../src/references.ts'
import { initialState } from '../../src/state.ts'
import { plainOf } from '../../src/text.ts'
import { keptMessages } from '../../src/window.ts'
import { play } from './play.ts'

const withBob: ChatJson = { kind: 'one-to-one', publicKey: bob }
const start = initialState(self, 80, 12)

const keysOf = (text: string): readonly Key[] => {
  const keys: Key[] = []
  const reader = createKeyReader(key => keys.push(key))
  for (const character of text) reader.feed(character)
  reader.flush()
  return keys
}
const typed = (text: string): Action[] => keysOf(text).map(key => ({ type: 'key', key }))
const press = (name: string): Action => ({ type: 'key', key: { kind: 'key', name } })
const opened = (count = 0, complete = true): Action => ({
  type: 'opened',
  chat: withBob,
  messages: Array.from({ length: count }, (_, index) =>
    messageFact({ text: `m${index}`, clock: 100 + index, seen: true })
  ),
  complete
})

describe('keys', () => {
  test('sequences that arrive in pieces are the same keys', () => {
    expect(keysOf('\u001b[5~\u001b[1;5D\u001bOA\u007f\u000e\u001b\r')).toEqual(
      ['page-up', 'word-left', 'up', 'backspace', 'ctrl-n', 'newline'].map(name => ({ kind: 'key', name }))
    )
    expect(keysOf('\u001b')).toEqual([{ kind: 'key', name: 'escape' }])
  })

  test.each([
    ['a command', '\u001b/accept\r', ['escape', '/accept', 'enter']],
    ['a word', '\u001bhello\r', ['escape', 'hello', 'enter']],
    ['a letter that begins a sequence', '\u001bOK\r', ['escape', 'OK', 'enter']],
    ['a control key', '\u001b\u0003', ['escape', 'ctrl-c']],
    ['another escape', '\u001b\u001b/', ['escape', 'escape', '/']],
    ['an arrow, which is no text', '\u001bOA/', ['up', '/']],
    ['a function key, which is none either', '\u001bOP\u001b[24~x', ['x']]
  ])('Escape and, in the same read, %s', (_, sent, expected) => {
    const keys: Key[] = []
    const reader = createKeyReader(key => keys.push(key))
    reader.feed(sent)
    reader.flush()
    expect(keys.map(key => (key.kind === 'key' ? key.name : key.text))).toEqual(expected)
  })

  test('every letter that Alt changes does something, and with another letter Alt is Escape', () => {
    const { state } = play(start, opened(), ...typed('one two three'), press('word-left'))
    for (const letter of altKeys) {
      expect(keysOf(`\u001b${letter}`)).toEqual([{ kind: 'key', name: `alt-${letter}` }])
      expect(play(state, press(`alt-${letter}`)).state).not.toEqual(state)
    }
    expect(keysOf('\u001bx').map(({ kind }) => kind)).toEqual(['key', 'text'])
  })

  test('a paste is text, its line ends do not send', () => {
    const { state, effects } = play(play(start, opened()).state, ...typed('\u001b[200~a\rb\u001b[201~'))
    expect(state.editor.text).toBe('a\nb')
    expect(effects).toEqual([])
  })
})

describe('the input', () => {
  test('Enter sends to the chat that is looked at; Up brings it back', () => {
    const sent = play(play(start, opened()).state, ...typed('hello\r'))
    expect(sent.effects).toEqual([{ type: 'send', chat: withBob, text: 'hello' }])
    expect(sent.state.editor.text).toBe('')
    expect(play(sent.state, press('up')).state.editor.text).toBe('hello')
    expect(play(sent.state, ...typed('draft'), press('up'), press('down')).state.editor.text).toBe('draft')
  })

  test('the cursor walks over whole characters, and Alt+Enter breaks the line', () => {
    const { state } = play(
      start,
      ...typed('a'),
      { type: 'key', key: { kind: 'text', text: '👨‍👩‍👧b' } },
      press('left'),
      press('backspace')
    )
    expect(state.editor.text).toBe('ab')
    expect(play(state, ...typed('\u001b\r')).state.editor.text).toBe('a\nb')
  })

  test('without a chat nothing is sent and the text stays', () => {
    const { state, effects } = play(start, ...typed('hello\r'))
    expect(effects).toEqual([])
    expect(state.editor.text).toBe('hello')
    expect(state.notices.at(-1)).toContain('no chat is open')
  })

  test('a command is an effect; // sends a text that begins with /', () => {
    const { state } = play(start, opened())
    expect(play(state, ...typed('/edit ^abcd  new text\r')).effects).toEqual([
      { type: 'command', name: 'edit', rest: '^abcd  new text' }
    ])
    expect(play(state, ...typed('//me\r')).effects).toEqual([{ type: 'send', chat: withBob, text: '/me' }])
  })

  test('Tab completes commands, walks through several, and completes people', () => {
    const { state } = play(start, opened())
    expect(play(state, ...typed('/sea\t')).state.editor.text).toBe('/search ')
    const first = play(state, ...typed('/re\t')).state
    expect(first.editor.text).toBe('/read ')
    expect(play(first, press('tab')).state.editor.text).toBe('/remove ')
    expect(play(first, press('tab'), press('shift-tab')).state.editor.text).toBe('/read ')
    expect(play(state, ...typed('hi @zQ\t')).state.editor.text).toBe(`hi @${shortKey(bob)} `)
    expect(optionsFor(play(state, ...typed('plain')).state)).toBeUndefined()
  })

  test('a completed name becomes a mention, and an unknown one stays', () => {
    const { state } = play(start, opened())
    expect(withMentions(state, `hi @${shortKey(bob)}, @nobody`)).toBe(`hi @${bob}, @nobody`)
    expect(personOf(state, `@${shortKey(bob)}`)).toEqual(bob)
    expect(() => personOf(state, '@nobody')).toThrowError(/no known person/)
  })
})

describe('the conversation', () => {
  test('a message that arrives is seen at the bottom, and not while older ones are read', () => {
    const bottom = play(start, opened(30)).state
    const arrive: Action = { type: 'message', message: messageFact({ text: 'new', clock: 500 }) }
    expect(play(bottom, arrive).effects).toEqual([{ type: 'seen', chat: withBob }])
    const up = play(bottom, press('page-up')).state
    const reading = play(up, arrive)
    expect(reading.effects).not.toContainEqual({ type: 'seen', chat: withBob })
    // What is read stays where it is.
    expect(layout(reading.state).map(plainOf).slice(1, 10)).toEqual(layout(up).map(plainOf).slice(1, 10))
    expect(play(reading.state, press('page-down'), press('page-down')).effects).toContainEqual({
      type: 'seen',
      chat: withBob
    })
  })

  test('PageUp at the oldest loaded line asks for older ones, once, and not when there are none', () => {
    const state = play(start, opened(5, false)).state
    const asked = play(state, press('page-up'), press('page-up'))
    expect(asked.effects).toEqual([{ type: 'older' }])
    const older = [messageFact({ text: 'oldest', clock: 1 })]
    const loaded = play(asked.state, { type: 'older', id: bob, messages: older, complete: true })
    expect(loaded.state.conversation?.messages[0]?.text).toBe('oldest')
    expect(play(loaded.state, press('page-up'), press('page-up')).effects).toEqual([])
  })

  test('messages are in the order of their clocks, each once', () => {
    const arrivals = [300, 200, 200, 250].map(
      (clock): Action => ({ type: 'message', message: messageFact({ text: `${clock}`, clock }) })
    )
    const { state } = play(start, opened(), ...arrivals)
    expect(state.conversation?.messages.map(({ clock }) => clock)).toEqual([200, 250, 300])
  })

  test('memory is bounded: messages and notices', () => {
    let state = play(start, opened(keptMessages)).state
    state = play(state, { type: 'message', message: messageFact({ clock: 9999 }) }).state
    expect(state.conversation?.messages).toHaveLength(keptMessages)
    expect(state.conversation?.complete).toBe(false)
    for (let index = 0; index <= keptNotices; index++) state = play(state, { type: 'notice', text: `n${index}` }).state
    expect(state.notices).toHaveLength(keptNotices)
    expect(state.notices[0]).toBe('n1')
  })

  test('Ctrl+N and Ctrl+P walk through the chats', () => {
    const status: ChatJson = { kind: 'public', name: 'status' }
    const { state } = play(start, opened(), { type: 'chat', chat: chatFact(status) })
    expect(play(state, press('ctrl-n')).effects).toEqual([{ type: 'switch', chat: status }])
    expect(play(state, press('ctrl-p')).effects).toEqual([{ type: 'switch', chat: status }])
  })
})

describe('marks of delivery', () => {
  const leg = (state: LedgerEntry['legs'][number]['state'], recipient: Uint8Array | undefined = hexToBytes(bob)) => ({
    recipient,
    state,
    attempts: 1,
    envelopes: []
  })
  const entry = (...legs: LedgerEntry['legs'][number][]): LedgerEntry => ({
    messageId: '0x',
    chat: { kind: 'one-to-one', publicKey: hexToBytes(bob) },
    queuedMs: 0,
    legs,
    complete: false
  })

  test.each([
    [entry(leg('queued')), '… waiting'],
    [entry({ ...leg('held'), reason: 'offline' }), '… waiting for a peer'],
    [entry({ ...leg('held'), reason: 'policy' }), '! held: it would be less protected than asked for'],
    [entry(leg('posted')), '> sent'],
    [entry(leg('confirmed')), '✓ on the network'],
    [entry(leg('acknowledged')), '✓✓ received'],
    [entry(leg('acknowledged'), leg('posted', hexToBytes(self))), '✓✓ received'],
    [entry(leg('acknowledged'), leg('posted', new Uint8Array(65).fill(4))), '✓ received by 1 of 2'],
    [entry({ ...leg('given-up'), reason: 'age' }), '! given up: it was tried for too long'],
    [{ ...entry(leg('confirmed', undefined)), chat: { kind: 'public', name: 'x' } as const }, '✓ on the network']
  ])('case %#', (facts, expected) => {
    const { sign, words } = deliveryMark(facts, hexToBytes(self))
    expect(`${sign} ${words}`).toBe(expected)
  })
})
