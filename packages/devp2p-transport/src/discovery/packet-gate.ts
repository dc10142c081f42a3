import { addressKey } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'

/** Lets so many packets a second through to the signature check: in all, from one address, and from those that send many. */
export interface PacketGate {
  /** @param isAwaited we wait for a reply from that address: what others send in their own or forged names does not keep its first ones out */
  readonly admits: (address: string, isAwaited: boolean) => boolean
}

const windowMs = 1000

export function createPacketGate(clock: Clock): PacketGate {
  let startedMs = clock.nowMs()
  let total = 0
  let busy = 0
  // BOUNDED: cleared every second, never more than `limits.packetsPerSecond` entries, and those that we ask: a few at a time.
  const byAddress = new Map<string, number>()
  return {
    admits: (address, isAwaited) => {
      const now = clock.nowMs()
      if (now - startedMs >= windowMs || now < startedMs) {
        startedMs = now
        total = 0
        busy = 0
        byAddress.clear()
      }
      const key = addressKey(address)
      const count = byAddress.get(key) ?? 0
      if (isAwaited && count < limits.firstPackets) {
        byAddress.set(key, count + 1)
        return true
      }
      if (total >= limits.packetsPerSecond) return false
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
