import type { ChatJson } from '@status-stack/account-rpc/targets'
import { bob, self } from '@status-stack/account-rpc/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Action } from '../../src/actions.ts'
import { keepDrafts } from '../../src/draft-keeper.ts'
import { initialState } from '../../src/state.ts'
import { createStore } from '../../src/store.ts'
import { mostTypedAhead } from '../../src/switching.ts'
import { play, typed } from './play.ts'
import { createWorld, eventually, type Person, type World } from './world.ts'

const withBob: ChatJson = { kind: 'one-to-one', publicKey: bob }
const status: ChatJson = { kind: 'public', name: 'status' }
const opened = (chat: ChatJson, draft = ''): Action => ({ type: 'opened', chat, messages: [], complete: true, draft })
const arrived = (was: boolean): Action => ({ type: 'arrived', opened: was })
const inStatus = play(initialState(self, 80, 12), opened(status)).state

describe('typed before the chat is there', () => {
  test.each([
    ['/join foo', 'join', 'foo'],
    ['/to #foo', 'to', '#foo'],
    ['/group-create "x"', 'group-create', '"x"'],
    ['/next', 'next', ''],
    ['/too #foo, a slip', 'too', '#foo, a slip']
  ])('%s and a text: the text waits', (line, name, rest) => {
    const { state, effects } = play(inStatus, ...typed(`${line}\rhello\r`))
    expect(effects).toEqual([{ type: 'command', name, rest }])
    expect(state.editor.text).toBe('')
    const there = play(state, opened(withBob), arrived(true))
    expect(there.effects).toContainEqual({ type: 'send', chat: withBob, text: 'hello' })
    expect(there.state.typedAhead).toBeUndefined()
  })

  test.each([
    ['Ctrl+N', '\u000e'],
    ['Alt+Down', '\u001b[1;3B'],
    ['Alt+N', '\u001bn']
  ])('%s and a text: the same', (_, key) => {
    const both = play(inStatus, opened(withBob), opened(status)).state
    const { effects, state } = play(both, ...typed(`${key}hello\r`))
    expect(effects.map(({ type }) => type)).not.toContain('send')
    expect(play(state, opened(withBob), arrived(true)).effects).toContainEqual({
      type: 'send',
      chat: withBob,
      text: 'hello'
    })
  })

  test('a chat that does not come: nothing is sent, and what was typed is in the line', () => {
    const { state } = play(inStatus, ...typed('/to nobody\rhello\r/leave\rx\u007f'))
    const missed = play(state, { type: 'notice', text: 'no such person' }, arrived(false))
    expect(missed.effects).toEqual([])
    expect(missed.state.editor.text).toBe('hello\n/leave')
    expect(missed.state.notices.at(-1)).toMatch(/not sent, but kept in the line: no such person/)
    expect(missed.state.conversation?.chat).toEqual(status)
  })

  test('a second change of the chat among what waits makes the rest wait for that one', () => {
    const first = play(inStatus, ...typed('/join a\rone\r/join b\rtwo\r'))
    const a: ChatJson = { kind: 'public', name: 'a' }
    const second = play(first.state, opened(a), arrived(true))
    expect(second.effects.filter(({ type }) => type === 'send' || type === 'command')).toEqual([
      { type: 'send', chat: a, text: 'one' },
      { type: 'command', name: 'join', rest: 'b' }
    ])
    const b: ChatJson = { kind: 'public', name: 'b' }
    expect(play(second.state, opened(b), arrived(true)).effects).toContainEqual({ type: 'send', chat: b, text: 'two' })
  })

  test('Ctrl+C takes it back, and with nothing typed ends the program; what waits is bounded', () => {
    const { state } = play(inStatus, ...typed('/join a\rhello\r\u0003'))
    expect(play(state, opened(withBob), arrived(true)).effects.map(({ type }) => type)).not.toContain('send')
    expect(play(state, ...typed('\u0003')).effects).toEqual([{ type: 'quit' }])
    let waiting = play(inStatus, ...typed('/join a\r')).state
    for (let i = 0; i <= mostTypedAhead; i++) waiting = play(waiting, ...typed('x')).state
    expect(waiting.typedAhead).toHaveLength(mostTypedAhead)
  })

  test('focus and size of the terminal wait for no chat', () => {
    const { state, effects } = play(inStatus, ...typed('/join a\r\u001b[O\u000c'))
    expect(state.focused).toBe(false)
    expect(effects).toContainEqual({ type: 'redraw' })
  })
})

describe('one line for each chat', () => {
  test('the line stays with its chat and comes back with it, as it was stored or as it was left', () => {
    const away = play(inStatus, ...typed('for all'), opened(withBob, 'for bob'))
    expect(away.state.editor).toMatchObject({ text: 'for bob', cursor: 7 })
    const back = play(away.state, ...typed(' alone'), opened(status, 'stale'))
    expect(back.state.editor.text).toBe('for all')
    expect(play(back.state, opened(withBob, 'stale')).state.editor.text).toBe('for bob alone')
    // What was cut can still be put in elsewhere, and undo does not bring the other line here.
    expect(play(back.state, ...typed('\u001f\u001f')).state.editor.text).toBe('for all')
  })

  test('a line that was sent is no draft, and one that was looked up in the history neither', () => {
    const sent = play(inStatus, ...typed('said\r'), ...typed('draft\u001b[A'))
    expect(sent.state.editor.text).toBe('said')
    const back = play(sent.state, opened(withBob), opened(status))
    expect(back.state.editor.text).toBe('draft')
  })

  test('what is typed before any chat is open is for the first one, unless that has a line', () => {
    const { state } = play(initialState(self, 80, 12), ...typed('early'))
    expect(play(state, opened(status)).state.editor.text).toBe('early')
    const other = play(state, opened(status, 'mine')).state
    expect(other.editor.text).toBe('mine')
    expect(play(other, ...typed('\u001b[A')).state.editor.text).toBe('early')
  })

  test('the lines are stored while they are written, at a change of the chat and at the end', async () => {
    const stored: (readonly [string | ChatJson, string])[] = []
    const store = createStore(inStatus, () => {})
    const setDraft = async ({ chat, text }: { chat: string | ChatJson; text: string }) => {
      stored.push([chat, text])
      return {}
    }
    const keeper = keepDrafts({ setDraft }, store, error => {
      throw error
    })
    for (const action of typed('for all')) store.dispatch(action)
    await eventually('a line that is only written is stored', () => (stored.length > 0 ? true : undefined))
    expect(stored).toEqual([[status, 'for all']])
    store.dispatch({ type: 'key', key: { kind: 'text', text: '!' } })
    store.dispatch(opened(withBob))
    for (const action of typed('for bob')) store.dispatch(action)
    await keeper.stop()
    expect(stored.slice(1)).toEqual([
      [status, 'for all!'],
      [withBob, 'for bob']
    ])
  })
})

describe('with a client', () => {
  let world: World
  let alice: Person
  beforeAll(async () => {
    world = createWorld()
    alice = await world.person('alice')
  })
  afterAll(() => world.dispose())

  const textsIn = async (name: string): Promise<readonly string[]> => {
    const messages = await alice.client.messages({ kind: 'public', name })
    return messages.map(({ text }) => text ?? '').reverse()
  }

  test('commands and texts typed in one go are done in their order, each text in the chat before it', async () => {
    alice.type('/join one\r1\r/join two\r2a\r2b\r/to #one\r3\r/join four\r4\r')
    await eventually('the last text is stored', async () => ((await textsIn('four')).length === 1 ? true : undefined))
    expect(await textsIn('one')).toEqual(['1', '3'])
    expect(await textsIn('two')).toEqual(['2a', '2b'])
    expect(await textsIn('four')).toEqual(['4'])
  })

  test('behind a chat that cannot be opened nothing is sent', async () => {
    await alice.enter('/to #one', /#one/)
    const before = await textsIn('one')
    alice.type('/to zQ3nonsense\rsecret\r')
    await alice.until(/not sent, but kept in the line/)
    expect(alice.store.get().editor.text).toBe('secret')
    expect(await textsIn('one')).toEqual(before)
  })

  test('a line comes back from the store', async () => {
    await alice.client.setDraft({ kind: 'public', name: 'five' }, 'half a sentence')
    alice.type('\u0015/to #five\r')
    await alice.until(/half a sentence/)
  })
})
