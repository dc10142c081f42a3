import type { SecurityLayer } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import type { MaintenanceRecord } from '../storage/records.ts'
import type { Eraser } from '../storage/stores/eraser.ts'

/** What has to be erased is erased at the latest a day after its time. */
export const expireEveryMs = 86_400_000
/** After a failure, so that a full disk is not tried each second. */
const retryMs = 3_600_000
/** After an attempt to erase old session records, whatever came of it. */
const eraseRetryMs = 60_000

const nothingToErase: Pick<Eraser, 'everything' | 'tick' | 'isDue'> = {
  everything: async () => {},
  tick: async () => {},
  isDue: () => false
}

/**
 * Has the security layer erase expired keys, also those of sessions that are no longer used, and the database's files rid of all
 * that was deleted: once a day of the wall clock, whether we run all the time or a minute a day. Session records that were
 * overwritten go sooner. SPEC: 5/SECURE-TRANSPORT, message keys are deleted after their time.
 */
export function createKeyExpiry(core: Core, sealer: Pick<SecurityLayer, 'expire'>, eraser = nothingToErase) {
  let dueMs: number | undefined
  let running = false
  let erasing = false
  let eraseAgainMs = 0

  /** A last run later than now was noted by a clock that was wrong: it says nothing. */
  const nextAfter = (lastMs: number, nowMs: number): number => (lastMs > nowMs ? nowMs : lastMs + expireEveryMs)

  const expire = async (): Promise<void> => {
    try {
      await sealer.expire({ signal: core.stopping })
      await eraser.everything()
      const tidiedMs = core.clock.nowMs()
      const unit = core.store.unit()
      unit.put(core.keys.upkeep, { tidiedMs } satisfies MaintenanceRecord)
      await unit.commit()
      dueMs = tidiedMs + expireEveryMs
    } catch (error) {
      if (!core.stopping.aborted) throw error
    } finally {
      running = false
    }
  }

  const erase = async (): Promise<void> => {
    try {
      await eraser.tick()
    } finally {
      erasing = false
    }
  }

  return {
    /** Starts it in the background when it is due. */
    tick: async (): Promise<void> => {
      const nowMs = core.clock.nowMs()
      if (!erasing && eraser.isDue() && (nowMs >= eraseAgainMs || eraseAgainMs > nowMs + retryMs)) {
        erasing = true
        eraseAgainMs = nowMs + eraseRetryMs
        core.background.run('erasing old session records', erase)
      }
      if (dueMs === undefined) {
        const record = await core.store.get<MaintenanceRecord>(core.keys.upkeep)
        dueMs = nextAfter(record?.tidiedMs ?? core.profile().createdMs, nowMs)
      }
      if (running || nowMs < dueMs) return
      running = true
      dueMs = nowMs + retryMs
      core.background.run('tidying sessions', expire)
    }
  }
}
