import { callerError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { CancelTimer, Clock, NodeAddress, Scheduler } from '../ports.ts'
import { type RedialDelays, redialDelayMs } from './redial.ts'

/** Nodes we keep a connection to: dialed again for ever. */
export interface StaticPeers {
  /** @throws TransportError `refused` at `limits.staticPeers` */
  readonly add: (peerId: string, node: NodeAddress) => void
  readonly remove: (peerId: string) => void
  readonly has: (peerId: string) => boolean
  readonly size: () => number
  /** Dials whatever is due from now on. */
  readonly start: () => void
  readonly stop: () => void
  readonly attempted: (peerId: string) => void
  readonly opened: (peerId: string) => void
  /** A dial failed or the connection ended; answers when the node is dialed again. */
  readonly lost: (peerId: string, failed: boolean) => number | undefined
}

export interface StaticPeersParts {
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly delays: RedialDelays
  readonly isConnected: (peerId: string) => boolean
  readonly dial: (node: NodeAddress) => void
}

interface Entry {
  readonly node: NodeAddress
  failures: number
  lastAttemptMs: number | undefined
  cancel: CancelTimer | undefined
}

export function createStaticPeers(parts: StaticPeersParts): StaticPeers {
  // BOUNDED: `limits.staticPeers`.
  const entries = new Map<string, Entry>()
  let running = false

  const dueMs = ({ node, failures, lastAttemptMs }: Entry): number => {
    const now = parts.clock.nowMs()
    return lastAttemptMs === undefined
      ? now
      : Math.max(now, lastAttemptMs + redialDelayMs(node.host, failures, parts.delays))
  }

  const schedule = (peerId: string, entry: Entry): number | undefined => {
    entry.cancel?.()
    entry.cancel = undefined
    if (!running || parts.isConnected(peerId)) return undefined
    const due = dueMs(entry)
    const wait = due - parts.clock.nowMs()
    const dial = (): void => {
      entry.cancel = undefined
      if (!running || entries.get(peerId) !== entry || parts.isConnected(peerId)) return
      parts.dial(entry.node)
    }
    if (wait <= 0) dial()
    else entry.cancel = parts.scheduler.after(wait, dial)
    return due
  }

  return {
    add: (peerId, node) => {
      const known = entries.get(peerId)
      if (known === undefined && entries.size >= limits.staticPeers) {
        throw callerError('refused', `static peers: at most ${limits.staticPeers}`)
      }
      known?.cancel?.()
      const entry: Entry = { node, failures: 0, lastAttemptMs: known?.lastAttemptMs, cancel: undefined }
      entries.set(peerId, entry)
      schedule(peerId, entry)
    },
    remove: peerId => {
      entries.get(peerId)?.cancel?.()
      entries.delete(peerId)
    },
    has: peerId => entries.has(peerId),
    size: () => entries.size,
    start: () => {
      running = true
      for (const [peerId, entry] of entries) schedule(peerId, entry)
    },
    stop: () => {
      running = false
      for (const entry of entries.values()) {
        entry.cancel?.()
        entry.cancel = undefined
      }
    },
    attempted: peerId => {
      const entry = entries.get(peerId)
      if (entry !== undefined) entry.lastAttemptMs = parts.clock.nowMs()
    },
    opened: peerId => {
      const entry = entries.get(peerId)
      if (entry === undefined) return
      entry.failures = 0
      entry.cancel?.()
      entry.cancel = undefined
    },
    lost: (peerId, failed) => {
      const entry = entries.get(peerId)
      if (entry === undefined) return undefined
      if (failed) entry.failures++
      return schedule(peerId, entry)
    }
  }
}
