import type { ChatJson } from '@status-stack/account-rpc/targets'
import { bob, chatFact, messageFact, self } from '@status-stack/account-rpc/testing'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/actions.ts'
import { layout } from '../../src/layout.ts'
import { initialState, type State } from '../../src/state.ts'
import { lineOf } from '../../src/switching.ts'
import { plainOf } from '../../src/text.ts'
import { type Played, play as playAll, typed } from './play.ts'

const withBob: ChatJson = { kind: 'one-to-one', publicKey: bob }
const press = (...names: string[]): Action[] => names.map(name => ({ type: 'key', key: { kind: 'key', name } }))

/** What is asked for besides that messages were seen. */
function play(state: State, ...actions: Action[]): Played {
  const played = playAll(state, ...actions)
  return { ...played, effects: played.effects.filter(({ type }) => type !== 'seen') }
}

const picture = { kind: 'image', attachment: { kind: 'image', type: 'png', bytes: 12_345 } } as const
const messages = [
  messageFact({ text: 'from bob', clock: 0x11111111, seen: true }),
  messageFact({ text: `mine, for @${bob}`, clock: 0x22222222, outgoing: true }),
  messageFact({ text: 'a picture', clock: 0x33333333, seen: true, ...picture }),
  messageFact({ text: 'joined', kind: 'system', clock: 0x44444444, seen: true })
]
const ids = messages.map(({ messageId }) => messageId)
const reference = (index: number): string => `^${ids[index]?.slice(2, 10)}`
const start = play(
  initialState(self, 100, 20),
  { type: 'contact', contact: { ...contact(), name: 'Bob Builder' } },
  { type: 'opened', chat: withBob, messages, complete: true }
).state

function contact() {
  const rules = { added: true, requestReceived: false, blocked: false, minimum: 'auto', pfs: 'on' } as const
  return {
    event: 'contact',
    publicKey: bob,
    text: '',
    ensName: '',
    ensVerified: false,
    picture: '',
    safetyText: '',
    ...rules
  } as const
}
const screen = (state: State): string => layout(state).map(plainOf).join('\n')
const highlighted = (state: State): string =>
  layout(state)
    .slice(1)
    .filter(line => line.some(({ inverse, text }) => inverse === true && text.trim() !== ''))
    .map(plainOf)
    .join('\n')

describe('choosing a message', () => {
  test('begins with the newest, walks with arrows, shows which one it is and what the keys do', () => {
    const { state } = play(start, ...press('ctrl-s'))
    expect(state.selected).toBe(ids[2])
    expect(highlighted(state)).toContain('a picture')
    expect(screen(state)).toContain(
      `${reference(2)} ↑ ↓ choose · r reply · + react · c copy · s save · o open · v view`
    )
    const up = play(state, ...press('up')).state
    expect(up.selected).toBe(ids[1])
    expect(screen(up)).toMatch(/e edit · d delete · c copy · i delivery/)
    expect(play(up, ...press('up', 'up', 'up')).state.selected).toBe(ids[0])
    expect(play(up, ...typed('j')).state.selected).toBe(ids[2])
    const gone = play(up, ...press('escape')).state
    expect([gone.selected, gone.choosing, highlighted(gone)]).toEqual([undefined, undefined, ''])
  })

  test('a reply keeps what stood in the line as its text, and quotes what it answers', () => {
    const { state, effects } = play(start, ...typed('yes, that one'), ...press('ctrl-s', 'up', 'up'), ...typed('r'))
    expect(state.editor.text).toBe(`/reply ${reference(0)} yes, that one`)
    expect(screen(state)).toContain('↳ from bob')
    expect(effects).toEqual([])
    expect(play(state, ...press('enter')).effects).toEqual([
      { type: 'command', name: 'reply', rest: `${reference(0)} yes, that one` }
    ])
  })

  test('an edit takes the text with names, and what stood in the line comes back afterwards, or is kept for the chat', () => {
    const editing = play(start, ...typed('half a line'), ...press('ctrl-s', 'up'), ...typed('e')).state
    expect(editing.editor.text).toBe(`/edit ${reference(1)} mine, for @Bob-Builder`)
    expect(lineOf(editing)).toBe('half a line')
    const sent = play(editing, ...typed('!'), ...press('enter'))
    expect(sent.effects).toEqual([{ type: 'command', name: 'edit', rest: `${reference(1)} mine, for @Bob-Builder!` }])
    expect(sent.state.editor.text).toBe('half a line')
    expect(play(editing, ...press('ctrl-c')).state.editor.text).toBe('half a line')
    const other: ChatJson = { kind: 'public', name: 'status' }
    const away = play(editing, { type: 'opened', chat: other, messages: [], complete: true })
    expect(away.state.editor.text).toBe('')
    const back = play(away.state, { type: 'opened', chat: withBob, messages, complete: true })
    expect(back.state.editor.text).toBe('half a line')
  })

  test.each([
    ['a number', '+2', 'thumbs-up'],
    ['a picture', 'a👍', 'thumbs-up'],
    ['the first', '+1', 'love']
  ])('a reaction by %s', (_, keys, emoji) => {
    const { state, effects } = play(start, ...press('ctrl-s'), ...typed(keys))
    expect(effects).toEqual([{ type: 'command', name: 'react', rest: `${reference(2)} ${emoji}` }])
    expect(state.choosing).toBeUndefined()
  })

  test('the reactions are listed, and another key chooses none', () => {
    const asked = play(start, ...press('ctrl-s'), ...typed('+')).state
    expect(screen(asked)).toContain('1 ❤️ love · 2 👍 thumbs-up')
    const { state, effects } = play(asked, ...typed('x'))
    expect([effects, state.choosing]).toEqual([[], 'message'])
  })

  test('deleting asks, and only messages of ours are changed', () => {
    const mine = play(start, ...press('ctrl-s', 'up'), ...typed('d')).state
    expect(screen(mine)).toContain('d again deletes it for all recipients')
    expect(play(mine, ...typed('x')).effects).toEqual([])
    expect(play(mine, ...typed('d')).effects).toEqual([{ type: 'command', name: 'delete', rest: reference(1) }])
    const theirs = play(start, ...press('ctrl-s', 'up', 'up'), ...typed('d'), ...typed('d'))
    expect(theirs.effects).toEqual([])
    expect(theirs.state.notices.at(-1)).toContain('only messages of yours')
  })

  test.each([
    ['c', 'copy'],
    ['s', 'save'],
    ['o', 'open'],
    ['v', 'view']
  ])('%s: %s', (key, name) => {
    expect(play(start, ...press('ctrl-s'), ...typed(key)).effects).toEqual([
      { type: 'command', name, rest: reference(2) }
    ])
  })

  test('what has no file says so; keys behind the one that ends it reach nothing', () => {
    const none = play(start, ...press('ctrl-s', 'up', 'up'), ...typed('s'))
    expect([none.effects, none.state.notices.at(-1)]).toEqual([[], 'it holds no image and no sound'])
    const fast = play(start, ...press('ctrl-s'), ...typed('qhello'))
    expect([fast.effects, fast.state.editor.text]).toEqual([[], ''])
  })

  test('beyond what is in memory more is read, once', () => {
    const part = play(start, { type: 'opened', chat: withBob, messages, complete: false }).state
    expect(play(part, ...press('ctrl-s', 'home', 'up', 'up')).effects).toEqual([{ type: 'older' }])
  })

  test('a hit that was gone to is highlighted and no key is taken from the line', () => {
    const found = play(start, {
      type: 'opened',
      chat: withBob,
      messages,
      complete: true,
      around: { messageId: ids[0] ?? '', hasNewer: false }
    }).state
    expect(highlighted(found)).toContain('from bob')
    const written = play(found, ...typed('red')).state
    expect([written.editor.text, written.selected]).toEqual(['red', undefined])
    expect(play(found, ...press('ctrl-s')).state.selected).toBe(ids[0])
  })
})

describe('notices', () => {
  const group: ChatJson = { kind: 'group', id: 'g' }
  const invitation = () => {
    const { group: members, ...rest } = chatFact(group)
    return {
      ...rest,
      group: { ...members, name: 'hikers', joined: false, member: true, members: members?.members ?? [] }
    }
  }
  const rings = (state: State, ...actions: Action[]) =>
    play(state, ...actions).effects.filter(({ type }) => type === 'bell')

  test('an invitation rings once and counts as unread until it is looked at; one that is known does not ring', () => {
    const invited = play(start, { type: 'chat', chat: invitation() })
    expect(invited.effects).toEqual([{ type: 'bell', title: 'hikers', text: 'you are invited to a group' }])
    expect(screen(invited.state)).toMatch(/hikers +1│/)
    expect(rings(invited.state, { type: 'chat', chat: invitation() })).toEqual([])
    const seen = play(invited.state, { type: 'opened', chat: group, messages: [], complete: true }).state
    const later = play(
      seen,
      { type: 'chat', chat: invitation() },
      { type: 'opened', chat: withBob, messages, complete: true }
    )
    expect(screen(later.state)).toMatch(/hikers +│/)
    expect(rings(start, { type: 'chat', chat: invitation(), known: true })).toEqual([])
  })

  test('a muted chat counts and does not ring; the notice says where and never what', () => {
    const elsewhere = play(
      start,
      { type: 'chat', chat: chatFact(withBob, 1) },
      { type: 'opened', chat: group, messages: [], complete: true }
    )
    const arrive: Action = { type: 'message', message: messageFact({ text: 'a secret', clock: 0x55555555 }) }
    expect(rings(elsewhere.state, arrive)).toEqual([{ type: 'bell', title: 'Bob Builder', text: 'a new message' }])
    const muted: Action = { type: 'chat', chat: { ...chatFact(withBob, 2), muted: true } }
    expect(rings(elsewhere.state, muted, arrive)).toEqual([])
    expect(screen(play(elsewhere.state, muted).state)).toMatch(/Bob Builder +2│/)
  })
})
