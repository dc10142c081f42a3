import { expect, test } from 'vitest'
import { groupReader } from '../support/group-history.ts'

test('a group message verifies no signature of the history that it carries again', async () => {
  const { id, core, groups, failures, say, read, verified } = await groupReader(200)
  expect(verified()).toBe(200)
  for (const text of ['one', 'two', 'three']) await read(say(text))
  expect(verified()).toBe(0)
  const shown = await core.messages.page({ kind: 'group', id }, undefined, 3)
  expect(shown.map(message => message.text)).toEqual(['three', 'two', 'one'])
  const before = await groups.events(id)
  await read(say('', [{ kind: 'name-changed', name: 'renamed' }]))
  expect(verified()).toBe(1)
  // Nor is what was opened once opened again when one event more is stored.
  const after = await groups.events(id)
  expect(after).toHaveLength(201)
  expect(before.every(event => after.includes(event))).toBe(true)
  expect(groups.info(id)?.name).toBe('renamed')
  expect(failures).toEqual([])
})
