import { hexKey } from './ids.ts'
import { limits } from './limits.ts'
import type { Clock } from './ports.ts'
import type { PublicKey } from './types.ts'

export interface Skew {
  /** The injected clock plus the correction. */
  readonly clock: Clock
  /** When an author, by the time of their envelope, believed it was. */
  readonly sample: (author: PublicKey, sentSeconds: number) => void
  readonly estimateMs: () => number
  readonly correctedMs: () => number
}

export interface SkewFact {
  readonly estimateMs: number
  readonly correctedMs: number
  readonly warning: boolean
}

/** Fewer people than this say nothing about our clock. */
const fewestAuthors = 3
/** Envelopes travel and clocks tick in seconds: smaller differences are noise. */
const deadZoneMs = 5000
/** Half of what readers tolerate. */
const warnMs = 60_000

/**
 * Our clock against the median of what people we write with think the time is, one sample per person. Correction is bounded:
 * whoever gathers a majority of our contacts can move us by `limits.skewCorrectionMs`, which stays within what readers accept.
 */
export function createSkew(clock: Clock, correct: boolean, changed: (fact: SkewFact) => void): Skew {
  // BOUNDED: limits.skewSamples, the oldest goes
  const samples = new Map<string, number>()
  let estimate = 0
  let corrected = 0
  const bounded = (ms: number): number => Math.max(-limits.skewCorrectionMs, Math.min(limits.skewCorrectionMs, ms))
  return {
    clock: { nowMs: () => clock.nowMs() + corrected },
    sample: (author, sentSeconds) => {
      const name = hexKey(author)
      samples.delete(name)
      // Half a second: the mean of what rounding down to seconds hides.
      samples.set(name, sentSeconds * 1000 + 500 - clock.nowMs())
      const oldest = samples.keys().next()
      if (samples.size > limits.skewSamples && oldest.done !== true) samples.delete(oldest.value)
      if (samples.size < fewestAuthors) return
      const sorted = [...samples.values()].sort((a, b) => a - b)
      estimate = sorted[Math.floor(sorted.length / 2)] ?? 0
      const next = !correct || Math.abs(estimate) <= deadZoneMs ? 0 : bounded(estimate)
      if (Math.abs(next - corrected) < 1000) return
      corrected = next
      changed({ estimateMs: estimate, correctedMs: corrected, warning: Math.abs(estimate) > warnMs })
    },
    estimateMs: () => estimate,
    correctedMs: () => corrected
  }
}
