import { bytesToHex } from '@status-stack/crypto'
import type { HistoryPage, ReceivedMessage } from '@status-stack/interface'
import { createBoundedMap, forEachSliced } from '@status-stack/utils'
import { ClientError } from '../errors.ts'
import { limits } from '../limits.ts'

/** What a range of one server has brought so far. */
export interface RangeProgress {
  readonly pages: number
  readonly deliveries: number
}

export interface RangePorts {
  readonly page: (cursor: Uint8Array | undefined) => Promise<HistoryPage>
  readonly deliver: (delivery: ReceivedMessage) => Promise<void>
  readonly nowMs: () => number
  /** Called after each page. */
  readonly progress: (sum: RangeProgress) => void
}

function endless(reason: string, { pages, deliveries }: RangeProgress): ClientError {
  return new ClientError('history-failed', `history: ${reason}`, { origin: 'peer', details: { pages, deliveries } })
}

/**
 * Reads a range page by page and opens it in the order of sending, whatever order the server has: the ratchet skips fewer keys so.
 * A server that hands out cursors and nothing new is given up, so that the next one is asked and live messages wait no longer.
 * What came before a failure is opened all the same.
 * @throws ClientError `history-failed`, or what `page` throws
 */
export async function readRange(ports: RangePorts): Promise<RangeProgress> {
  // BOUNDED: limits.historyBuffer and historyBufferBytes; a longer range is opened in parts, each in order
  let buffer: ReceivedMessage[] = []
  let bytes = 0
  // BOUNDED: limits.historySeen, those seen longest ago are evicted
  const seen = createBoundedMap<string, true>({ maxEntries: limits.historySeen })
  const sum = { pages: 0, deliveries: 0 }
  let empty = 0
  let newsMs = ports.nowMs()
  let cursor: Uint8Array | undefined

  const open = async (): Promise<void> => {
    const deliveries = buffer.sort((a, b) => a.sentSeconds - b.sentSeconds)
    buffer = []
    bytes = 0
    await forEachSliced(deliveries, ports.deliver)
  }
  const take = (delivery: ReceivedMessage): boolean => {
    const hash = bytesToHex(delivery.hash)
    if (seen.has(hash)) return false
    seen.set(hash, true)
    buffer.push(delivery)
    bytes += delivery.payload.length
    sum.deliveries += 1
    return true
  }

  try {
    for (;;) {
      const before = cursor
      const page = await ports.page(cursor)
      cursor = page.cursor
      sum.pages += 1
      const isNews = page.deliveries.filter(take).length > 0
      empty = isNews ? 0 : empty + 1
      if (isNews) newsMs = ports.nowMs()
      if (buffer.length >= limits.historyBuffer || bytes >= limits.historyBufferBytes) await open()
      ports.progress({ ...sum })
      if (cursor === undefined) break
      const standsStill = before !== undefined && bytesToHex(before) === bytesToHex(cursor)
      if (standsStill) throw endless('the cursor does not advance', sum)
      if (empty >= limits.historyEmptyPages) throw endless(`${empty} pages in a row brought nothing new`, sum)
      if (empty > 0 && ports.nowMs() - newsMs >= limits.historyIdleMs) throw endless('nothing new for too long', sum)
      if (sum.pages >= limits.historyPages) throw endless(`more than ${limits.historyPages} pages`, sum)
    }
  } finally {
    await open()
  }
  return { ...sum }
}
