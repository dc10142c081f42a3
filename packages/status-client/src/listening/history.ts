import type { HistoryPage, ReceivedMessage } from '@status-stack/interface'
import { createMutex } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { ClientError, codeOf } from '../errors.ts'
import type { HistoryEvent } from '../events.ts'
import type { HistoryQuery, HistoryResult } from '../queries.ts'
import type { ChatRef } from '../types.ts'
import { createCoverage, type ListeningSince } from './coverage.ts'
import { type OpenRange, openRange, type Range, readRange } from './history-range.ts'

export interface HistoryPorts<Interest> {
  /** One page. */
  readonly page: (
    server: string,
    query: {
      readonly interests: readonly Interest[]
      readonly fromSeconds: number
      readonly toSeconds: number
      readonly limit: number
      readonly cursor?: Uint8Array
    },
    signal: AbortSignal | undefined
  ) => Promise<HistoryPage>
  readonly connected: (server: string) => boolean
  /** All places, or those of some chats. */
  readonly interests: (chats?: readonly ChatRef[]) => readonly Wanted<Interest>[]
  /** Handles a message to its end. False when it could not be stored: then it has to be asked for again. */
  readonly deliver: (delivery: ReceivedMessage) => Promise<boolean>
}

export interface History<Interest> {
  /** Fetches what is missing of every place, or the given range. */
  readonly fetch: (query: HistoryQuery) => Promise<HistoryResult>
  /** A mailserver is connected now: fetches what is missing, from it first. */
  readonly serverConnected: (server: string) => Promise<void>
  /** A place was opened: asks for that place only. */
  readonly placeOpened: (place: string, interest: Interest) => void
  /** Settles when a request for this place that is under way has ended. */
  readonly settled: () => Promise<void>
  /** We were listening until now, and it ends here: no gap before it, if there was none before. */
  readonly listened: () => Promise<void>
  /** Something of this place was missed, or of all: what came since it was fetched has to be asked for. */
  readonly missed: (place?: string) => void
}

/** A place where we listen, and how it is asked for. */
interface Wanted<Interest> {
  readonly place: string
  readonly interest: Interest
}

function noServer(): unknown {
  return new ClientError('history-failed', 'history: no mailserver is connected', { origin: 'environment' })
}

/** What one server has of a range that is open. */
async function download<Interest>(
  core: Core,
  ports: HistoryPorts<Interest>,
  mailserver: string,
  wanted: readonly Wanted<Interest>[],
  range: OpenRange,
  signal: AbortSignal | undefined
): Promise<void> {
  const asked = range.left
  const report = (state: HistoryEvent['state'], reason?: string): void =>
    core.emit('history', {
      mailserver,
      interests: wanted.length,
      ...range.sum,
      state,
      ...asked,
      ...(reason === undefined ? {} : { reason })
    })
  report('started')
  try {
    await readRange(range, {
      page: (span, cursor) =>
        ports.page(
          mailserver,
          {
            interests: wanted.map(({ interest }) => interest),
            ...span,
            limit: core.options.historyPageLimit,
            ...(cursor === undefined ? {} : { cursor })
          },
          signal
        ),
      deliver: async delivery => {
        range.isStored = (await ports.deliver(delivery)) && range.isStored
      },
      nowMs: core.clock.nowMs,
      progress: () => report('page')
    })
  } catch (error) {
    // What came is not thrown away; the gap stays open and is asked for again.
    report('failed', codeOf(error) ?? 'unexpected')
    throw new ClientError('history-failed', 'history: the mailserver did not complete the request', {
      origin: 'environment',
      details: { ...range.sum },
      cause: error
    })
  }
  report('done')
}

/** Places with the same gap share their requests. */
async function groupedByGap<Interest>(
  coverage: ReturnType<typeof createCoverage>,
  wanted: readonly Wanted<Interest>[],
  query: HistoryQuery,
  nowSeconds: number
): Promise<readonly { readonly range: Range; readonly wanted: readonly Wanted<Interest>[] }[]> {
  const groups = new Map<string, { range: Range; wanted: Wanted<Interest>[] }>()
  for (const item of wanted) {
    const gap = await coverage.gapOf(item.place, query.toSeconds ?? nowSeconds)
    const range = { fromSeconds: query.fromSeconds ?? gap.fromSeconds, toSeconds: gap.toSeconds }
    const name = `${range.fromSeconds}-${range.toSeconds}`
    const group = groups.get(name) ?? { range, wanted: [] }
    group.wanted.push(item)
    groups.set(name, group)
  }
  return [...groups.values()]
}

/**
 * Messages from mailservers. What was fetched is remembered per place; the next request asks for the gap only, with an overlap, as
 * envelopes are archived late and clocks differ. A server that fails is left for the next one, which is asked for what did not come yet.
 */
export function createHistory<Interest>(core: Core, ports: HistoryPorts<Interest>): History<Interest> {
  const requests = createMutex()
  const coverage = createCoverage(core)

  /** A range from the first server that completes it; those behind one that failed go on where it stopped. */
  const downloadFromAny = async (
    servers: readonly string[],
    wanted: readonly Wanted<Interest>[],
    range: Range,
    since: ListeningSince,
    signal: AbortSignal | undefined
  ): Promise<HistoryResult> => {
    const open = openRange(range)
    let failure = noServer()
    for (const mailserver of servers) {
      if (!ports.connected(mailserver)) continue
      try {
        await download(core, ports, mailserver, wanted, open, signal)
      } catch (error) {
        failure = error
        if (signal?.aborted === true) break
        continue
      }
      // What could not be stored is not acknowledged, and in a public chat nobody sends it again.
      const places = open.isStored ? wanted.map(({ place }) => place) : []
      await coverage.remember(places, range, since)
      return { mailserver, ...open.sum }
    }
    throw failure
  }

  const fetchGaps = async (
    servers: readonly string[],
    wanted: readonly Wanted<Interest>[],
    query: HistoryQuery
  ): Promise<HistoryResult> => {
    let mailserver = servers.find(ports.connected)
    if (mailserver === undefined) throw noServer()
    const since = coverage.since()
    const groups = await groupedByGap(coverage, wanted, query, Math.floor(core.clock.nowMs() / 1000) + 1)
    const sum = { deliveries: 0, pages: 0 }
    for (const { range, wanted: places } of groups) {
      // The one that served last goes first: those before it failed.
      const order: readonly string[] = [mailserver, ...servers.filter(server => server !== mailserver)]
      const result = await downloadFromAny(order, places, range, since, query.signal)
      mailserver = result.mailserver
      sum.deliveries += result.deliveries
      sum.pages += result.pages
    }
    return { mailserver, ...sum }
  }

  const { mailservers } = core.options

  const fetchOnce = (
    servers: readonly string[],
    wanted: () => readonly Wanted<Interest>[],
    query: HistoryQuery
  ): Promise<HistoryResult> => requests.run(() => fetchGaps(servers, wanted(), query))

  return {
    fetch: query =>
      fetchOnce(
        query.mailserver === undefined ? mailservers : [query.mailserver],
        () => ports.interests(query.chats),
        query
      ),
    serverConnected: async server => {
      await fetchOnce([server, ...mailservers.filter(other => other !== server)], () => ports.interests(), {})
    },
    placeOpened: (place, interest) => {
      if (!core.options.autoHistory || !mailservers.some(ports.connected)) return
      core.background.run('history of a place', () => fetchOnce(mailservers, () => [{ place, interest }], {}))
    },
    settled: requests.idle,
    listened: coverage.listened,
    missed: coverage.missed
  }
}
