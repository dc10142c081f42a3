import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'

/** Who has proved its address to us and to whom we have proved ours, each for 24 hours. */
export interface Bonds {
  /** A matching Pong came: the node is at that address. */
  readonly pongReceived: (peerId: string, address: string) => void
  /** A Ping came: the node has what it needs to trust our address. */
  readonly pingReceived: (peerId: string, address: string) => void
  readonly hasProved: (peerId: string, address: string) => boolean
  readonly hasPinged: (peerId: string, address: string) => boolean
  readonly size: () => number
}

/** SPEC: the written text says 12 hours; DEVIATION: go-ethereum 1.9.5 keeps an endpoint proof for 24. */
export const bondExpirationMs = 24 * 3_600_000

export function createBonds(clock: Clock): Bonds {
  // BOUNDED: `limits.bonds`, the one unused longest makes room.
  const pongs = new Map<string, number>()
  const pings = new Map<string, number>()
  const put = (map: Map<string, number>, key: string): void => {
    map.delete(key)
    map.set(key, clock.nowMs())
    if (map.size <= limits.bonds) return
    const oldest = map.keys().next()
    if (oldest.done !== true) map.delete(oldest.value)
  }
  const fresh = (map: Map<string, number>, key: string): boolean => {
    const at = map.get(key)
    return at !== undefined && clock.nowMs() - at < bondExpirationMs
  }
  return {
    pongReceived: (peerId, address) => {
      put(pongs, `${peerId}@${address}`)
    },
    pingReceived: (peerId, address) => {
      put(pings, `${peerId}@${address}`)
    },
    hasProved: (peerId, address) => fresh(pongs, `${peerId}@${address}`),
    hasPinged: (peerId, address) => fresh(pings, `${peerId}@${address}`),
    size: () => pongs.size + pings.size
  }
}
