import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendBatch } from '../../src/batch.ts'
import { encodeMessage, encodePayload } from '../../src/index.ts'
import { answerOffer, answerRequest, appendInteractive } from '../../src/interactive.ts'
import { decodePeer, decodeRecord, encodePeer, encodeRecord } from '../../src/record.ts'
import { messageBytes, messageEntryBytes, split } from '../../src/split.ts'
import { isDue, type RecordEvent, type SyncRecord, type Timing, transition } from '../../src/state.ts'
import { bob } from '../support/node.ts'

const timing: Timing = {
  baseMs: 1000,
  ceilingMs: 8000,
  jitter: 0.1,
  unsentMs: 500,
  random: { bytes: length => new Uint8Array(length).fill(200) }
}
const id = new Uint8Array(32).fill(7)
const draft = { peer: bob, id, tracking: 't', timestamp: 5n, size: 100, nowMs: 10_000 }

const event = (nowMs: number): fc.Arbitrary<RecordEvent> =>
  fc.constantFrom<RecordEvent>(
    { kind: 'sent', atMs: nowMs },
    { kind: 'not-sent', nowMs },
    { kind: 'held' },
    { kind: 'heard', nowMs },
    { kind: 'retry', nowMs },
    { kind: 'requested', nowMs }
  )

describe('modes as pure transitions', () => {
  test('an appended message is due at once: the message itself, or its offer', () => {
    expect(appendBatch(draft)).toMatchObject({ kind: 'message', dueMs: 10_000, count: 0, held: false })
    expect(appendInteractive(draft)).toMatchObject({ kind: 'offer', dueMs: 10_000, count: 0, held: false })
  })

  test('an offer is answered once, and not for what is known', () => {
    const offer = { peer: bob, id }
    const request = answerOffer(offer, { record: undefined, known: false, nowMs: 1 })
    expect(request).toMatchObject({ kind: 'request', id, dueMs: 1 })
    expect(answerOffer(offer, { record: request, known: false, nowMs: 1 })).toBeUndefined()
    expect(answerOffer(offer, { record: undefined, known: true, nowMs: 1 })).toBeUndefined()
  })

  test('a request turns an offer into a message that is due now, and asks for nothing else', () => {
    const offer = transition(appendInteractive(draft), { kind: 'sent', atMs: 10_000 }, timing)
    expect(answerRequest(offer, 10_100, timing)).toMatchObject({ kind: 'message', dueMs: 10_100, count: 0 })
    expect(answerRequest(undefined, 1, timing)).toBeUndefined()
    const request = answerOffer({ peer: bob, id }, { record: undefined, known: false, nowMs: 1 })
    expect(answerRequest(request, 1, timing)).toBeUndefined()
  })

  test('whatever happens in whatever order, a record is due within the longest wait, unless it is held', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(appendBatch, appendInteractive),
        fc.array(
          fc.nat({ max: 20_000 }).chain(wait => event(0).map(one => ({ wait, one }))),
          { maxLength: 30 }
        ),
        (append, steps) => {
          let now = 10_000
          let record: SyncRecord = append(draft)
          for (const { wait, one } of steps) {
            now += wait
            const at = one.kind === 'sent' ? { ...one, atMs: now } : 'nowMs' in one ? { ...one, nowMs: now } : one
            const next = transition(record, at, timing)
            expect(next.attempts).toBeGreaterThanOrEqual(record.attempts)
            if (record.kind === 'message') expect(next.kind).toBe('message')
            if (one.kind === 'retry') expect(isDue(next, now, timing)).toBe(true)
            if (one.kind === 'heard') expect(next.dueMs).toBeLessThanOrEqual(record.dueMs)
            record = next
          }
          expect(isDue(record, now + 8800 + 500, timing)).toBe(!record.held)
        }
      )
    )
  })
})

describe('a peer that acknowledges nothing', () => {
  const steady: Timing = { ...timing, jitter: 0, baseMs: 30_000, ceilingMs: 3_600_000 }
  const day = 86_400_000

  /** How often a message leaves in a day, to a peer of which something is heard after each of these waits, over and over. */
  function attempts(waits: readonly number[], kind: 'heard' | 'requested'): number {
    let record = transition(appendBatch(draft), { kind: 'sent', atMs: 10_000 }, steady)
    let now = 10_000
    let nextHeardMs = now
    for (let at = 0; ; ) {
      if (nextHeardMs <= now) nextHeardMs += waits[at++ % waits.length] ?? day
      now = Math.min(record.dueMs, nextHeardMs)
      if (now > 10_000 + day) return record.attempts
      if (now === nextHeardMs) record = transition(record, { kind, nowMs: now }, steady)
      if (isDue(record, now, steady)) record = transition(record, { kind: 'sent', atMs: now }, steady)
    }
  }
  const silent = attempts([2 * day], 'heard')

  test('is sent the same message at most twice as often as one that is silent, whenever it is heard and whatever it asks for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1000, max: 4 * 3_600_000 }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom('heard' as const, 'requested' as const),
        (waits, kind) => {
          const sent = attempts(waits, kind)
          expect(sent).toBeGreaterThanOrEqual(silent)
          expect(sent).toBeLessThanOrEqual(2 * silent)
        }
      ),
      {
        examples: [
          [[30_000], 'heard'],
          [[1000], 'requested']
        ]
      }
    )
  })

  test('is still sent it at once when it is heard for the first time after hours', () => {
    const waiting = { ...appendBatch(draft), count: 12, attempts: 12, lastAttemptMs: 10_000, dueMs: 3_610_000 }
    expect(transition(waiting, { kind: 'heard', nowMs: 900_000 }, steady)).toMatchObject({ dueMs: 900_000, count: 0 })
  })
})

describe('stored values', () => {
  const record = fc.record({
    peer: fc.uint8Array({ minLength: 65, maxLength: 65 }),
    id: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    kind: fc.constantFrom('offer' as const, 'request' as const, 'message' as const),
    tracking: fc.string({ unit: 'grapheme' }),
    timestamp: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
    size: fc.nat(),
    createdMs: fc.nat({ max: 2 ** 43 }),
    count: fc.nat(),
    restarts: fc.nat(),
    attempts: fc.nat(),
    lastAttemptMs: fc.nat({ max: 2 ** 43 }),
    dueMs: fc.nat({ max: 2 ** 43 }),
    held: fc.boolean()
  })

  test('a record round-trips', () => {
    fc.assert(
      fc.property(record, value => {
        expect(decodeRecord(encodeRecord(value))).toEqual(value)
      })
    )
  })

  test('a peer round-trips', () => {
    const peer = {
      peer: bob,
      nextSlot: 3,
      usedSlots: 9,
      heardMs: 1_600_000_000_123
    }
    expect(decodePeer(encodePeer(peer))).toEqual(peer)
  })

  test.each([
    ['another version', encodeRecord({ ...appendBatch(draft) }).map((byte, at) => (at === 1 ? 2 : byte))],
    ['nothing', new Uint8Array()],
    ['no protobuf', Uint8Array.of(0xff)]
  ])('%s is refused', (_name, bytes) => {
    expect(() => decodeRecord(bytes)).toThrow(
      expect.objectContaining({ code: 'malformed-record', origin: 'environment' })
    )
    expect(() => decodePeer(bytes)).toThrow(expect.objectContaining({ code: 'malformed-record' }))
  })
})

describe('splitting', () => {
  test('keeps the order, loses nothing, and stays within the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 500 })), fc.integer({ min: 64, max: 400 }), (sizes, maxBytes) => {
        const parts = sizes.map((size, index) => ({ bytes: messageEntryBytes(size), index }))
        const { payloads, tooLarge } = split(parts, maxBytes)
        for (const payload of payloads) {
          expect(payload.length).toBeGreaterThan(0)
          expect(payload.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(maxBytes)
        }
        const placed = payloads.flat().map(({ index }) => index)
        expect(placed).toEqual([...placed].sort((a, b) => a - b))
        expect([...placed, ...tooLarge.map(({ index }) => index)].sort((a, b) => a - b)).toEqual([...sizes.keys()])
      })
    )
  })

  test('the size of an entry is exact at every length of its length', () => {
    for (const length of [0, 1, 80, 81, 127, 128, 16_300, 16_384, 2_100_000]) {
      const message = { groupId: id, timestamp: 1_600_000_000n, body: new Uint8Array(length) }
      const payload = encodePayload({ acks: [], offers: [], requests: [], messages: [message] })
      expect(messageEntryBytes(encodeMessage(message).length)).toBe(payload.length)
    }
  })

  test('the size of a message is known without making it', () => {
    const bytes = fc.nat({ max: 20_000 }).map(length => new Uint8Array(length))
    fc.assert(
      fc.property(bytes, fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), bytes, (groupId, timestamp, body) => {
        expect(messageBytes({ groupId, timestamp, body })).toBe(encodeMessage({ groupId, timestamp, body }).length)
      }),
      {
        examples: [
          [new Uint8Array(0), 0n, new Uint8Array(0)],
          [id, 1_600_000_000n, new Uint8Array(127)]
        ]
      }
    )
  })
})
