import { addressKey, isLocal, isSpecial, networkKey } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'

/** Our own address as others see it: believed when the majority of enough of them agree. */
export interface EndpointVotes {
  /** The node at `voter` stated our address; returns the believed address if that changed it. */
  readonly stated: (voter: string, address: string) => string | undefined
  readonly believed: () => string | undefined
}

/** SPEC: an address stated by at least 10 distinct peers within 5 minutes. */
export const votesNeeded = 10
const votePeriodMs = 5 * 60_000

interface Vote {
  readonly address: string
  readonly network: string
  readonly atMs: number
}

/**
 * Keys cost nothing, so they have no vote: each address has one (IPv6: each /64), its latest, and each network at most
 * `limits.votesPerNetwork`. An address is believed when at least {@link votesNeeded} votes are for it and they are more than half.
 */
export function createEndpointVotes(clock: Clock): EndpointVotes {
  // BOUNDED: `limits.endpointVotes` votes, `limits.votesPerNetwork` of one network; the oldest is evicted.
  const votes = new Map<string, Vote>()
  let believed: string | undefined

  const forget = (now: number): void => {
    for (const [key, { atMs }] of votes) {
      if (votes.size <= limits.endpointVotes && now - atMs < votePeriodMs) break
      votes.delete(key)
    }
  }
  const makeRoom = (network: string): void => {
    const alike = [...votes].filter(([, vote]) => vote.network === network)
    for (const [key] of alike.slice(0, Math.max(alike.length - limits.votesPerNetwork + 1, 0))) votes.delete(key)
  }

  return {
    believed: () => believed,
    stated: (voter, address) => {
      if (isLocal(address) || isSpecial(address)) return undefined
      const now = clock.nowMs()
      const key = addressKey(voter)
      const network = networkKey(voter)
      votes.delete(key)
      makeRoom(network)
      votes.set(key, { address, network, atMs: now })
      forget(now)
      let count = 0
      for (const vote of votes.values()) if (vote.address === address) count++
      if (address === believed || count < votesNeeded || 2 * count <= votes.size) return undefined
      believed = address
      return address
    }
  }
}
