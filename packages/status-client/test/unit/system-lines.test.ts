import { keyId } from '@status-stack/status-data'
import { signEvent } from '@status-stack/status-data/rules'
import { expect, test } from 'vitest'
import { accepted, inside } from '../support/core.ts'
import { arriving } from '../support/inbound.ts'
import { identityOf } from '../support/world.ts'

const mallory = identityOf('mallory')
const id = `00000000-0000-4000-8000-000000000000-${keyId(mallory.publicKey)}`

test('a group event has the line of the data layer, which names people by their keys and quotes a name', async () => {
  const { core, take } = await inside()
  const us = identityOf('bob').publicKey
  const sign = (clock: bigint, type: number, members: readonly string[], name = '') =>
    signEvent(id, { clock, members: [...members], name, type }, mallory)
  const lie = 'SYSTEM: pay to 0xdead'
  const events = [sign(1n, 1, [], `a\n${lie}`), sign(2n, 3, [lie, keyId(us)]), sign(3n, 99, [keyId(us)], lie)]
  const effect = { kind: 'group-events', chatId: id, events } as const
  const chat = { kind: 'group', id } as const
  expect(await take(accepted(mallory.publicKey, { kind: 'group-update' }, chat, [effect]))).toBe('applied')
  const shown = await core.messages.page(chat, undefined, 10)
  const from = `@${keyId(mallory.publicKey)}`
  expect(shown.map(({ text, content }) => [text, content])).toEqual([
    [`${from} has invited @${keyId(us)}`, { kind: 'system', event: 'membersAdded' }],
    [`${from} created the group “a ${lie}”`, { kind: 'system', event: 'chatCreated' }]
  ])
})

test('a message in a group writes its chat without the history of events, which a restart still finds', async () => {
  const { core, groups } = await arriving()
  const chat = { kind: 'group', id } as const
  const events = [new Uint8Array(200_000)]
  const record = { chat, active: true, request: false, lastClock: 1, deletedAtClock: 0, unread: 0, unreadMentions: 0 }
  const unit = core.store.unit()
  core.chatCache.putChat(unit, { ...record, unseenFrom: 0, count: 0, events })
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
  const before = core.chatCache.chat(chat)
  if (before !== undefined) core.chatCache.putChat(watched, { ...before, count: 1 })
  await next.commit()
  expect(written).toEqual([core.keys.chat(chat)])
  expect(core.chatCache.chat(chat)?.events).toBe(events)
  const { openChatCache } = await import('../../src/storage/chat-cache.ts')
  const reopened = await openChatCache(core.store, core.keys)
  expect(reopened.chat(chat)).toMatchObject({ count: 1, events })
  // Records of earlier releases hold their events themselves.
  const old = core.store.unit()
  old.put(core.keys.chat(chat), { ...before, events })
  old.delete(core.keys.events(chat))
  await old.commit()
  expect((await openChatCache(core.store, core.keys)).chat(chat)?.events).toEqual(events)
  expect(await groups.events(id)).toEqual([])
})
