import type { SecurityLayer } from '@status-stack/interface'
import { createSteps } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import type { Composition } from '../composition/join-layers.ts'
import { limits } from '../limits.ts'
import type { Eraser } from '../storage/stores/eraser.ts'
import type { ClockRecord } from './expiry-clock.ts'
import { createKeyExpiry } from './key-expiry.ts'
import { createRetention } from './retention.ts'

type Layers = Pick<Composition, 'poster' | 'outbox' | 'ens' | 'sessionEffects'> & {
  readonly sealer: Pick<SecurityLayer, 'expire'>
  readonly eraser: Eraser
}

const retentionEveryMs = 60_000

/** What happens by itself: contact code, retention, expired keys, names, and what waits in the outbox. */
export function createMaintenance(core: Core, layers: Layers) {
  let contactCodeAtMs = Number.POSITIVE_INFINITY
  let retentionAtMs = 0
  let noted: ClockRecord | undefined
  const keyExpiry = createKeyExpiry(core, layers.sealer, layers.eraser)
  const retain = createRetention(core)

  const publish = async (): Promise<void> => {
    const outcome = await layers.poster.advertise({ kind: 'contact-code', owner: core.self })
    // No peer was there: again soon, as peers look for us when they come.
    const waitMs = outcome.kind === 'sent' ? core.options.contactCodeIntervalMs : 10_000
    contactCodeAtMs = core.clock.nowMs() + waitMs
  }

  /** Tells the next run what the clock shows: once an hour, when it has jumped, and at the end. */
  const noteClock = async ({ atEnd } = { atEnd: false }): Promise<void> => {
    const record = core.expiryClock.record()
    const isRecent = noted !== undefined && Math.abs(record.seenMs - noted.seenMs) < limits.clockNotedMs
    if (isRecent && noted?.jump === record.jump && !atEnd) return
    const unit = core.store.unit()
    unit.put(core.keys.clock, record)
    await unit.commit()
    noted = record
  }

  return {
    noteClock,
    start: (): void => {
      layers.ens.start()
      if (core.options.publishContactCode) contactCodeAtMs = core.clock.nowMs() + core.options.contactCodeDelayMs
    },
    publish,
    tick: async (): Promise<void> => {
      const now = core.clock.nowMs()
      // What cannot be posted is no reason to keep keys and messages for longer than their time.
      const steps = createSteps()
      await steps.take(noteClock)
      await steps.take(layers.outbox.pump)
      layers.ens.tick()
      await steps.take(layers.sessionEffects.tick)
      await steps.take(keyExpiry.tick)
      // A time further ahead than the interval was set under a clock that has been put right since.
      const { contactCodeIntervalMs, contactCodeDelayMs } = core.options
      const longestMs = Math.max(contactCodeIntervalMs, contactCodeDelayMs)
      const isOverdue = Number.isFinite(contactCodeAtMs) && contactCodeAtMs - now > longestMs
      if (now >= contactCodeAtMs || isOverdue) await steps.take(publish)
      if (now >= retentionAtMs || retentionAtMs - now > retentionEveryMs) {
        retentionAtMs = now + retentionEveryMs
        await steps.take(retain)
      }
      steps.end()
    }
  }
}
