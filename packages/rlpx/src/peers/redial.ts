import { isLocal } from './address.ts'

/** First waits of {@link redialDelayMs}. */
export interface RedialDelays {
  readonly redialDelayMs: number
  readonly redialDelayLocalMs: number
}

const mostDoublings = 2

/**
 * How long after the last attempt a static peer is dialed again: the base, doubled for each failure in a row, at most
 * fourfold, for ever. Loopback and private addresses have a short base.
 */
export function redialDelayMs(host: string, failures: number, delays: RedialDelays): number {
  const base = isLocal(host) ? delays.redialDelayLocalMs : delays.redialDelayMs
  return base * 2 ** Math.min(Math.max(failures - 1, 0), mostDoublings)
}
