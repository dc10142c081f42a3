import type { HistoryPage, ReceivedMessage } from '@status-stack/interface'
import { createMutex } from '@status-stack/utils'
import type { HistoryQuery, HistoryResult } from '../client-types.ts'
import type { Core } from '../composition/core.ts'
import { ClientError, codeOf } from '../errors.ts'
import type { HistoryEvent } from '../events.ts'
import type { ChatRef } from '../types.ts'
import { createCoverage, type Range } from './coverage.ts'
import { type RangeProgress, readRange } from './history-range.ts'

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
  readonly interests: (chats?: readonly ChatRef[]) => readonly { readonly place: string; readonly interest: Interest }[]
  readonly deliver: (delivery: ReceivedMessage) => Promise<void>
}

export interface History<Interest> {
  /** Fetches what is missing of every place, or the given range. */
  readonly fetch: (query: HistoryQuery) => Promise<HistoryResult>
  /** A place was opened: asks for that place only. */
  readonly placeOpened: (place: string, interest: Interest) => void
  /** Settles when a request for this place that is under way has ended. */
  readonly settled: () => Promise<void>
  /** We were listening until now: no gap before it, if there was none before. */
  readonly listened: () => Promise<void>
}

/**
 * Messages from mailservers. What was fetched is remembered per place; the next request asks for the gap only, with an overlap, as
 * envelopes are archived late and clocks differ. A server that fails is left for the next one.
 */
export function createHistory<Interest>(core: Core, ports: HistoryPorts<Interest>): History<Interest> {
  const requests = createMutex()
  const coverage = createCoverage(core)

  /** Those that can be asked, best first. */
  const servers = (wanted: string | undefined): readonly string[] =>
    (wanted === undefined ? core.options.mailservers : [wanted]).filter(ports.connected)

  const download = async (
    peer: string,
    wanted: readonly { readonly place: string; readonly interest: Interest }[],
    range: Range,
    signal: AbortSignal | undefined
  ): Promise<RangeProgress> => {
    let sum: RangeProgress = { pages: 0, deliveries: 0 }
    const report = (state: HistoryEvent['state'], reason?: string): void =>
      core.emit('history', {
        mailserver: peer,
        interests: wanted.length,
        ...sum,
        state,
        ...range,
        ...(reason === undefined ? {} : { reason })
      })
    report('started')
    try {
      await readRange({
        page: cursor =>
          ports.page(
            peer,
            {
              interests: wanted.map(({ interest }) => interest),
              ...range,
              limit: core.options.historyPageLimit,
              ...(cursor === undefined ? {} : { cursor })
            },
            signal
          ),
        deliver: ports.deliver,
        nowMs: core.clock.nowMs,
        progress: after => {
          sum = after
          report('page')
        }
      })
    } catch (error) {
      // What came is not thrown away; the gap stays open and is asked for again.
      report('failed', codeOf(error) ?? 'unexpected')
      throw new ClientError('history-failed', 'history: the mailserver did not complete the request', {
        origin: 'environment',
        details: { ...sum },
        cause: error
      })
    }
    await coverage.remember(
      wanted.map(({ place }) => place),
      range
    )
    report('done')
    return sum
  }

  const fetchGaps = async (
    peer: string,
    wanted: readonly { readonly place: string; readonly interest: Interest }[],
    query: HistoryQuery
  ): Promise<{ deliveries: number; pages: number }> => {
    const nowSeconds = Math.floor(core.clock.nowMs() / 1000) + 1
    const groups = new Map<string, { range: Range; wanted: { place: string; interest: Interest }[] }>()
    for (const item of wanted) {
      const gap = await coverage.gapOf(item.place, query.toSeconds ?? nowSeconds)
      const range = { fromSeconds: query.fromSeconds ?? gap.fromSeconds, toSeconds: gap.toSeconds }
      const name = `${range.fromSeconds}-${range.toSeconds}`
      const group = groups.get(name) ?? { range, wanted: [] }
      group.wanted.push(item)
      groups.set(name, group)
    }
    const sum = { deliveries: 0, pages: 0 }
    for (const { range, wanted: places } of groups.values()) {
      const { deliveries, pages } = await download(peer, places, range, query.signal)
      sum.deliveries += deliveries
      sum.pages += pages
    }
    return sum
  }

  /** From the first server that completes the request. */
  const fetchFromAny = async (
    candidates: readonly string[],
    wanted: () => readonly { readonly place: string; readonly interest: Interest }[],
    query: HistoryQuery
  ): Promise<HistoryResult> => {
    let failure: unknown = new ClientError('history-failed', 'history: no mailserver is connected', {
      origin: 'environment'
    })
    for (const mailserver of candidates) {
      try {
        return { mailserver, ...(await fetchGaps(mailserver, wanted(), query)) }
      } catch (error) {
        failure = error
        if (query.signal?.aborted === true) break
      }
    }
    throw failure
  }

  return {
    fetch: query =>
      requests.run(() => fetchFromAny(servers(query.mailserver), () => ports.interests(query.chats), query)),
    placeOpened: (place, interest) => {
      const candidates = servers(undefined)
      if (!core.options.autoHistory || candidates.length === 0) return
      core.background.run('history of a place', () =>
        requests.run(() => fetchFromAny(candidates, () => [{ place, interest }], {}))
      )
    },
    settled: requests.idle,
    listened: coverage.listened
  }
}
