import { platform } from '#spawn'
import { check } from '../checks.ts'
import type { Clock } from '../ports.ts'
import { createInThreadSearcher } from './in-thread.ts'
import type { PowSearcher } from './searcher.ts'
import { createThreadSearcher } from './thread-pool.ts'

/**
 * The searcher for this platform: threads in Node and browsers, started when a search is long enough; 0 = none.
 *
 * @example
 * ```ts
 * const searcher = createPowSearcher({ nowMs: Date.now })
 * const nonce = await searcher.search(prefix, 16, { timeMs: 5000 })
 * await searcher.stop()
 * ```
 */
export function createPowSearcher(clock: Clock, workers: number = platform.defaultCount()): PowSearcher {
  check.object('clock', clock)
  check.function('clock.nowMs', clock.nowMs)
  check.integer('workers', workers, 0, 64)
  return workers === 0 ? createInThreadSearcher(clock) : createThreadSearcher(clock, platform.spawn, workers)
}
