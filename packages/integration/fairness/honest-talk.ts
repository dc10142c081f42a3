/** Honest people who go on talking through what is attacked. */
export interface HonestTalk {
  /** What they say from here on counts, and not what a new peer waited for while it was sent the pool. */
  readonly begin: () => void
  /** Stops talking; returns how long each message took, in milliseconds, and how many never came. */
  readonly stop: () => Promise<{ readonly waits: readonly number[]; readonly lost: number }>
}

/** A way to talk. */
export interface Speech {
  readonly everyMs: number
  /** Sends a message; `arrived` is called when it is there. */
  readonly say: (arrived: () => void) => Promise<void>
  readonly close: () => Promise<void>
}

/** A timer fires up to a millisecond before the clock says so: without this, a message would wait a whole period for the next. */
const earlyMs = 1
/** What is still under way when the attack ends may take this long. */
const graceMs = 30_000
/** Messages that have to come before anything is measured: by then a handshake's work is over. */
const warmUp = 5

/** Starts talking; resolves when messages come through. */
export async function startTalk({ everyMs, say, close }: Speech): Promise<HonestTalk> {
  const waits: number[] = []
  let countsFrom = Number.POSITIVE_INFINITY
  let [sent, arrived, failed] = [0, 0, 0]
  const began = performance.now()
  let wake: () => void = () => undefined
  const come = (atMs: number): void => {
    arrived += 1
    if (atMs >= countsFrom) waits.push(performance.now() - atMs)
    wake()
  }
  // By the time at which a message was due, not at which the loop came to it: a blocked sender must not hide the wait.
  const timer = setInterval(() => {
    for (; began + sent * everyMs <= performance.now() + earlyMs; sent++) {
      const dueMs = Math.min(began + sent * everyMs, performance.now())
      say(() => come(dueMs)).catch(() => {
        failed += 1
      })
    }
  }, everyMs)
  while (arrived < warmUp) {
    await new Promise<void>(resolve => {
      wake = resolve
    })
  }
  return {
    begin: () => {
      countsFrom = performance.now()
    },
    stop: async () => {
      clearInterval(timer)
      const end = performance.now() + graceMs
      while (sent > arrived + failed && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 10))
      await close()
      return { waits, lost: sent - arrived }
    }
  }
}
