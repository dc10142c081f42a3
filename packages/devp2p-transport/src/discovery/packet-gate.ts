import { addressKey } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'

/** Lets so many packets a second through to the signature check: in all, from one address, and from those that send many. */
export interface PacketGate {
  readonly admits: (address: string) => boolean
}

const windowMs = 1000

export function createPacketGate(clock: Clock): PacketGate {
  let startedMs = clock.nowMs()
  let total = 0
  let busy = 0
  // BOUNDED: cleared every second, never more than `limits.packetsPerSecond` entries.
  const byAddress = new Map<string, number>()
  return {
    admits: address => {
      const now = clock.nowMs()
      if (now - startedMs >= windowMs || now < startedMs) {
        startedMs = now
        total = 0
        busy = 0
        byAddress.clear()
      }
      if (total >= limits.packetsPerSecond) return false
      const key = addressKey(address)
      const count = byAddress.get(key) ?? 0
      if (count >= limits.packetsPerAddress) return false
      const isBusy = count >= limits.firstPackets
      if (isBusy && busy >= limits.busyPacketsPerSecond) return false
      if (isBusy) busy++
      byAddress.set(key, count + 1)
      total++
      return true
    }
  }
}
