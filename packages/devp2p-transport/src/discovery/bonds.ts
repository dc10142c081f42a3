import { addressKey } from '@status-stack/rlpx/carrier'
import { type BoundedMap, createBoundedMap } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'

/** Who has proved its address to us and to whom we have proved ours, each for 24 hours. */
export interface Bonds {
  /** A matching Pong came: the node is at that address. */
  readonly pongReceived: (peerId: string, address: string) => void
  /** A Ping came: the node has what it needs to trust our address. */
  readonly pingReceived: (peerId: string, address: string) => void
  readonly hasProved: (peerId: string, address: string) => boolean
  /** Whether any node has proved that it is there: packets from that address are not forged by others. */
  readonly addressProved: (address: string) => boolean
  readonly hasPinged: (peerId: string, address: string) => boolean
  readonly size: () => number
}

/** SPEC: the written text says 12 hours; DEVIATION: go-ethereum 1.9.5 keeps an endpoint proof for 24. */
const bondExpirationMs = 24 * 3_600_000

export function createBonds(clock: Clock): Bonds {
  // BOUNDED: `limits.bonds` in each map, least recently renewed evicted first.
  const make = (): BoundedMap<string, number> => createBoundedMap({ maxEntries: limits.bonds })
  const pongs = make()
  const pings = make()
  const addresses = make()
  const fresh = (map: BoundedMap<string, number>, key: string): boolean => {
    const at = map.get(key)
    return at !== undefined && clock.nowMs() - at < bondExpirationMs
  }
  return {
    pongReceived: (peerId, address) => {
      pongs.set(`${peerId}@${address}`, clock.nowMs())
      addresses.set(addressKey(address), clock.nowMs())
    },
    pingReceived: (peerId, address) => {
      pings.set(`${peerId}@${address}`, clock.nowMs())
    },
    hasProved: (peerId, address) => fresh(pongs, `${peerId}@${address}`),
    addressProved: address => fresh(addresses, addressKey(address)),
    hasPinged: (peerId, address) => fresh(pings, `${peerId}@${address}`),
    size: () => pongs.size() + pings.size()
  }
}
