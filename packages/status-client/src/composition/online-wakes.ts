import type { SyncLayer } from '@status-stack/interface'
import { createTokenBucket, steadyClock } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Core } from './core.ts'

export interface OnlineWakes {
  /** There is a link again: what waits is sent again, now or at a later `tick`. */
  readonly wake: () => Promise<void>
  readonly tick: () => Promise<void>
}

/** Has sync send again what waits once there is a link, unless it has just done so; then later. */
export function createOnlineWakes(core: Pick<Core, 'clock'>, sync: Pick<SyncLayer, 'retry'>): OnlineWakes {
  const clock = steadyClock(core.clock)
  // BOUNDED: limits.onlineWakes, limits.onlineWakeMs
  const wakes = createTokenBucket(1000 / limits.onlineWakeMs, clock.nowMs(), limits.onlineWakes)
  let isOwed = false
  const wake = async (): Promise<void> => {
    isOwed = wakes.take(clock.nowMs()) > 0
    if (!isOwed) await sync.retry()
  }
  return {
    wake,
    tick: async (): Promise<void> => {
      if (isOwed) await wake()
    }
  }
}
