import type { HistoryPage } from '../whisper-types.ts'
import { cursorLength } from './archive-key.ts'
import type { SentSpan } from './collector.ts'

type TimeRange = NonNullable<HistoryPage['remaining']>

/**
 * What is left of a range behind a page, in time. A cursor says where its server stands and not in which direction it goes: LevelDB archives
 * page oldest first, PostgreSQL ones newest first. The page itself tells, unless all of it was sent within one second.
 */
export function remainingOf(
  { fromSeconds, toSeconds }: TimeRange,
  cursor: Uint8Array,
  sent: SentSpan | undefined
): TimeRange | undefined {
  if (cursor.length !== cursorLength || sent === undefined || sent.first === sent.last) return undefined
  const at = new DataView(cursor.buffer, cursor.byteOffset).getUint32(0)
  // The second at the edge is asked for again: the cursor may stand in the middle of it.
  if (at === sent.first) return { fromSeconds, toSeconds: at }
  if (at === sent.last) return { fromSeconds: at, toSeconds }
  return undefined
}
