import { expect, test } from 'vitest'
import { createDeliveryQueue } from '../../src/filters/delivery-queue.ts'
import type { HistoryProgress, HistoryQuery } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { createOpenRanges } from '../../src/mailserver/open-ranges.ts'
import { collect, key, node, peerIdOf, place, time } from '../support.ts'
import { archived, cursorOf, type HandServer, handServer } from '../support-server.ts'

const server = peerIdOf('server')
const nodeKey = key(0x55)
const range = { interests: [place().interest], fromSeconds: 1000, toSeconds: 2000, signer: nodeKey }
const query: HistoryQuery = { ...range, limit: 2 }

async function started(options = {}) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  await whisper.start()
  const hand = await handServer(whisper, clock)
  return { clock, whisper, hand }
}

/** Answers every request with what `answer` says, for ever. */
function serveForEver(
  hand: HandServer,
  answer: (page: number) => { readonly envelopes: readonly Uint8Array[]; readonly cursor?: Uint8Array }
): () => number {
  let page = 0
  void (async () => {
    for (;;) {
      const request = (await hand.requests())[page]
      if (request === undefined) continue
      const { envelopes, cursor } = answer(page)
      page += 1
      try {
        if (envelopes.length > 0) await hand.push(...envelopes)
        await hand.complete(request.id, cursor)
      } catch {
        return
      }
    }
  })()
  return () => page
}

const one = archived(1)
const stalling: readonly (readonly [
  string,
  (page: number) => { envelopes: readonly Uint8Array[]; cursor: Uint8Array }
])[] = [
  ['cursors and nothing else', page => ({ envelopes: [], cursor: cursorOf(page) })],
  ['the same envelope again and again', page => ({ envelopes: [one], cursor: cursorOf(page) })],
  ['the same cursor', page => ({ envelopes: [archived(page)], cursor: cursorOf(0) })],
  ['two cursors in turns', page => ({ envelopes: [archived(page)], cursor: cursorOf(page % 2) })],
  ['envelopes outside the range', page => ({ envelopes: [archived(2000 + page)], cursor: cursorOf(page) })],
  [
    'envelopes that were not asked for',
    page => ({ envelopes: [archived(page, { topic: Uint8Array.of(200, 100, 50, 0) })], cursor: cursorOf(page) })
  ]
]

for (const [name, answer] of stalling) {
  test(`a server that sends ${name} is left for the next one`, async () => {
    const { clock, whisper, hand } = await started()
    const next = await handServer(whisper, clock, 'next')
    const pages = serveForEver(hand, answer)
    next.serve([[archived(500)]])
    const seen: HistoryProgress[] = []
    for await (const progress of whisper.mailserver.range([server, peerIdOf('next')], range)) seen.push(progress)
    expect(seen.at(-1)).toMatchObject({ server: peerIdOf('next') })
    expect(seen.at(-1)?.resume).toBeUndefined()
    expect(pages()).toBeLessThanOrEqual(3)
    await whisper.stop()
  })
}

test('a page without progress fails with a code of its own, and its last page does not', async () => {
  const { whisper, hand } = await started()
  const ask = async (cursor: Uint8Array | undefined, answer: Uint8Array | undefined, ...envelopes: Uint8Array[]) => {
    const before = (await hand.requests()).length
    const asking = whisper.history(server, { ...query, ...(cursor === undefined ? {} : { cursor }) }).then(
      page => page.deliveries.length,
      error => [error.code, error.origin]
    )
    const request = (await hand.requests())[before]
    if (envelopes.length > 0) await hand.push(...envelopes)
    await hand.complete(request?.id ?? new Uint8Array(0), answer)
    return asking
  }
  expect(await ask(undefined, cursorOf(0))).toEqual(['response-without-progress', 'peer'])
  expect(await ask(undefined, undefined)).toBe(0)
  expect(await ask(undefined, cursorOf(0), one)).toBe(1)
  // A page that is asked for again, from an earlier place, begins a range of its own.
  expect(await ask(cursorOf(5), cursorOf(0), one)).toBe(1)
  expect(await ask(cursorOf(0), cursorOf(1), one)).toEqual(['response-without-progress', 'peer'])
  expect(await ask(cursorOf(0), cursorOf(1), archived(2))).toBe(1)
  expect(await ask(cursorOf(1), undefined)).toBe(0)
  await whisper.stop()
})

test('a page that failed can be asked for again: what it brought counts for nothing', async () => {
  const { whisper, hand, clock } = await started({ requestTimeoutMs: 1000 })
  const first = whisper.history(server, query).catch(error => error.code)
  await hand.requests()
  await hand.push(one)
  await clock.advance(1000)
  expect(await first).toBe('request-timeout')
  const again = whisper.history(server, query)
  const request = (await hand.requests())[1]
  await hand.push(one)
  await hand.complete(request?.id ?? new Uint8Array(0), cursorOf(0))
  expect((await again).deliveries).toHaveLength(1)
  await whisper.stop()
})

test('pages with a cursor and few envelopes are bounded, full ones are not', () => {
  const clock = time()
  const pages = (count: number, size: number): number => {
    const ranges = createOpenRanges(clock.clock)
    let cursor: Uint8Array | undefined
    for (let page = 0; page < count; page++) {
      const envelopes = new Set(Array.from({ length: size }, (_, i) => `${page}/${i}`))
      const next = Uint8Array.of(page & 255, page >> 8)
      try {
        ranges
          .of('range', { ...query, ...(cursor === undefined ? {} : { cursor }) })
          .advance({ envelopes, limit: 10, cursor: next })
      } catch {
        return page
      }
      cursor = next
    }
    return count
  }
  expect(pages(1000, 4)).toBe(limits.thinPages)
  expect(pages(1000, 5)).toBe(1000)
})

test('what is remembered of ranges is bounded, and forgotten after a while', async () => {
  const { clock } = time()
  let nowMs = clock.nowMs()
  const ranges = createOpenRanges({ nowMs: () => nowMs })
  const advance = (id: string, cursor: Uint8Array | undefined, envelope: string, next: Uint8Array): boolean => {
    try {
      ranges
        .of(id, { ...query, ...(cursor === undefined ? {} : { cursor }) })
        .advance({ envelopes: new Set([envelope]), limit: 1, cursor: next })
      return true
    } catch {
      return false
    }
  }
  expect(advance('a', undefined, 'one', cursorOf(1))).toBe(true)
  expect(advance('a', cursorOf(1), 'one', cursorOf(2))).toBe(false)
  nowMs += limits.rangeIdleMs + 1
  expect(advance('a', cursorOf(1), 'one', cursorOf(2))).toBe(true)
  for (let i = 0; i < limits.openRanges; i++) advance(`other ${i}`, undefined, 'one', cursorOf(1))
  expect(advance('a', cursorOf(2), 'one', cursorOf(2))).toBe(true)
})

test('live messages of an open range come after 30 s at the latest, whatever its server does', async () => {
  const { clock, whisper, hand } = await started({ historyHoldMs: 10_000, requestTimeoutMs: 60_000 })
  const live = collect(whisper.subscribe(place().interest))
  let page = 0
  let cursor: Uint8Array | undefined
  const times: number[] = []
  // Pages with progress, nine seconds each, one behind the other: the range never ends.
  for (let seconds = 0; seconds < 90; seconds += 9) {
    const asking = whisper.history(server, { ...query, limit: 1, ...(cursor === undefined ? {} : { cursor }) })
    const request = (await hand.requests())[page]
    await whisper.post({ route: place().route, payload: Uint8Array.of(page), ttlSeconds: 1000 })
    for (let second = 0; second < 9; second++) {
      await clock.advance(1000)
      while (times.length < live.length) times.push(seconds + second + 1)
    }
    await hand.push(archived(page))
    await hand.complete(request?.id ?? new Uint8Array(0), cursorOf(page))
    cursor = (await asking).cursor
    page += 1
  }
  expect(live.map(({ payload }) => payload[0])).toEqual(Array.from({ length: 10 }, (_, i) => i))
  // Posted at 0, 9, 18 and 27 s, delivered when the time for holding was used up; the later ones at once.
  expect(times.slice(0, 4)).toEqual([30, 30, 30, 30])
  expect(times.slice(4)).toEqual([37, 46, 55, 64, 73, 82])
  await whisper.stop()
})

test('holds of many ranges share one time, which comes back slowly', () => {
  const virtual = time()
  let nowMs = 0
  const timers: { at: number; run: () => void }[] = []
  const queue = createDeliveryQueue<number>({
    max: 10,
    clock: { nowMs: () => nowMs },
    scheduler: {
      after: (ms, run) => {
        const timer = { at: nowMs + ms, run }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      }
    },
    onDropped: () => undefined,
    onRoom: () => undefined,
    onReturn: () => undefined
  })
  const got: number[] = []
  void (async () => {
    for await (const item of queue.reader) got.push(item)
  })()
  const pass = (ms: number): void => {
    nowMs += ms
    for (const timer of [...timers]) {
      if (timer.at > nowMs) continue
      timers.splice(timers.indexOf(timer), 1)
      timer.run()
    }
  }
  queue.hold()
  pass(limits.holdMs)
  queue.release()
  // Used up: a hold at once holds nothing.
  queue.hold()
  queue.push(1)
  queue.release()
  pass(100_000)
  // A tenth of 100 s is back.
  queue.hold()
  queue.push(2)
  expect(timers.map(({ at }) => at - nowMs)).toEqual([10_000])
  pass(10_000)
  expect(timers).toEqual([])
  queue.close()
  expect(virtual.pendingTimers()).toBe(0)
})

/** A cursor as servers make it: it begins with the second of the envelope at which they stand. */
function standingAt(seconds: number): Uint8Array {
  const cursor = cursorOf(seconds % 200)
  new DataView(cursor.buffer).setUint32(0, seconds)
  return cursor
}

const remainders = [
  ['of a server that pages oldest first', [1, 2], standingAt(1002), { fromSeconds: 1002, toSeconds: 2000 }],
  ['of one that pages newest first', [9, 8], standingAt(1008), { fromSeconds: 1000, toSeconds: 1008 }],
  ['of a page within one second', [5, 5], standingAt(1005), undefined],
  ['of a cursor that stands at no end of its page', [1, 2], standingAt(1500), undefined],
  ['of a cursor of another length', [1, 2], standingAt(1002).subarray(0, 35), undefined]
] as const

test.each(remainders)('what remains of a range: %s', async (_, numbers, cursor, remaining) => {
  const { whisper, hand } = await started()
  const asking = whisper.history(server, query)
  const [got] = await hand.requests()
  await hand.push(...numbers.map(number => archived(number)))
  await hand.complete(got?.id ?? new Uint8Array(0), cursor)
  expect((await asking).remaining).toEqual(remaining)
  await whisper.stop()
})

test('the server behind one that was lost is asked for what remains, without its cursor', async () => {
  const { clock, whisper, hand } = await started()
  const next = await handServer(whisper, clock, 'next')
  const reading = (async () => {
    const seen: HistoryProgress[] = []
    for await (const progress of whisper.mailserver.range([server, peerIdOf('next')], range)) seen.push(progress)
    return seen
  })()
  const [first] = await hand.requests()
  const eight = archived(8)
  await hand.push(archived(9), eight)
  await hand.complete(first?.id ?? new Uint8Array(0), standingAt(1008))
  expect(await hand.requests()).toHaveLength(2)
  // The second page is half here when the link ends: it does not count.
  await hand.push(archived(7))
  hand.pair.cut()
  await clock.settle()
  const [asked] = await next.requests()
  expect(asked?.payload).toMatchObject({ lower: 1000, upper: 1008, cursor: new Uint8Array(0) })
  await next.push(eight, archived(7), archived(6))
  await next.complete(asked?.id ?? new Uint8Array(0))
  const seen = await reading
  expect(seen.map(({ server: by }) => by)).toEqual([server, peerIdOf('next')])
  expect(seen.flatMap(({ deliveries }) => deliveries.map(({ payload }) => payload[0]))).toEqual([9, 8, 7, 6])
  await whisper.stop()
})
