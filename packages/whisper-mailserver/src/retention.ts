import type { Clock, Scheduler } from '@status-stack/interface'
import { delay } from '@status-stack/utils'
import type { MailserverLogger } from './defaults.ts'
import type { EventSource } from './events.ts'
import type { ResolvedOptions } from './options.ts'
import type { EnvelopeStore } from './ports.ts'

const secondsOfDay = 86_400

/** Deletes what is older than the retention, once per interval. */
export interface Retention {
  readonly start: () => void
  /** Waits for the step under way. */
  readonly stop: () => Promise<void>
  /** One pass now; answers how many envelopes went. Two at a time become one. */
  readonly pass: () => Promise<number>
}

/**
 * A pass begins every hour, the first one an hour after the start, and what was too old when it began goes in small steps with
 * rests between them: a big archive answers meanwhile. Until then old envelopes are served. SPEC: status-go's cleaner.
 * DEVIATION: status-go deletes everything in one go.
 */
export function createRetention(
  store: EnvelopeStore,
  options: ResolvedOptions,
  ports: {
    readonly clock: Clock
    readonly scheduler: Scheduler
    readonly logger: MailserverLogger
    readonly events: EventSource
  }
): Retention {
  const { clock, scheduler, logger, events } = ports
  let cancelTimer: () => void = () => undefined
  let stopping = new AbortController()
  let running: Promise<number> | undefined

  const run = async (signal: AbortSignal): Promise<number> => {
    const end = Math.floor(clock.nowMs() / 1000) - Math.round(options.retentionDays * secondsOfDay)
    let deleted = 0
    try {
      // BOUNDED: each step deletes something, and nothing new is that old.
      while (!signal.aborted && end > 0) {
        const step = await store.deleteOlderThan(end, options.retentionStep)
        if (step === 0) break
        deleted += step
        await delay(scheduler, options.retentionPauseMs, signal)
      }
      events.emit('cleaned', { envelopes: deleted })
    } catch {
      logger.error('mailserver:retention: deleting failed', { deleted })
      events.emit('cleaningfailed', { envelopes: deleted })
    }
    return deleted
  }

  const pass = async (): Promise<number> => {
    if (options.retentionDays === 0) return 0
    running ??= run(stopping.signal).finally(() => {
      running = undefined
    })
    return running
  }

  const schedule = (): void => {
    cancelTimer = scheduler.after(options.retentionIntervalMs, () => {
      const { signal } = stopping
      void pass().then(() => {
        if (!signal.aborted) schedule()
      })
    })
  }

  return {
    start: () => {
      stopping = new AbortController()
      if (options.retentionDays > 0) schedule()
    },
    stop: async () => {
      stopping.abort()
      cancelTimer()
      await running
    },
    pass
  }
}
