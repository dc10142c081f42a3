import type { Accepted, GroupEvent, ReceiveContext, Refused } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { type ApplyResult, applied, duplicate, refusedBy } from '../../src/receiving/apply-result.ts'
import { type BodyContext, createJudge, type ReadBody } from '../../src/receiving/judge-body.ts'
import { createReceiveBodies } from '../../src/receiving/receive-bodies.ts'
import { accepted, inside, somebody } from '../support/core.ts'
import { liveOf } from '../support/inbound.ts'

const author = somebody()
const idOf = (index: number): Uint8Array => new Uint8Array(32).fill(index)
const rate = refusedBy({ reason: 'author-rate', final: false })
const bad = refusedBy({ reason: 'bad', final: true })
const later = refusedBy({ reason: 'later', final: false })

const how = (fields: Partial<BodyContext> = {}): BodyContext => ({
  delivery: liveOf('alice', new Uint8Array()),
  author,
  shown: 'static-key',
  device: undefined,
  synced: true,
  ...fields
})

/** Bodies whose first byte is their number, each judged as the test says. */
async function receiving(outcomes: readonly ApplyResult[], decodedAs: (index: number) => Accepted | Refused) {
  const { core, apply, forward } = await inside()
  const log: unknown[] = []
  const judged: ReadBody[] = []
  const contexts: ReceiveContext[] = []
  const seen: (readonly GroupEvent[])[] = []
  const receive = createReceiveBodies(core, {
    apply: { ...apply, settled: async () => void log.push('settled') },
    sampleClock: () => {},
    decode: async (bytes, context) => {
      contexts.push(context)
      seen.push(context.knownEvents?.('g') ?? [])
      forward(3)
      return decodedAs(bytes[0] ?? 0)
    },
    groupEvents: id => (id === 'g' ? [{ name: 'opened' } as unknown as GroupEvent] : []),
    refuse: ({ reason, final, layer, expected }, by) => log.push(['refused', layer, reason, final, expected, by]),
    observe: () => async (_unit, body) => {
      judged.push(body)
      return outcomes[judged.length - 1] ?? applied
    }
  })
  const bodies = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: idOf(index), body: Uint8Array.of(index) }))
  const last = (_unit: unknown, waiting: boolean): void => void log.push(['last', waiting])
  return { core, receive, bodies, last, log, judged, contexts, seen }
}

const message = () => accepted(author, { kind: 'text', text: 'hello' }, { kind: 'public', id: 'room' })

test('what is handled for good is accepted in sync, what has to wait is not', async () => {
  const { receive, bodies, last, log } = await receiving([applied, duplicate, bad, later, applied], message)
  const all = [...bodies(5), { body: Uint8Array.of(9) }]
  expect(await receive(all, how(), last)).toEqual({ accepted: [0, 1, 2, 4].map(idOf), waiting: true })
  expect(log).toEqual([
    ['refused', 'data', 'bad', true, false, author],
    ['refused', 'data', 'later', false, false, author],
    ['last', true],
    'settled'
  ])
})

test('once an author is over the rate nothing more of the delivery is judged, and all of it waits', async () => {
  const { receive, bodies, last, log, judged } = await receiving([applied, rate], message)
  const count = 3 * limits.bodiesPerBatch
  expect(await receive(bodies(count), how(), last)).toEqual({ accepted: [idOf(0)], waiting: true })
  expect(judged).toHaveLength(2)
  expect(log).toEqual([['refused', 'quota', 'author-rate', false, false, author], ['last', true], 'settled'])
})

test.each([
  [1, 1],
  [limits.bodiesPerBatch, 1],
  [limits.bodiesPerBatch + 1, 2],
  [2 * limits.bodiesPerBatch, 2]
])('%i messages are %i batches, with what belongs to the last one in that alone', async (count, batches) => {
  const { receive, bodies, last, log, judged } = await receiving([], message)
  expect((await receive(bodies(count), how(), last)).waiting).toBe(false)
  expect(judged.map(({ id }) => id?.[0])).toEqual(bodies(count).map(({ id }) => id[0]))
  expect(log.filter(entry => entry === 'settled')).toHaveLength(batches)
  expect(log.slice(-2)).toEqual([['last', false], 'settled'])
  expect(log).toHaveLength(batches + 1)
})

test('a message is read with what is known of its delivery, and it is told how long that took', async () => {
  const { core, receive, bodies, last, judged, contexts } = await receiving([], message)
  const startMs = core.clock.nowMs()
  const context = how()
  await receive(bodies(1), context, last)
  expect(contexts).toMatchObject([
    {
      transportAuthor: author,
      sentMs: context.delivery.sentSeconds * 1000,
      nowMs: startMs,
      arrival: context.delivery.arrival,
      self: core.self
    }
  ])
  expect(judged).toMatchObject([{ id: idOf(0), bytes: 1, startMs, decodeMs: 3, decoded: { kind: 'accepted' } }])
})

test('events that one message of a payload carries are verified once: the next is read with them', async () => {
  const event = { name: 'new', place: 1 } as unknown as GroupEvent
  const { receive, bodies, last, seen } = await receiving([], index =>
    index === 1
      ? { kind: 'refused', reason: 'wrapper-malformed', final: true }
      : { ...message(), effects: [{ kind: 'group-events', chatId: 'g', events: [event] }] }
  )
  await receive(bodies(3), how(), last)
  expect(seen.map(events => events.map(({ name }) => name))).toEqual([['opened'], ['opened', 'new'], ['opened', 'new']])
})

/** A judge over a store that answers `outcome`. */
async function judging(outcome: ApplyResult = applied, mayStillSpend = true) {
  const { core, apply } = await inside()
  const applyings: object[] = []
  const samples: unknown[] = []
  const spent: Uint8Array[] = []
  const judge = createJudge(core, {
    apply: {
      ...apply,
      apply: async (_unit, _message, circumstances) => {
        applyings.push(circumstances)
        return outcome
      },
      spend: by => {
        spent.push(by)
        return mayStillSpend
      }
    },
    sampleClock: (by, timestampMs) => samples.push([by, timestampMs])
  })
  const nowMs = core.clock.nowMs()
  const read = (decoded: Accepted | Refused): ReadBody => ({
    id: undefined,
    bytes: 1,
    decoded,
    startMs: nowMs,
    decodeMs: 0
  })
  const take = (decoded: Accepted | Refused, context: BodyContext) => judge(core.store.unit(), read(decoded), context)
  return { core, take, applyings, samples, spent, nowMs }
}

const archived = how({ synced: false, delivery: { ...liveOf('alice', new Uint8Array()), source: { mailserver: 'x' } } })
const live = how({ synced: false })

test('what came live or through sync counts against its author, what we asked an archive for does not', async () => {
  const { take, applyings } = await judging()
  const counted = async (context: BodyContext) => {
    await take(message(), context)
    return applyings.at(-1)
  }
  expect(await counted(live)).toMatchObject({ counted: true, source: 'live', shown: 'static-key', device: undefined })
  expect(await counted(archived)).toMatchObject({ counted: false, source: { mailserver: 'x' } })
  expect(await counted({ ...archived, synced: true, device: 'phone' })).toMatchObject({
    counted: true,
    device: 'phone'
  })
})

test('bytes that their sender alone can have made are charged, and are over the rate when nothing is left', async () => {
  const malformed: Refused = { kind: 'refused', reason: 'wrapper-malformed', final: true }
  const forged: Refused = { kind: 'refused', reason: 'stale', final: true, expected: true }
  const rich = await judging()
  expect(await rich.take(malformed, live)).toMatchObject({ reason: 'wrapper-malformed', final: true, layer: 'data' })
  expect(rich.spent).toEqual([author])
  expect(await rich.take(forged, live)).toMatchObject({ reason: 'stale', expected: true })
  await rich.take(malformed, archived)
  expect(rich.spent).toHaveLength(1)
  const poor = await judging(applied, false)
  for (const reason of ['wrapper-malformed', 'wrapper-signature', 'wrapper-too-large'] as const)
    expect(await poor.take({ ...malformed, reason }, live)).toMatchObject({ reason: 'author-rate', final: false })
  expect(await poor.take(malformed, archived)).toMatchObject({ reason: 'wrapper-malformed', final: true })
})

test('a live message is old by what its author signed and by when it came; one of an archive only if it says so', async () => {
  const { core, take, applyings, nowMs } = await judging()
  const isOld = async (fields: Partial<Accepted>, context: BodyContext) => {
    await take({ ...message(), ...fields }, context)
    return (applyings.at(-1) as { readonly old: boolean }).old
  }
  const edge = nowMs - core.data.limits.oldAfterMs
  expect(await isOld({ clock: edge }, live)).toBe(false)
  expect(await isOld({ clock: edge - 1 }, live)).toBe(true)
  expect(await isOld({ clock: edge - 1 }, archived)).toBe(false)
  expect(await isOld({ clock: 0 }, live)).toBe(false)
  expect(await isOld({ clock: nowMs, old: true }, archived)).toBe(true)
})

test('our clock is compared with what says something about the time, was stored and came live and forward secret', async () => {
  const secret = { ...live, shown: 'forward-secret' } as const
  const { take, samples } = await judging()
  await take(message(), secret)
  expect(samples).toEqual([[author, message().timestamp]])
  await take(message(), live)
  await take(message(), { ...archived, shown: 'forward-secret' })
  await take({ ...message(), content: { kind: 'delete', messageId: '0x' } }, secret)
  const copies = await judging(duplicate)
  await copies.take(message(), secret)
  expect([samples.length, copies.samples]).toEqual([1, []])
})
