import type { SpawnThread } from './protocol.ts'

/** How this platform starts threads. */
export interface ThreadPlatform {
  readonly spawn: SpawnThread
  /** Threads worth starting here: one processor is left to everything else. */
  readonly defaultCount: () => number
}
