import { createMutex } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Background } from './background.ts'

/** Tells listeners about stored messages, one after the other, in the order of storing. */
export interface Announcer {
  readonly announce: (what: string, task: () => Promise<void>) => void
  /** Settles when there is room for more: at once, unless messages are stored faster than they are told. */
  readonly room: () => Promise<void>
}

export function createAnnouncer(background: Background): Announcer {
  const turn = createMutex()
  // BOUNDED: limits.announcements and what one delivery adds, as deliveries wait for `room`
  let waiting = 0
  return {
    announce: (what, task) => {
      waiting += 1
      background.run(what, async () => {
        try {
          await turn.run(task)
        } finally {
          waiting -= 1
        }
      })
    },
    room: async () => {
      if (waiting > limits.announcements) await turn.idle()
    }
  }
}
