import { type CompleteEnode, type Host, peerIdOf } from '@status-stack/rlpx'
import { isLocal, networkKey } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'

/** A node that may be dialed. */
export interface Candidate {
  readonly peerId: string
  readonly node: CompleteEnode
  /** It served us well before this run: tried first. */
  readonly remembered: boolean
}

interface Tried extends Candidate {
  readonly network: string
  failures: number
  notBeforeMs: number
}

/** Nodes to dial, with what became of earlier attempts. */
export interface Candidates {
  readonly add: (node: CompleteEnode, remembered: boolean) => void
  readonly get: (peerId: string) => Candidate | undefined
  /** The next one to dial; `undefined` while none is ready. */
  readonly next: () => Candidate | undefined
  /** Dials it; an attempt that fails is counted, and the candidate left alone for longer each time. */
  readonly dial: (candidate: Candidate, signal: AbortSignal | undefined) => Promise<void>
  /** Leaves a peer alone for the first of those times. */
  readonly rest: (peerId: string) => void
  readonly size: () => number
  readonly dialing: () => number
}

/** What candidates need: who we are, whom we are connected to, and how one is dialed. */
interface CandidatesDeps {
  readonly host: Pick<Host, 'peerId' | 'peers'>
  readonly clock: Clock
  readonly dial: (node: CompleteEnode, signal: AbortSignal | undefined) => Promise<unknown>
}

const maxRetryMs = 3_600_000

/** Candidates of one pool. `retryMs`: how long one that failed is left alone; doubles up to an hour. */
export function createCandidates({ host, clock, dial }: CandidatesDeps, retryMs: number): Candidates {
  // BOUNDED: `limits.poolCandidates`.
  const candidates = new Map<string, Tried>()
  const dialing = new Set<string>()

  /**
   * Who makes room: of those that have not served us well yet, one of the network that has most of them beyond what is dialed within it, and where
   * none has more, the one that failed most. Nodes cost nothing, networks do: who names many displaces none but his own.
   */
  const leastWanted = (): Tried | undefined => {
    const strangers = [...candidates.values()].filter(({ remembered }) => !remembered)
    const crowds = new Map<string, number>()
    for (const { network } of strangers) crowds.set(network, (crowds.get(network) ?? 0) + 1)
    const crowd = ({ network }: Tried): number => Math.max(limits.poolNetwork, crowds.get(network) ?? 0)
    const isLess = (a: Tried, b: Tried): boolean =>
      crowd(a) > crowd(b) || (crowd(a) === crowd(b) && a.failures > b.failures)
    let least: Tried | undefined
    for (const each of strangers) if (least === undefined || isLess(each, least)) least = each
    return least
  }

  /** SPEC: one network must not fill the pool: at most two of our peers from a /24, LAN exempt. */
  const isCrowded = (address: string): boolean => {
    if (isLocal(address)) return false
    const key = networkKey(address)
    const dialed = [...dialing].map(id => candidates.get(id)?.node.host ?? '')
    const peers = host
      .peers()
      .filter(({ direction }) => direction === 'outbound')
      .map(peer => peer.remoteAddress)
    return [...dialed, ...peers].filter(other => networkKey(other) === key).length >= limits.poolNetwork
  }

  return {
    add: (node, remembered) => {
      const peerId = peerIdOf(node.publicKey)
      if (peerId === host.peerId || node.tcpPort === 0 || candidates.has(peerId)) return
      if (candidates.size >= limits.poolCandidates) {
        const least = leastWanted()
        if (least === undefined) return
        candidates.delete(least.peerId)
      }
      const network = networkKey(node.host)
      candidates.set(peerId, { peerId, node, remembered, network, failures: 0, notBeforeMs: 0 })
    },
    get: peerId => candidates.get(peerId),
    next: () => {
      const connected = new Set(host.peers().map(({ peerId }) => peerId))
      const now = clock.nowMs()
      const ready = [...candidates.values()].filter(
        ({ peerId, node, notBeforeMs }) =>
          notBeforeMs <= now && !connected.has(peerId) && !dialing.has(peerId) && !isCrowded(node.host)
      )
      return ready.find(({ remembered }) => remembered) ?? ready[0]
    },
    dial: async ({ peerId, node }, signal) => {
      dialing.add(peerId)
      const tried = candidates.get(peerId)
      try {
        await dial(node, signal)
        if (tried !== undefined) tried.failures = 0
      } catch {
        if (tried === undefined) return
        tried.failures++
        tried.notBeforeMs = clock.nowMs() + Math.min(retryMs * 2 ** (tried.failures - 1), maxRetryMs)
      } finally {
        dialing.delete(peerId)
      }
    },
    rest: peerId => {
      const candidate = candidates.get(peerId)
      if (candidate !== undefined) candidate.notBeforeMs = clock.nowMs() + retryMs
    },
    size: () => candidates.size,
    dialing: () => dialing.size
  }
}
