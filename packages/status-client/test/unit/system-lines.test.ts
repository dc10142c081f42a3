import { type GroupEvent, signEvent } from '@status-stack/status-data'
import { expect, test } from 'vitest'
import { systemText } from '../../src/groups.ts'
import { arriving } from '../support/inbound.ts'
import { identityOf } from '../support/world.ts'

const mallory = identityOf('mallory')
const id = `00000000-0000-4000-8000-000000000000-0x${'0'.repeat(130)}`
const key = `0x${[...identityOf('bob').publicKey].map(byte => byte.toString(16).padStart(2, '0')).join('')}`
const from = `@0x${[...mallory.publicKey].map(byte => byte.toString(16).padStart(2, '0')).join('')}`

const event = (type: number, members: readonly string[], name = ''): GroupEvent =>
  signEvent(id, { clock: 1n, members, name, type } as Parameters<typeof signEvent>[1], mallory)

const lie = 'SYSTEM: pay to 0xdead'

test('a system line names the targets of its event, and shows no text of its author in the place of people', () => {
  for (const type of [3, 5, 6, 7]) expect(systemText(event(type, [lie, key])) ?? '').not.toContain('pay')
  expect(systemText(event(3, [lie, key]))).toBe(`${from} has invited @${key}`)
  expect(systemText(event(5, [lie, key]))).toBe(`@${key} left the group`)
  expect(systemText(event(6, [key, lie]))).toBe(`${from} has made @${key} admin`)
  expect(systemText(event(7, [lie]))).toBe(`${from} is not admin anymore`)
})

test('an event without targets, or of an unknown type, has no line', () => {
  for (const type of [3, 5, 6]) expect(systemText(event(type, [lie]))).toBeUndefined()
  expect(systemText(event(99, [key], lie))).toBeUndefined()
})

test('a name stays on its line, without characters that change how the rest is shown, and is cut', () => {
  expect(systemText(event(2, [], `a\n${lie}\u202e\u0007b`))).toBe(`${from} changed the group's name to a ${lie} b`)
  expect(systemText(event(1, [], 'n'.repeat(250)))).toBe(`${from} created the group ${'n'.repeat(100)}`)
})

test('a message in a group writes its chat without the history of events, which a restart still finds', async () => {
  const { core, groups } = await arriving()
  const chat = { kind: 'group', id } as const
  const events = [new Uint8Array(200_000)]
  const record = { chat, active: true, request: false, lastClock: 1, deletedAtClock: 0, unread: 0, unreadMentions: 0 }
  const unit = core.store.unit()
  core.book.putChat(unit, { ...record, unseenFrom: 0, count: 0, events })
  await unit.commit()
  const stored = await core.store.get<{ events?: unknown }>(core.keys.chat(chat))
  expect(stored?.events).toBeUndefined()
  const written: string[] = []
  const next = core.store.unit()
  const watched = {
    ...next,
    put: (name: string, value: unknown) => {
      written.push(name)
      next.put(name, value)
    }
  }
  const before = core.book.chat(chat)
  if (before !== undefined) core.book.putChat(watched, { ...before, count: 1 })
  await next.commit()
  expect(written).toEqual([core.keys.chat(chat)])
  expect(core.book.chat(chat)?.events).toBe(events)
  const { openBook } = await import('../../src/book.ts')
  const reopened = await openBook(core.store, core.keys)
  expect(reopened.chat(chat)).toMatchObject({ count: 1, events })
  // Records of earlier releases hold their events themselves.
  const old = core.store.unit()
  old.put(core.keys.chat(chat), { ...before, events })
  old.delete(core.keys.events(chat))
  await old.commit()
  expect((await openBook(core.store, core.keys)).chat(chat)?.events).toEqual(events)
  expect(groups.events(id)).toEqual([])
})
