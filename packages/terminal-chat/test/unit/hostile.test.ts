import { deviceFact } from '@status-stack/account-rpc'
import type { ContactFact } from '@status-stack/account-rpc/methods'
import type { ChatJson } from '@status-stack/account-rpc/targets'
import { bob, chatFact, messageFact, self } from '@status-stack/account-rpc/testing'
import { contactView, deviceView, groupView, messageView } from '@status-stack/account-rpc/words'
import { printable } from '@status-stack/utils'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/actions.ts'
import { createKeyReader, type Key } from '../../src/keys.ts'
import { layout } from '../../src/layout.ts'
import { limits } from '../../src/limits.ts'
import { update } from '../../src/model.ts'
import { initialState, type State } from '../../src/state.ts'
import { plainOf, styled, widthOf } from '../../src/text.ts'

const withBob: ChatJson = { kind: 'one-to-one', publicKey: bob }
const run = (state: State, ...actions: Action[]): State =>
  actions.reduce((now, action) => update(now, action).state, state)

/** What somebody might send to take over a terminal, or the eyes before it. */
const attacks: readonly (readonly [what: string, text: string])[] = [
  ['clears the screen', '\u001b[2J\u001b[H'],
  ['sets the title', '\u001b]0;owned\u0007'],
  ['asks the terminal to answer', '\u001b[6n\u001b[c'],
  ['8-bit control sequences', '\u009b31m\u009d0;x\u009c'],
  ['ends a paste', '\u001b[201~/quit\r'],
  ['leaves the other screen', '\u001b[?1049l'],
  ['a hyperlink', '\u001b]8;;https://evil.example\u001b\\here\u001b]8;;\u001b\\'],
  ['turns text around', 'abc\u202e321\u2066def\u2069'],
  ['marks of direction', 'a\u200eb\u200fc\u061cd'],
  ['invisible characters', 'pay\u200b\u2060\ufeff\u00ad\u2062pal'],
  ['invisible tags', 'hi\u{e0068}\u{e0069}'],
  ['line and paragraph separators', 'one\u2028two\u2029three'],
  ['carriage return over the author', 'x\rme: I owe you'],
  ['backspaces', 'good\b\b\b\bevil'],
  ['a hill of marks', `z${'\u0335\u0300'.repeat(200)}`],
  ['lone surrogates', '\ud800x\udc00'],
  ['vertical tab and form feed', 'a\u000bb\u000cc'],
  ['a very long word', 'x'.repeat(5000)]
]

const forbidden = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}\u200b\u2060\ufeff\u00ad]/u

const ownStyle = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

const person = (ensName: string): ContactFact => ({
  event: 'contact',
  publicKey: bob,
  text: 'zQ3sh',
  name: '',
  added: true,
  requestReceived: true,
  blocked: false,
  ensName,
  ensVerified: true,
  picture: '',
  minimum: 'auto',
  pfs: 'on',
  safetyText: ''
})

describe.each(attacks)('%s', (_, text) => {
  test('in a message, a name, a group, a mention of a group: harmless on the screen at every width', () => {
    for (const width of [20, 44, 80, 120]) {
      const group: ChatJson = { kind: 'group', id: 'g' }
      const state = run(
        initialState(self, width, 24),
        { type: 'contact', contact: person(`${text}.eth`) },
        { type: 'chat', chat: chatFact(group, 3, text) },
        { type: 'chat', chat: chatFact(withBob) },
        {
          type: 'opened',
          chat: withBob,
          messages: [
            messageFact({ text, clock: 1 }),
            messageFact({ text: 'next', clock: 2, replyTo: messageFact({}).messageId })
          ],
          complete: true
        },
        { type: 'notice', text }
      )
      for (const screen of [state, run(state, { type: 'panel', panel: { title: text.slice(0, 0), lines: [text] } })]) {
        const lines = layout(screen)
        expect(lines).toHaveLength(24)
        for (const line of lines) {
          expect(plainOf(line)).not.toMatch(forbidden)
          expect(widthOf(plainOf(line))).toBe(width)
          // Colours of ours alone reach the terminal.
          expect(styled(line, false).replaceAll(ownStyle, '')).not.toMatch(forbidden)
        }
      }
    }
  })

  test('in what is printed line by line', () => {
    const device = { installationId: 'i', own: false, enabled: true, name: text, deviceType: text }
    const printed = [
      messageView(messageFact({ text })).text,
      deviceView(deviceFact(device)).text,
      contactView(person(text)).text,
      ...groupView(chatFact({ kind: 'group', id: 'g' }, 0, text)).text.split('\n')
    ]
    for (const line of printed) expect(line).not.toMatch(forbidden)
    // A program gets what was written, escaped by JSON.
    expect(messageView(messageFact({ text })).event['text']).toBe(text)
  })
})

describe('what people write stays readable', () => {
  test.each([
    ['family', '👨‍👩‍👧‍👦', 2],
    ['skin tone', '👋🏽', 2],
    ['flag', '🇫🇷', 2],
    ['flag of tags', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 2],
    ['Chinese', '漢字', 4],
    ['Korean', '한국', 4],
    ['marks', 'e\u0301a\u0308', 2],
    ['Hebrew', 'שלום', 4],
    ['Persian with a zero-width non-joiner', 'می\u200cخواهم', 7],
    ['Hindi', 'क्षि', 1],
    ['full width', 'ＡＢ', 4]
  ])('%s', (_, text, columns) => {
    expect(printable(text)).toBe(text)
    // Hindi clusters are drawn narrower by some terminals; the screen does not wrap, so nothing else moves.
    if (text !== 'क्षि') expect(widthOf(text)).toBe(columns)
  })

  test('a tab is a blank, a line break is seen', () => expect(printable('a\tb\nc')).toBe('a b ⏎ c'))

  test('whatever is made printable is printable, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
        const safe = printable(text)
        expect(safe).not.toMatch(forbidden)
        expect(printable(safe)).toBe(safe)
      })
    )
  })
})

test('a message of a megabyte costs no more than the part of it that is shown', () => {
  const text = '漢'.repeat(500_000)
  const state = run(initialState(self, 80, 24), {
    type: 'opened',
    chat: withBob,
    messages: [messageFact({ text, seen: true })],
    complete: true
  })
  const lines = layout(state).map(plainOf).join('\n')
  expect(lines).toContain('490000 characters')
})

test('pasteCharacters: what is beyond is left out while it comes, and the keys behind the end of the paste are keys', () => {
  const keys: Key[] = []
  const reader = createKeyReader(key => keys.push(key))
  const part = 'x'.repeat(limits.pasteCharacters)
  reader.feed('\u001b[200~')
  // With the mark of its end in two pieces.
  for (let n = 0; n < 500; n++) reader.feed(part)
  reader.feed('y\u001b[20')
  reader.feed('1~\r')
  expect(keys).toEqual([
    { kind: 'paste', text: part },
    { kind: 'key', name: 'enter' }
  ])
})

describe('a paste whose end mark is lost', () => {
  const reading = () => {
    const keys: Key[] = []
    return { keys, reader: createKeyReader(key => keys.push(key)) }
  }

  test('pasteIdleMs: ends after a time without input, and the keyboard is there again', () => {
    const { keys, reader } = reading()
    reader.feed('\u001b[200~half of it\r')
    expect(reader.waitMs()).toBe(limits.pasteIdleMs)
    reader.flush()
    expect(reader.waitMs()).toBeUndefined()
    reader.feed('x')
    reader.feed('\r')
    expect(keys).toEqual([
      { kind: 'paste', text: 'half of it\n' },
      { kind: 'text', text: 'x' },
      { kind: 'key', name: 'enter' }
    ])
  })

  test('the rest of one that only stood still sends nothing', () => {
    const { keys, reader } = reading()
    reader.feed('\u001b[200~one\r')
    reader.flush()
    reader.feed('two\rthree\r')
    reader.feed('four\r\u001b[201~')
    reader.feed('\r')
    expect(keys).toEqual([
      { kind: 'paste', text: 'one\n' },
      { kind: 'paste', text: 'two\nthree\nfour\n' },
      { kind: 'key', name: 'enter' }
    ])
  })

  test('pasteInput: ends after so much input, however fast it comes', () => {
    const { keys, reader } = reading()
    const part = 'x'.repeat(2 ** 20)
    reader.feed('\u001b[200~')
    let fed = 0
    for (; keys.length === 0 && fed < 2 * limits.pasteInput; fed += part.length) reader.feed(part)
    expect(fed).toBeLessThanOrEqual(limits.pasteInput + part.length)
    expect(keys).toEqual([{ kind: 'paste', text: 'x'.repeat(limits.pasteCharacters) }])
    reader.feed('\u0003')
    expect(keys.at(-1)).toEqual({ kind: 'key', name: 'ctrl-c' })
  })
})
