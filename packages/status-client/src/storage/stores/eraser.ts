import { createMutex } from '@status-stack/utils'
import { limits } from '../../limits.ts'
import type { Clock } from '../../ports.ts'
import type { KeyValue, RangeQuery } from './key-value.ts'

type Range = Pick<RangeQuery, 'gte' | 'lt'>

/** Every key lies between these. */
const everything: Range = { gte: ' ', lt: '~~' }
/** Ratchet states and private prekeys. */
const sessions: Range = { gte: 'session!', lt: 'session!~' }
const sessionPrefix = 'session!'
/** Passes in a row, as short reads come and go; what is still pinned then is erased by a later one. */
const attempts = 2

/**
 * Takes out of the database's files what is no longer in the database. LevelDB keeps overwritten and deleted values in its log and
 * tables until it happens to compact them, and an old session record opens messages that were read long ago. Decision 232.
 */
export interface Eraser {
  /** The same database; what is written to session records through it is counted. */
  readonly kv: KeyValue
  /** All that was overwritten or deleted before the call. */
  readonly everything: () => Promise<void>
  /** Old session records, if this run has overwritten any. */
  readonly sessions: () => Promise<void>
  /** The same where that is due: it was long ago, or many were, or an earlier run may have ended before it could. */
  readonly tick: () => Promise<void>
  readonly isDue: () => boolean
}

/** `clock` measures how long old session records stay. */
export function createEraser(kv: KeyValue, clock: Clock): Eraser {
  const passes = createMutex()
  let overwritten = 0
  let sinceMs = clock.nowMs()
  /** Where a read kept something from being erased. */
  let pinned: Range | undefined
  // A process that was killed has left old records behind. Runs that last look after them, short ones leave them to the next.
  let inherited = true

  const noted = (count: number): void => {
    if (count === 0) return
    if (!waiting() && !inherited) sinceMs = clock.nowMs()
    overwritten += count
  }

  const pass = (range: Range): Promise<void> =>
    passes.run(async () => {
      const before = overwritten
      let result = await kv.erase(range)
      for (let attempt = 1; attempt < attempts && result === 'pinned'; attempt += 1) result = await kv.erase(range)
      // What came while the pass ran may have been written behind it.
      overwritten -= before
      inherited = false
      sinceMs = clock.nowMs()
      const settled = range === everything || range === pinned ? undefined : pinned
      pinned = result === 'pinned' ? (settled ?? range) : settled
    })

  const waiting = (): boolean => overwritten > 0 || pinned !== undefined
  const isDue = (): boolean => {
    if (!waiting() && !inherited) return false
    const ageMs = clock.nowMs() - sinceMs
    // A clock that was set back must not put it off.
    return overwritten >= limits.sessionWritesKept || ageMs >= limits.sessionsKeptMs || ageMs < 0
  }
  const erase = (): Promise<void> => pass(pinned ?? sessions)

  return {
    kv: {
      ...kv,
      write: async (writes, options) => {
        await kv.write(writes, options)
        noted(writes.filter(({ key }) => key.startsWith(sessionPrefix)).length)
      }
    },
    everything: () => pass(everything),
    sessions: async () => {
      if (waiting()) await erase()
    },
    tick: async () => {
      if (isDue()) await erase()
    },
    isDue
  }
}
