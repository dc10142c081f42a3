import type { GroupEvent } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { describeText } from '../../src/index.ts'
import { membershipUpdateMessage } from '../../src/payloads/membership-update.ts'
import { mergeGroup, openEvents, systemMessages } from '../../src/rules.ts'
import { decodePayload, decodeWrapper } from '../../src/wire.ts'
import { alice } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { growsLinearly } from '../support/growth.ts'
import { valid, wrapped } from '../support/payloads.ts'

const created = event.created(alice, 0)
const renamed = event.renamed(alice, 1, 'x')
/** Events that look signed: telling them apart costs what it costs, verifying them is left out. */
const renames = (count: number): GroupEvent[] =>
  Array.from({ length: count }, (_, i) => {
    const bytes = Uint8Array.from(renamed.bytes)
    new DataView(bytes.buffer).setUint32(0, i)
    return { ...renamed, bytes, clock: renamed.clock + i, name: `${i}` }
  })

const works: readonly [string, number, (size: number) => () => unknown][] = [
  [
    'a wrapper',
    100_000,
    size => {
      const bytes = wrapped('chat-message', { ...valid['chat-message'], text: 'a'.repeat(size) })
      return () => decodeWrapper(bytes)
    }
  ],
  [
    'a membership update',
    400,
    size => {
      const bytes = membershipUpdateMessage.encode({ chatId: groupId, events: new Array(size).fill(renamed.bytes) })
      return () => decodePayload(3, bytes)
    }
  ],
  [
    'the signatures of events',
    20,
    size => {
      const events = Array.from({ length: size }, () => renamed.bytes)
      return () => openEvents(groupId, events)
    }
  ],
  [
    'a merge',
    400,
    size => {
      const events = [created, ...renames(size)]
      return () => mergeGroup(groupId, events.slice(0, size / 2), events)
    }
  ],
  [
    'a merge of events with one clock, each of another author',
    400,
    size => {
      const events = renames(size).map((each, i) => ({ ...each, clock: renamed.clock, author: `${each.author}${i}` }))
      return () => mergeGroup(groupId, [created], events)
    }
  ],
  [
    "a merge of one author's events with one clock, told in an order of theirs",
    400,
    size => {
      const events = renames(size).map((each, i) => ({ ...each, clock: renamed.clock, place: size - i }))
      return () => mergeGroup(groupId, [created, ...events.slice(0, size / 2)], events)
    }
  ],
  [
    'system messages',
    400,
    size => {
      const events = renames(size)
      return () => systemMessages(events)
    }
  ],
  [
    'the shape of a text',
    1000,
    size => {
      const text = '🚀@0x04#tag '.repeat(size / 10)
      return () => describeText(text)
    }
  ]
]

test.each(works)('the time of %s grows in proportion to its size', (_, size, run) => {
  expect(growsLinearly(run, size)).toBe(true)
})

test('the measure notices work that grows with the cube, however busy the machine is', () => {
  const cube = (size: number) => () => {
    let sum = 0
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) for (let k = 0; k < size; k++) sum += i ^ j ^ k
    return sum
  }
  expect(growsLinearly(cube, 120, 1)).toBe(false)
})
