import { createMutex } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { KeyValue } from './key-value.ts'

/** Every key lies between these. */
const everything = { gte: ' ', lt: '~~' }
/** Ratchet states and private prekeys. */
const sessions = { gte: 'session!', lt: 'session!~' }
const sessionPrefix = 'session!'
/** Passes in a row, as reads come and go; what is still pinned then is erased by a later one. */
const attempts = 3

/**
 * Takes out of the database's files what is no longer in the database. LevelDB keeps overwritten and deleted values in its log and
 * tables until it happens to compact them, and an old session record opens messages that were read long ago. Decision 232.
 */
export interface Eraser {
  /** The same database; what is written to session records through it is counted. */
  readonly kv: KeyValue
  /** All that was overwritten or deleted before the call. */
  readonly everything: () => Promise<void>
  /** Old session records, if there are any. */
  readonly sessions: () => Promise<void>
  /** Whether something waits to be erased, and has for long enough. */
  readonly isDue: () => boolean
}

/** `clock` measures how long old session records stay. */
export function createEraser(kv: KeyValue, clock: Clock): Eraser {
  const passes = createMutex()
  let overwritten = 0
  let sinceMs = 0
  let pinned = false

  const noted = (count: number): void => {
    if (count === 0) return
    if (overwritten === 0) sinceMs = clock.nowMs()
    overwritten += count
  }

  const pass = (range: { readonly gte: string; readonly lt: string }): Promise<void> =>
    passes.run(async () => {
      const before = overwritten
      let result = await kv.erase(range)
      for (let attempt = 1; attempt < attempts && result === 'pinned'; attempt += 1) result = await kv.erase(range)
      // What came while the pass ran may have been written behind it.
      overwritten -= before
      sinceMs = clock.nowMs()
      if (range === everything || result === 'pinned') pinned = result === 'pinned'
    })

  // A read that kept something from being erased has long ended: once more, over all of it.
  const waiting = (): boolean => overwritten > 0 || pinned

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
      if (waiting()) await pass(pinned ? everything : sessions)
    },
    isDue: () => {
      if (!waiting()) return false
      const ageMs = clock.nowMs() - sinceMs
      // A clock that was set back must not put it off.
      return overwritten >= limits.sessionWritesKept || ageMs >= limits.sessionsKeptMs || ageMs < 0
    }
  }
}
