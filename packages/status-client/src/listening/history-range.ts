import { bytesToHex } from '@status-stack/crypto'
import type { HistoryPage, ReceivedMessage } from '@status-stack/interface'
import { type BoundedMap, createBoundedMap, forEachSliced } from '@status-stack/utils'
import { ClientError } from '../errors.ts'
import { limits } from '../limits.ts'

/** Unix seconds, both included. */
export interface Range {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** What a range has brought so far, from all servers that were asked. */
export interface RangeProgress {
  readonly pages: number
  readonly deliveries: number
}

/** A range that is being read: what one server left of it, the next one is asked for. */
export interface OpenRange {
  /** What has not come yet. */
  left: Range
  /** Whether all that came could be stored. */
  isStored: boolean
  readonly sum: { pages: number; deliveries: number }
  /** Hashes. BOUNDED: limits.historySeen, those seen longest ago are evicted */
  readonly seen: BoundedMap<string, true>
}

export function openRange(range: Range): OpenRange {
  return {
    left: range,
    isStored: true,
    sum: { pages: 0, deliveries: 0 },
    seen: createBoundedMap({ maxEntries: limits.historySeen })
  }
}

export interface RangePorts {
  readonly page: (range: Range, cursor: Uint8Array | undefined) => Promise<HistoryPage>
  readonly deliver: (delivery: ReceivedMessage) => Promise<void>
  readonly nowMs: () => number
  /** Called after each page. */
  readonly progress: (sum: RangeProgress) => void
}

function endless(reason: string, { pages, deliveries }: RangeProgress): ClientError {
  return new ClientError('history-failed', `history: ${reason}`, { origin: 'peer', details: { pages, deliveries } })
}

/** Holds what comes until it is opened in the order of sending, whatever order the server has: the ratchet skips fewer keys so. */
function createBuffer({ seen, sum }: OpenRange, deliver: RangePorts['deliver']) {
  // BOUNDED: limits.historyBuffer and historyBufferBytes; a longer range is opened in parts, each in order
  let buffer: ReceivedMessage[] = []
  let bytes = 0
  return {
    /** Whether it is new. */
    take: (delivery: ReceivedMessage): boolean => {
      const hash = bytesToHex(delivery.hash)
      if (seen.has(hash)) return false
      seen.set(hash, true)
      buffer.push(delivery)
      bytes += delivery.payload.length
      sum.deliveries += 1
      return true
    },
    isFull: () => buffer.length >= limits.historyBuffer || bytes >= limits.historyBufferBytes,
    open: async (): Promise<void> => {
      const deliveries = buffer.sort((a, b) => a.sentSeconds - b.sentSeconds)
      buffer = []
      bytes = 0
      await forEachSliced(deliveries, deliver)
    }
  }
}

/**
 * Reads what is left of a range from one server, page by page. A server that hands out cursors and nothing new is given up, so that the next
 * one is asked and live messages wait no longer. What came before a failure is opened all the same, and only what did not come is left.
 * @throws ClientError `history-failed`, or what `page` throws
 */
export async function readRange(open: OpenRange, ports: RangePorts): Promise<void> {
  const { sum } = open
  const buffer = createBuffer(open, ports.deliver)
  // Cursors of this server stand in the range that it was asked for.
  const asked = open.left
  const pagesBefore = sum.pages
  let empty = 0
  let newsMs = ports.nowMs()
  let cursor: Uint8Array | undefined
  try {
    for (;;) {
      const before = cursor
      const page = await ports.page(asked, cursor)
      cursor = page.cursor
      sum.pages += 1
      const isNews = page.deliveries.filter(buffer.take).length > 0
      open.left = page.remaining ?? open.left
      empty = isNews ? 0 : empty + 1
      if (isNews) newsMs = ports.nowMs()
      if (buffer.isFull()) await buffer.open()
      ports.progress({ ...sum })
      if (cursor === undefined) break
      const standsStill = before !== undefined && bytesToHex(before) === bytesToHex(cursor)
      if (standsStill) throw endless('the cursor does not advance', sum)
      if (empty >= limits.historyEmptyPages) throw endless(`${empty} pages in a row brought nothing new`, sum)
      if (empty > 0 && ports.nowMs() - newsMs >= limits.historyIdleMs) throw endless('nothing new for too long', sum)
      const pages = sum.pages - pagesBefore
      if (pages >= limits.historyPages) throw endless(`more than ${limits.historyPages} pages`, sum)
    }
  } finally {
    await buffer.open()
  }
}
