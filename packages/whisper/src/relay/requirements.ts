import { bloomUnion, filterBloom } from '../bloom.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Scheduler } from '../ports.ts'
import type { Requirements } from './acceptance.ts'

/** The node's own PoW and bloom requirements, with the old values honoured for a while after a change. */
export interface OwnRequirements {
  readonly current: () => Requirements
  /** The announced filter; absent: everything. */
  readonly bloom: () => Uint8Array | undefined
  readonly minPow: () => number
  /** Whether we are a light node. */
  readonly light: () => boolean
  /** Announced on the next links; from now on nothing of others is relayed, or it is again. */
  readonly setLight: (light: boolean) => void
  readonly setMinPow: (minPow: number) => void
  readonly setBloom: (bloom: Uint8Array) => void
  readonly setMaxMessageSize: (bytes: number) => void
  /** Adds topics to the filter, if there is one; whether it changed. */
  readonly widen: (topics: readonly Uint8Array[]) => boolean
  /** Puts pending changes into force at once: no peer is linked any more that could miss them. */
  readonly stop: () => void
}

/**
 * DEVIATION: go-ethereum's tolerated minimum is 0.2 until the first change, whatever was configured, and its tolerated
 * filter is "everything"; so a configured minimum of 5 is not enforced there. Here both start as configured.
 */
export function createOwnRequirements(options: ResolvedOptions, scheduler: Scheduler): OwnRequirements {
  let minPow = options.minPow
  let light = options.light
  let toleratedMinPow = options.minPow
  let bloom = options.bloom === 'interests' ? filterBloom([]) : undefined
  let toleratedBloom = bloom
  let maxMessageSize = options.maxMessageSize
  // In the order of the changes. BOUNDED: as many as the owner changes things within toleranceMs.
  const pending = new Map<() => void, () => void>()
  const later = (apply: () => void): void => {
    const cancel = scheduler.after(options.toleranceMs, () => {
      pending.delete(cancel)
      apply()
    })
    pending.set(cancel, apply)
  }
  const setBloom = (next: Uint8Array): void => {
    bloom = next
    later(() => {
      toleratedBloom = next
    })
  }
  return {
    current: () => ({
      minPow,
      toleratedMinPow,
      bloom,
      toleratedBloom,
      maxMessageSize,
      syncAllowanceSeconds: options.syncAllowanceSeconds
    }),
    bloom: () => bloom,
    minPow: () => minPow,
    light: () => light,
    setLight: next => {
      light = next
    },
    setMinPow: next => {
      minPow = next
      later(() => {
        toleratedMinPow = next
      })
    },
    setBloom: next => setBloom(next.slice()),
    setMaxMessageSize: bytes => {
      maxMessageSize = bytes
    },
    widen: topics => {
      if (bloom === undefined || topics.length === 0) return false
      const wider = bloomUnion(bloom, filterBloom(topics))
      if (wider.every((byte, i) => byte === bloom?.[i])) return false
      setBloom(wider)
      return true
    },
    stop: () => {
      for (const [cancel, apply] of pending) {
        cancel()
        apply()
      }
      pending.clear()
    }
  }
}
