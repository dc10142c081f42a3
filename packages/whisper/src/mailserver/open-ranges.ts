import { bytesToHex, concatBytes, keccak256, utf8Bytes } from '@status-stack/crypto'
import { type BoundedMap, createBoundedMap } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import { listenKeysOf } from '../subscriptions.ts'
import type { HistoryQuery } from '../whisper-types.ts'

/** What is remembered of a range between its pages, to tell progress from repetition. */
export interface OpenRange {
  /**
   * Checks a page that has a cursor, and remembers it.
   * @param page `envelopes`: ids of those that were asked for; `limit`: how many were asked for
   * @throws WhisperError `response-without-progress`
   */
  readonly advance: (page: {
    readonly envelopes: ReadonlySet<string>
    readonly limit: number
    readonly cursor: Uint8Array
  }) => void
  /** Whether a query goes on where the last page ended. */
  readonly continues: (cursor: Uint8Array | undefined) => boolean
}

/** The ranges that are open on servers. */
export interface OpenRanges {
  /** The range that a query goes on with, or a new one. */
  readonly of: (id: string, query: HistoryQuery) => OpenRange
  readonly end: (id: string) => void
}

/** Names a range of history on one server: pages of the same range share what is remembered and what is held. */
export function rangeId(server: string, query: Pick<HistoryQuery, 'interests'>): string {
  const listenKeys = query.interests.flatMap(listenKeysOf).map(utf8Bytes)
  return `${server}/${bytesToHex(keccak256(concatBytes(...listenKeys)))}`
}

function withoutProgress(text: string): WhisperError {
  return new WhisperError('response-without-progress', `history: ${text}`, { origin: 'peer' })
}

function createOpenRange(): OpenRange {
  const known = createBoundedMap<string, true>({ maxEntries: limits.rangeEnvelopes })
  const cursors = createBoundedMap<string, true>({ maxEntries: limits.rangeCursors })
  let thinPages = 0
  let last: string | undefined
  return {
    advance: ({ envelopes, limit, cursor }) => {
      let brought = 0
      for (const id of envelopes) {
        if (!known.has(id)) brought += 1
        known.set(id, true)
      }
      if (brought === 0) throw withoutProgress('a page with a cursor and no new envelope')
      const place = bytesToHex(cursor)
      if (cursors.has(place)) throw withoutProgress('a cursor that was given before')
      cursors.set(place, true)
      last = place
      if (brought < limit / 2) thinPages += 1
      if (thinPages > limits.thinPages) throw withoutProgress('too many pages with a cursor and few envelopes')
    },
    continues: cursor => cursor !== undefined && bytesToHex(cursor) === last
  }
}

/** A server decides how many pages a range has: it goes on only as long as its pages bring something new. */
export function createOpenRanges(clock: Clock): OpenRanges {
  interface Entry {
    readonly range: OpenRange
    usedMs: number
  }
  const ranges: BoundedMap<string, Entry> = createBoundedMap({ maxEntries: limits.openRanges })
  const fresh = (id: string): OpenRange => {
    const range = createOpenRange()
    ranges.set(id, { range, usedMs: clock.nowMs() })
    return range
  }
  return {
    of: (id, { cursor }) => {
      const known = ranges.touch(id)
      if (known === undefined || !known.range.continues(cursor)) return fresh(id)
      if (clock.nowMs() - known.usedMs > limits.rangeIdleMs) return fresh(id)
      known.usedMs = clock.nowMs()
      return known.range
    },
    end: id => void ranges.delete(id)
  }
}
