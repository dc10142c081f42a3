import { limits } from '../limits.ts'
import { isLocal, isSpecial } from '../peers/address.ts'
import type { Clock } from '../ports.ts'

/** Our own address as others see it: believed when enough of them agree. */
export interface EndpointVotes {
  /** A peer stated our address; answers the believed address if that changed it. */
  readonly stated: (peerId: string, address: string) => string | undefined
  readonly believed: () => string | undefined
}

/** SPEC: an address stated by at least 10 distinct peers within 5 minutes. */
export const votesNeeded = 10
const votePeriodMs = 5 * 60_000

export function createEndpointVotes(clock: Clock): EndpointVotes {
  // BOUNDED: one vote a peer, `limits.endpointVotes` peers; the oldest makes room.
  const votes = new Map<string, { readonly address: string; readonly atMs: number }>()
  let believed: string | undefined
  return {
    believed: () => believed,
    stated: (peerId, address) => {
      if (isLocal(address) || isSpecial(address)) return undefined
      const now = clock.nowMs()
      votes.delete(peerId)
      votes.set(peerId, { address, atMs: now })
      for (const [id, { atMs }] of votes) {
        if (votes.size <= limits.endpointVotes && now - atMs < votePeriodMs) break
        votes.delete(id)
      }
      let count = 0
      for (const vote of votes.values()) if (vote.address === address) count++
      if (count < votesNeeded || address === believed) return undefined
      believed = address
      return address
    }
  }
}
