import { publicKeyOf } from '@status-stack/crypto'
import type { ClientEvents, Message } from '@status-stack/status-client'
import { expect, test } from 'vitest'
import { messageFact, noticeFact, refusedFact, skewFact } from '../../src/index.ts'
import { createSkewMemory, messageView, noticeView, refusedView, skewView } from '../../src/words/index.ts'

type Skew = ClientEvents['skew']
const fact = (about: Partial<Skew>) => skewFact({ cause: 'contacts', direction: 'unknown', warning: true, ...about })

test('one line says that the clock is off, on which side, and what to do', () => {
  expect(skewView(fact({ direction: 'behind', estimateMs: 40_400 })).text).toContain('40 s behind')
  expect(skewView(fact({ direction: 'ahead', estimateMs: -61_000 })).text).toContain('61 s ahead')
  expect(skewView(fact({ direction: 'ahead' })).text).toMatch(/seems to be ahead: .*NTP/)
  expect(skewView(fact({ cause: 'envelopes' })).text).toContain('seems to be wrong')
  for (const { text } of [skewView(fact({})), skewView(fact({ warning: false }))]) expect(text).not.toContain('\n')
})

test('people are told once in each direction, and not of corrections', () => {
  const telling = createSkewMemory()
  const told = [false, true, false, false, true].map(warning => telling(fact({ warning })))
  expect(told).toEqual([false, true, true, false, true])
})

test('a notice names the chat and says what it means', () => {
  const chat = { kind: 'public', name: 'status' } as const
  const { event, text } = noticeView(noticeFact({ kind: 'clock-fallback', chat, lastClock: 250_000, clock: 100_000 }))
  expect(event).toEqual({ event: 'notice', kind: 'clock-fallback', chat, lastClock: 250_000, clock: 100_000 })
  expect(text).toMatch(/#status is 150 s ahead/)
  expect(noticeView(noticeFact({ kind: 'chat-evicted', chat })).text).toContain('#status')
})

test('what was refused says whether that was to be expected, as the client does', () => {
  const refused: ClientEvents['refused'] = { layer: 'data', reason: 'superseded', final: true, expected: true }
  expect(refusedView(refusedFact(refused)).event).toMatchObject({ expected: true })
  expect(refusedView(refusedFact({ ...refused, reason: 'replayed', expected: false })).event).toMatchObject({
    expected: false
  })
})

test('a message that was written long before it came is marked in both faces', () => {
  const message: Message = {
    messageId: `0x${'ab'.repeat(32)}`,
    chat: { kind: 'public', name: 'status' },
    author: publicKeyOf(new Uint8Array(32).fill(3)),
    outgoing: false,
    text: 'hello',
    content: { kind: 'text', style: 'plain' },
    clock: 1,
    timestampMs: 1,
    storedMs: 1,
    protection: 'public',
    source: 'live',
    seen: false,
    mentions: [],
    deleted: false,
    reactions: []
  }
  expect(messageView(messageFact(message)).event).not.toHaveProperty('old')
  const old: Message = { ...message, old: true }
  expect(messageView(messageFact(old)).event).toMatchObject({ old: true })
  expect(messageView(messageFact(old)).text).toContain('hello (old)')
})
