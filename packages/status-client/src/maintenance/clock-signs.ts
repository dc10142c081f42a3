import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { SkewFact } from './clock-skew.ts'

/** An envelope that was refused for its time, between a peer and us. */
export type ClockSign =
  /** Refused by us as sent in the future: our clock may be behind. */
  | 'from-future'
  /** Refused by us as expired: our clock may be ahead. */
  | 'expired'
  /** One of ours, refused by the peer. */
  | 'rejected'

/** What the signs are weighed against. */
export interface ClockSignPorts {
  /** Live envelopes that peers have sent, and envelopes of ours that they have taken, since the node was made. */
  readonly totals: () => { readonly received: number; readonly acknowledged: number }
  readonly connectedPeers: () => number
}

export interface ClockSigns {
  readonly note: (peerId: string, sign: ClockSign) => void
  /** Weighs again, so that a warning ends when the signs do. */
  readonly check: () => void
  readonly warning: () => boolean
}

/** Signs that are weighed together, and how many envelopes passed since the first of them. */
interface Window {
  readonly sinceMs: number
  readonly receivedBefore: number
  readonly takenBefore: number
  readonly peers: Set<string>
  readonly counts: Record<ClockSign, number>
}

/**
 * Signs that our clock is off: with a clock a minute off nothing arrives, nothing is delivered, and no message says why. Most peers
 * and most of what passes have to disagree with us. What an outsider adds to that can cause a warning, and nothing else.
 */
export function createClockSigns(clock: Clock, ports: ClockSignPorts, changed: (fact: SkewFact) => void): ClockSigns {
  let window: Window | undefined
  let warned = false

  const current = (): Window | undefined => {
    if (window !== undefined && Math.abs(clock.nowMs() - window.sinceMs) >= limits.clockSignMs) window = undefined
    return window
  }

  const isDoubtful = ({ receivedBefore, takenBefore, peers, counts }: Window): boolean => {
    const { received, acknowledged: taken } = ports.totals()
    const refused = counts['from-future'] + counts.expired
    const inbound = refused >= limits.clockSignMinimum && refused * 2 >= received - receivedBefore
    const outbound =
      counts.rejected >= limits.clockSignMinimum && counts.rejected * 2 >= taken - takenBefore + counts.rejected
    return (inbound || outbound) && peers.size * 2 > ports.connectedPeers()
  }

  const directionOf = ({ counts }: Window): SkewFact['direction'] => {
    if (counts['from-future'] === counts.expired) return 'unknown'
    return counts['from-future'] > counts.expired ? 'behind' : 'ahead'
  }

  const check = (): void => {
    const signs = current()
    const warning = signs !== undefined && isDoubtful(signs)
    if (warning === warned) return
    warned = warning
    const direction = signs !== undefined && warning ? directionOf(signs) : 'none'
    changed({ cause: 'envelopes', direction, warning })
  }

  const begin = (sign: ClockSign): Window => {
    const { received, acknowledged: taken } = ports.totals()
    return {
      sinceMs: clock.nowMs(),
      // This envelope is among those that were received.
      receivedBefore: sign === 'rejected' ? received : received - 1,
      takenBefore: taken,
      // BOUNDED: limits.clockSignPeers
      peers: new Set(),
      counts: { 'from-future': 0, expired: 0, rejected: 0 }
    }
  }

  return {
    note: (peerId, sign) => {
      window = current() ?? begin(sign)
      if (window.peers.size < limits.clockSignPeers) window.peers.add(peerId)
      window.counts[sign] += 1
      check()
    },
    check: () => {
      if (warned) check()
    },
    warning: () => warned
  }
}
