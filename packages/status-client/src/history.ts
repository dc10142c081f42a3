import { createMutex } from '@status-stack/utils'
import type { Delivery, HistoryPage, Interest } from '@status-stack/whisper'
import type { HistoryQuery, HistoryResult } from './client-types.ts'
import type { Core } from './core.ts'
import { ClientError, codeOf } from './errors.ts'
import type { HistoryEvent } from './events.ts'
import { limits } from './limits.ts'
import type { HistoryRecord } from './records.ts'
import type { ChatRef } from './types.ts'

export interface HistoryPorts {
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
  readonly deliver: (delivery: Delivery) => Promise<void>
}

export interface History {
  /** Fetches what is missing of every place, or the given range. */
  readonly fetch: (query: HistoryQuery) => Promise<HistoryResult>
  /** A place was opened: asks for that place only. */
  readonly placeOpened: (place: string, interest: Interest) => void
  /** Settles when a request for this place that is under way has ended. */
  readonly settled: () => Promise<void>
  /** We were listening until now: no gap before it, if there was none before. */
  readonly listened: () => Promise<void>
}

interface Range {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/**
 * Messages from mailservers. A range is fetched page by page, buffered, and opened in the order of sending, whatever order the
 * server has: the ratchet skips fewer keys so. What was fetched is remembered per place; the next request asks for the gap only,
 * with an overlap, as envelopes are archived late and clocks differ.
 */
export function createHistory(core: Core, ports: HistoryPorts): History {
  const requests = createMutex()
  // BOUNDED: limits.subscriptions
  const covered = new Set<string>()

  /** Those that can be asked, best first. */
  const servers = (wanted: string | undefined): readonly string[] =>
    (wanted === undefined ? core.options.mailservers : [wanted]).filter(ports.connected)

  const gapOf = async (place: string, nowSeconds: number): Promise<Range> => {
    const record = await core.store.get<HistoryRecord>(core.keys.history(place))
    const oldest = nowSeconds - core.options.historySeconds
    const from = record === undefined ? oldest : Math.max(oldest, record.toSeconds - core.options.historyOverlapSeconds)
    return { fromSeconds: Math.max(0, Math.min(from, nowSeconds)), toSeconds: nowSeconds }
  }

  const remember = async (places: readonly string[], range: Range): Promise<void> => {
    const unit = core.store.unit()
    for (const place of places) {
      const key = core.keys.history(place)
      const before = await unit.get<HistoryRecord>(key)
      const touches =
        before !== undefined && range.fromSeconds <= before.toSeconds && range.toSeconds >= before.fromSeconds
      unit.put(key, {
        place,
        fromSeconds: touches ? Math.min(before.fromSeconds, range.fromSeconds) : range.fromSeconds,
        toSeconds: touches ? Math.max(before.toSeconds, range.toSeconds) : range.toSeconds
      } satisfies HistoryRecord)
      covered.add(place)
    }
    await unit.commit()
  }

  const download = async (
    peer: string,
    wanted: readonly { readonly place: string; readonly interest: Interest }[],
    range: Range,
    signal: AbortSignal | undefined
  ): Promise<{ deliveries: number; pages: number }> => {
    let pages = 0
    let deliveries = 0
    const report = (state: HistoryEvent['state'], reason?: string): void =>
      core.emit('history', {
        mailserver: peer,
        interests: wanted.length,
        pages,
        deliveries,
        state,
        ...range,
        ...(reason === undefined ? {} : { reason })
      })
    // BOUNDED: limits.historyBuffer; a longer range is opened in parts, each in order
    let buffer: Delivery[] = []
    const open = async (): Promise<void> => {
      buffer.sort((a, b) => a.sentSeconds - b.sentSeconds)
      for (const delivery of buffer) await ports.deliver(delivery)
      buffer = []
    }
    report('started')
    let cursor: Uint8Array | undefined
    try {
      do {
        const page: HistoryPage = await ports.page(
          peer,
          {
            interests: wanted.map(({ interest }) => interest),
            ...range,
            limit: core.options.historyPageLimit,
            ...(cursor === undefined ? {} : { cursor })
          },
          signal
        )
        pages += 1
        deliveries += page.deliveries.length
        buffer.push(...page.deliveries)
        if (buffer.length >= limits.historyBuffer) await open()
        report('page')
        cursor = page.cursor
      } while (cursor !== undefined)
      await open()
    } catch (error) {
      // What came is not thrown away; the gap stays open and is asked for again.
      await open()
      report('failed', codeOf(error) ?? 'unexpected')
      throw new ClientError('history-failed', 'history: the mailserver did not complete the request', {
        origin: 'environment',
        details: { pages, deliveries },
        cause: error
      })
    }
    await remember(
      wanted.map(({ place }) => place),
      range
    )
    report('done')
    return { deliveries, pages }
  }

  const fetchGaps = async (
    peer: string,
    wanted: readonly { readonly place: string; readonly interest: Interest }[],
    query: HistoryQuery
  ): Promise<{ deliveries: number; pages: number }> => {
    const nowSeconds = Math.floor(core.clock.nowMs() / 1000) + 1
    const groups = new Map<string, { range: Range; wanted: { place: string; interest: Interest }[] }>()
    for (const item of wanted) {
      const gap = await gapOf(item.place, query.toSeconds ?? nowSeconds)
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

  return {
    fetch: query =>
      requests.run(async () => {
        let failure: unknown = new ClientError('history-failed', 'history: no mailserver is connected', {
          origin: 'environment'
        })
        for (const mailserver of servers(query.mailserver)) {
          try {
            return { mailserver, ...(await fetchGaps(mailserver, ports.interests(query.chats), query)) }
          } catch (error) {
            failure = error
            if (query.signal?.aborted === true) break
          }
        }
        throw failure
      }),
    placeOpened: (place, interest) => {
      const [peer] = servers(undefined)
      if (!core.options.autoHistory || peer === undefined) return
      core.background.run('history of a place', () => requests.run(() => fetchGaps(peer, [{ place, interest }], {})))
    },
    settled: requests.idle,
    listened: async () => {
      const nowSeconds = Math.floor(core.clock.nowMs() / 1000)
      const unit = core.store.unit()
      for (const place of covered) {
        const key = core.keys.history(place)
        const before = await unit.get<HistoryRecord>(key)
        if (before !== undefined && before.toSeconds < nowSeconds) unit.put(key, { ...before, toSeconds: nowSeconds })
      }
      await unit.commit()
    }
  }
}
