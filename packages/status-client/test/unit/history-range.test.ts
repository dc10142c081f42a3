import type { HistoryPage, Interest, ReceivedMessage } from '@status-stack/whisper'
import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { createHistory } from '../../src/listening/history.ts'
import { openRange, readRange } from '../../src/listening/history-range.ts'
import { inside } from '../support/core.ts'

const numbered = (index: number): Uint8Array =>
  Uint8Array.of(index >> 24, (index >> 16) & 255, (index >> 8) & 255, index & 255)

const delivery = (index: number, bytes = 1): ReceivedMessage =>
  ({ sentSeconds: index, hash: numbered(index), payload: new Uint8Array(bytes) }) as unknown as ReceivedMessage

const everything = { fromSeconds: 0, toSeconds: 1_000_000 }

async function read(page: (index: number) => HistoryPage, msPerPage = 0) {
  let asked = 0
  const opened: number[] = []
  const outcome = readRange(openRange(everything), {
    page: async () => page(asked++),
    deliver: async ({ sentSeconds }) => {
      opened.push(sentSeconds)
    },
    progress: () => {},
    nowMs: () => asked * msPerPage
  })
  const error = await outcome.then(() => undefined).catch((failure: unknown) => failure)
  return { asked, opened, error }
}

const endless = { code: 'history-failed', origin: 'peer' }

test('a server that hands out cursors and nothing else is given up', async () => {
  const { asked, error } = await read(index => ({ deliveries: [], cursor: numbered(index) }))
  expect(asked).toBe(limits.historyEmptyPages)
  expect(error).toMatchObject(endless)
})

test('one that repeats what it sent brings nothing new; what came is opened once', async () => {
  const page = { deliveries: [delivery(1), delivery(2)] }
  const { asked, opened, error } = await read(index => ({ ...page, cursor: numbered(index) }))
  expect(asked).toBe(limits.historyEmptyPages + 1)
  expect(opened).toEqual([1, 2])
  expect(error).toMatchObject(endless)
})

test('a cursor that stands still ends the range at once', async () => {
  const { asked, error } = await read(index => ({ deliveries: [delivery(index)], cursor: Uint8Array.of(7) }))
  expect(asked).toBe(2)
  expect(error).toMatchObject(endless)
})

test('slow pages without news are bounded in time, and empty pages before news are not', async () => {
  const slow = await read(index => ({ deliveries: [], cursor: numbered(index) }), limits.historyIdleMs / 4)
  expect(slow.asked).toBe(4)
  const patient = await read(
    index => (index === 150 ? { deliveries: [delivery(1)] } : { deliveries: [], cursor: numbered(index) }),
    limits.historyIdleMs / 1000
  )
  expect(patient).toMatchObject({ asked: 151, opened: [1], error: undefined })
})

test('pages of a range are bounded', async () => {
  const { asked, error } = await read(index => ({ deliveries: [delivery(index)], cursor: numbered(index) }))
  expect(asked).toBe(limits.historyPages)
  expect(error).toMatchObject(endless)
})

test('what is buffered is bounded in bytes: large envelopes are opened in parts', async () => {
  const size = 1024 * 1024
  const perPage = 16
  let opened = 0
  let most = 0
  let asked = 0
  await readRange(openRange(everything), {
    page: async () => {
      most = Math.max(most, asked * perPage - opened)
      const deliveries = Array.from({ length: perPage }, (_, index) => delivery(asked * perPage + index, size))
      asked += 1
      return asked < 10 ? { deliveries, cursor: numbered(asked) } : { deliveries }
    },
    deliver: async () => {
      opened += 1
    },
    progress: () => {},
    nowMs: () => 0
  })
  expect(opened).toBe(10 * perPage)
  expect(most * size).toBeLessThanOrEqual(limits.historyBufferBytes)
})

test('envelopes that are remembered to tell what is new are bounded', async () => {
  const perPage = 1000
  const pages = limits.historySeen / perPage + 1
  const { opened } = await read(index => {
    const first = index < pages ? index * perPage : 0
    const deliveries = Array.from({ length: perPage }, (_, at) => delivery(first + at))
    return index <= pages ? { deliveries, cursor: numbered(index) } : { deliveries: [] }
  })
  // The first page is forgotten after as many others, and counts as new again.
  expect(opened.filter(index => index === 0)).toHaveLength(2)
})

test('a place that opens asks the next server when the first one does not complete', async () => {
  const { core } = await inside({ mailservers: ['a'.repeat(64), 'b'.repeat(64)] })
  const asked: string[] = []
  const history = createHistory(core, {
    connected: () => true,
    interests: () => [],
    deliver: async () => true,
    page: async server => {
      asked.push(server.slice(0, 1))
      return server.startsWith('a') ? { deliveries: [], cursor: numbered(asked.length) } : { deliveries: [] }
    }
  })
  history.placeOpened('public:room', {} as Interest)
  await core.background.idle()
  expect(asked.filter(server => server === 'a')).toHaveLength(limits.historyEmptyPages)
  expect(asked.at(-1)).toBe('b')
})

test('a range noted under a wrong clock leaves no gap that is never asked for', async () => {
  const { core } = await inside({ mailservers: ['a'.repeat(64)] })
  const nowSeconds = core.clock.nowMs() / 1000
  const place = 'public:room'
  const asked: number[] = []
  const history = createHistory(core, {
    connected: () => true,
    interests: () => [{ place, interest: {} as Interest }],
    deliver: async () => true,
    page: async (_server, { fromSeconds }) => {
      asked.push(fromSeconds)
      return { deliveries: [] }
    }
  })
  const unit = core.store.unit()
  const toSeconds = nowSeconds + 20 * 365 * 86_400
  unit.put(core.keys.history(place), { place, fromSeconds: toSeconds - 10, toSeconds })
  await unit.commit()
  await history.fetch({})
  await history.fetch({})
  expect(asked[0]).toBe(nowSeconds + 1 - core.options.historySeconds)
  expect(asked[1]).toBe(nowSeconds + 1 - core.options.historyOverlapSeconds)
})

/** Envelopes of the seconds 1 … 10, two a page, as the servers of a fleet hold them; `dies` ends its link in its third page. */
function serverOf(order: 'oldest-first' | 'newest-first', dies: boolean) {
  let pages = 0
  return ({ fromSeconds, toSeconds }: { fromSeconds: number; toSeconds: number }, cursor?: Uint8Array): HistoryPage => {
    pages += 1
    if (dies && pages === 3) throw new Error('the link ended')
    const all = Array.from({ length: 10 }, (_, at) => at + 1).filter(at => at >= fromSeconds && at <= toSeconds)
    if (order === 'newest-first') all.reverse()
    const start = cursor === undefined ? 0 : all.indexOf(cursor[3] ?? 0) + 1
    const page = all.slice(start, start + 2)
    const [last = 0] = page.slice(-1)
    if (start + 2 >= all.length) return { deliveries: page.map(at => delivery(at)) }
    const remaining = order === 'oldest-first' ? { fromSeconds: last, toSeconds } : { fromSeconds, toSeconds: last }
    return { deliveries: page.map(at => delivery(at)), cursor: numbered(last), remaining }
  }
}

const orders = ['oldest-first', 'newest-first'] as const
const fleets = orders.flatMap(first => orders.map(second => [first, second] as const))

test.each(fleets)(
  'a %s server that ends in the middle of a range is left for a %s one, which is asked for what did not come',
  async (first, second) => {
    const { core } = await inside({ mailservers: ['a'.repeat(64), 'b'.repeat(64)] })
    const servers = { a: serverOf(first, true), b: serverOf(second, false) }
    const asked: [server: string, fromSeconds: number, toSeconds: number, cursor: number | undefined][] = []
    const opened: number[] = []
    const history = createHistory(core, {
      connected: () => true,
      interests: () => [{ place: 'public:room', interest: {} as Interest }],
      deliver: async ({ sentSeconds }) => {
        opened.push(sentSeconds)
        return true
      },
      page: async (server, { fromSeconds, toSeconds, cursor }) => {
        const name = server.startsWith('a') ? 'a' : 'b'
        asked.push([name, fromSeconds, toSeconds, cursor?.[3]])
        return servers[name]({ fromSeconds, toSeconds }, cursor)
      }
    })
    const result = await history.fetch({ fromSeconds: 0, toSeconds: 20 })
    expect(opened).toHaveLength(10)
    expect([...opened].sort((x, y) => x - y)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    // Four seconds came from the first; the one at the edge is asked for again and opened once.
    const left = first === 'oldest-first' ? ['b', 4, 20, undefined] : ['b', 0, 7, undefined]
    expect(asked.find(([name]) => name === 'b')).toEqual(left)
    expect(result).toEqual({ mailserver: 'b'.repeat(64), deliveries: 10, pages: 6 })
    const noted = await core.store.get(core.keys.history('public:room'))
    expect(noted).toMatchObject({ fromSeconds: 0, toSeconds: 20 })
  }
)

test('a server whose link is gone when its turn comes is passed over; without another the range fails and stays open', async () => {
  const { core } = await inside({ mailservers: ['a'.repeat(64), 'b'.repeat(64)] })
  const here = new Set(core.options.mailservers)
  const asked: string[] = []
  const history = createHistory(core, {
    connected: server => here.has(server),
    interests: () => [{ place: 'public:room', interest: {} as Interest }],
    deliver: async () => true,
    page: async server => {
      asked.push(server.slice(0, 1))
      here.clear()
      throw new Error('the link ended')
    }
  })
  await expect(history.fetch({})).rejects.toMatchObject({ code: 'history-failed', origin: 'environment' })
  expect(asked).toEqual(['a'])
  expect(await core.store.get(core.keys.history('public:room'))).toBeUndefined()
})
