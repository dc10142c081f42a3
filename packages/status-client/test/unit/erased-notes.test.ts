import { bytesToHex } from '@status-stack/crypto'
import type { Accepted } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { accepted, inside, openRoom, somebody } from '../support/core.ts'

const author = somebody()
const chat = { kind: 'public', id: 'room' } as const
const room = { kind: 'public', name: 'room' } as const
const say = (text: string) => accepted(author, { kind: 'text', text }, chat)
const idOf = ({ messageId }: Accepted) => `0x${bytesToHex(messageId)}`
const edit = (of: Accepted, text: string, by = author) =>
  accepted(by, { kind: 'edit', messageId: idOf(of), text }, chat)
const remove = (of: Accepted, by = author) => accepted(by, { kind: 'delete', messageId: idOf(of) }, chat)
const react = (of: Accepted, by = somebody()) =>
  accepted(by, { kind: 'reaction', messageId: idOf(of), emoji: 'love' }, chat)

async function inRoom() {
  const world = await inside()
  const { core } = world
  await openRoom(core, room)
  const stored = async (prefix: string): Promise<readonly unknown[]> => {
    const found: unknown[] = []
    for await (const { value } of core.store.range({ gte: prefix, lt: `${prefix}~` })) found.push(value)
    return found
  }
  return {
    ...world,
    takeAll: async (...all: readonly Accepted[]) => {
      for (const one of all) expect(await world.take(one)).toBe('applied')
    },
    /** Everything that is kept of messages, as one text. */
    kept: async () => JSON.stringify([await stored('message!'), await stored('note!')]),
    waiting: async () => (await stored('early!')).length
  }
}

test('an edit that came before its message goes with what its author deletes', async () => {
  const { takeAll, kept, core } = await inRoom()
  const message = say('first words')
  await takeAll(edit(message, 'secret words'), message)
  expect((await core.messages.record(idOf(message)))?.text).toBe('secret words')
  await takeAll(remove(message))
  expect(await kept()).not.toContain('secret')
})

test('when edit and deletion both came before, nothing of either text stays, and nothing waits', async () => {
  const { takeAll, kept, waiting, core } = await inRoom()
  const message = say('first secret')
  await takeAll(remove(message), edit(message, 'second secret'), react(message), message)
  expect(await core.messages.record(idOf(message))).toMatchObject({ deleted: true, text: '' })
  expect(await kept()).not.toContain('secret')
  expect(await waiting()).toBe(0)
})

test('what others claimed about a message is dropped when it comes', async () => {
  const { takeAll, kept, core } = await inRoom()
  const message = say('my words')
  const mallory = somebody()
  await takeAll(edit(message, 'forged words', mallory), remove(message, mallory), message)
  expect(await core.messages.record(idOf(message))).toMatchObject({ text: 'my words', deleted: false })
  expect(await kept()).not.toContain('forged')
})

test('an edit and a deletion find their message in the same batch', async () => {
  const { apply, core } = await inRoom()
  const how = { shown: 'public', source: 'live', old: false } as const
  const [edited, removed] = [say('wrong'), say('gone')]
  const unit = core.store.unit()
  for (const one of [edit(edited, 'right'), remove(removed), edited, removed])
    expect(await apply.apply(unit, one, how)).toEqual({ kind: 'applied' })
  await unit.commit()
  expect((await core.messages.record(idOf(edited)))?.text).toBe('right')
  expect((await core.messages.record(idOf(removed)))?.deleted).toBe(true)
})

test('nothing is noted about a message that was here and is gone', async () => {
  const { takeAll, take, kept, core } = await inRoom()
  const message = say('old')
  await takeAll(message)
  const unit = core.store.unit()
  await core.messages.purge(unit, room, { limit: 10, nowMs: core.clock.nowMs(), by: 'retention' })
  await unit.commit()
  const late = 1_599_999_950_000
  for (const note of [edit(message, 'secret words'), react(message), remove(message)])
    expect(await take({ ...note, clock: late })).toBe('duplicate')
  expect(await kept()).toBe('[[],[]]')
})
