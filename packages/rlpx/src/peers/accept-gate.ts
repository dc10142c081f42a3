import type { RefusalReason } from '../host/types.ts'
import { limits } from '../limits.ts'
import type { ResolvedHostOptions } from '../options.ts'
import type { Clock } from '../ports.ts'
import { addressKey, isLocal } from './address.ts'
import type { Bans } from './bans.ts'
import { createExpiringSet } from './expiring.ts'

/** Judges connections by their address alone, before a byte of them is read. */
export interface AcceptGate {
  /** Why a connection from that address is refused; `undefined` lets it in and counts it. */
  readonly refusal: (address: string) => RefusalReason | undefined
}

/** SPEC: one accept in `inboundThrottleMs` from a public address. BOUNDED: `limits.throttleEntries`. */
export function createAcceptGate(
  clock: Clock,
  { inboundThrottleMs, netRestrict }: Pick<ResolvedHostOptions, 'inboundThrottleMs' | 'netRestrict'>,
  bans: Bans
): AcceptGate {
  const throttle = createExpiringSet(clock, limits.throttleEntries)
  return {
    refusal: address => {
      if (netRestrict?.contains(address) === false) return 'not-allowed'
      if (bans.hasAddress(address)) return 'banned'
      if (inboundThrottleMs === 0 || isLocal(address)) return undefined
      const key = addressKey(address)
      if (throttle.has(key)) return 'throttled'
      throttle.add(key, inboundThrottleMs)
      return undefined
    }
  }
}
