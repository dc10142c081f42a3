import { expect, test } from 'vitest'
import {
  decodePayload,
  decodeWrapper,
  describeText,
  type GroupEvent,
  mergeGroup,
  openEvents,
  systemMessages
} from '../../src/index.ts'
import { membershipUpdateMessage } from '../../src/payloads/membership-update.ts'
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

test('the measure notices work that grows with the square', () => {
  const square = (size: number) => () => {
    let sum = 0
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) sum += i ^ j
    return sum
  }
  expect(growsLinearly(square, 1500, 2)).toBe(false)
})
