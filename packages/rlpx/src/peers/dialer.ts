import { whenAborted } from '@status-stack/utils'
import { peerIdOf } from '../enode.ts'
import { abortedError, environmentError, TransportError, throwIfAborted } from '../errors.ts'
import type { PeerInfo } from '../host/types.ts'
import { limits } from '../limits.ts'
import type { ByteStream, CancelTimer, Carrier, NodeAddress, Scheduler } from '../ports.ts'
import { notAllowed } from './net-restrict.ts'

/** Dials in flight: one for each node, a few at a time, shared by everyone who asked. */
export interface Dialer {
  /** Joins or starts the dial of a node. Aborting only leaves; the last to leave ends it. */
  readonly dial: (node: NodeAddress, signal?: AbortSignal) => Promise<PeerInfo>
  /** A peer opened, by whichever connection: everyone waiting for it is served. */
  readonly connected: (peer: PeerInfo) => void
  /** The outbound session of this node ended before it opened. */
  readonly failed: (peerId: string, error: TransportError) => void
  /** Ends every dial. */
  readonly stop: () => void
  readonly active: () => number
}

export interface DialerParts {
  readonly carrier: Carrier
  readonly scheduler: Scheduler
  /** Addresses that may be connected to. */
  readonly admits: ((address: string) => boolean) | undefined
  readonly maxConcurrentDials: number
  readonly dialTimeoutMs: number
  /** How long a dial that lost against another connection of the same node waits for that one. */
  readonly duplicateWaitMs: number
  readonly started: () => void
  /** Takes a connected stream over; ends in `connected` or `failed`. The answer gives it up before that. */
  readonly begin: (stream: ByteStream, node: NodeAddress) => (error: TransportError) => void
  readonly finished: (peerId: string, error: TransportError | undefined, node: NodeAddress) => void
}

interface Attempt {
  readonly peerId: string
  readonly node: NodeAddress
  readonly controller: AbortController
  readonly waiters: Set<{
    readonly resolve: (peer: PeerInfo) => void
    readonly reject: (error: TransportError) => void
  }>
  running: boolean
  cancelTimer: CancelTimer | undefined
  /** Ends the session on its way to open, if there is one. */
  giveUp: ((error: TransportError) => void) | undefined
}

const alreadyConnected = 5

function newAttempt(peerId: string, node: NodeAddress): Attempt {
  return {
    peerId,
    node,
    controller: new AbortController(),
    waiters: new Set(),
    running: false,
    cancelTimer: undefined,
    giveUp: undefined
  }
}

/** One who waits for an attempt. Aborting leaves; `empty` is called when that was the last. */
function join(
  { waiters }: Attempt,
  signal: AbortSignal | undefined,
  empty: () => void,
  resolve: (peer: PeerInfo) => void,
  reject: (error: TransportError) => void
): void {
  const leave = (): void => {
    waiters.delete(waiter)
    if (signal !== undefined) waiter.reject(abortedError(signal))
    if (waiters.size === 0) empty()
  }
  const waiter = {
    resolve: (peer: PeerInfo) => {
      callOff?.()
      resolve(peer)
    },
    reject: (error: TransportError) => {
      callOff?.()
      reject(error)
    }
  }
  waiters.add(waiter)
  const callOff = signal && whenAborted(signal, leave)
}

/** Dials of a host: queued, shared, bounded in number and time. */
export function createDialer(parts: DialerParts): Dialer {
  // BOUNDED: `limits.queuedDials` wait, `maxConcurrentDials` run.
  const attempts = new Map<string, Attempt>()
  let running = 0

  const settle = (attempt: Attempt, outcome: PeerInfo | TransportError): void => {
    if (attempts.get(attempt.peerId) !== attempt) return
    attempts.delete(attempt.peerId)
    attempt.cancelTimer?.()
    if (attempt.running) running--
    attempt.controller.abort()
    const failed = TransportError.is(outcome)
    for (const { resolve, reject } of attempt.waiters) {
      if (failed) reject(outcome)
      else resolve(outcome)
    }
    parts.finished(attempt.peerId, failed ? outcome : undefined, attempt.node)
    startNext()
  }

  /** Cancels an attempt. Its signal stops the carrier from connecting; a session that is already in its handshake is given up separately. */
  const abandon = (attempt: Attempt, why: TransportError): void => {
    attempt.giveUp?.(why)
    settle(attempt, why)
  }

  const startNext = (): void => {
    for (const attempt of attempts.values()) {
      if (running >= parts.maxConcurrentDials) return
      if (!attempt.running) void run(attempt)
    }
  }

  const run = async (attempt: Attempt): Promise<void> => {
    attempt.running = true
    running++
    parts.started()
    attempt.cancelTimer = parts.scheduler.after(parts.dialTimeoutMs, () => {
      settle(attempt, environmentError('timeout', 'dial: not connected in time'))
    })
    try {
      const stream = await parts.carrier.dial(attempt.node, {
        signal: attempt.controller.signal,
        admits: parts.admits
      })
      if (attempts.get(attempt.peerId) !== attempt) {
        stream.destroy()
        return
      }
      // A carrier may resolve names in ways of its own.
      if (parts.admits?.(stream.remoteAddress) === false) {
        stream.destroy()
        throw notAllowed()
      }
      attempt.cancelTimer()
      attempt.giveUp = parts.begin(stream, attempt.node)
    } catch (cause) {
      settle(attempt, TransportError.is(cause) ? cause : environmentError('network', 'dial: failed', {}, cause))
    }
  }

  return {
    dial: (node, signal) =>
      new Promise((resolve, reject) => {
        throwIfAborted(signal)
        const peerId = peerIdOf(node.publicKey)
        if (!attempts.has(peerId) && attempts.size >= limits.queuedDials) {
          throw environmentError('refused', `dial: ${limits.queuedDials} dials are already waiting`)
        }
        const attempt = attempts.get(peerId) ?? newAttempt(peerId, node)
        const empty = (): void => abandon(attempt, environmentError('aborted', 'dial: nobody waits for it'))
        join(attempt, signal, empty, resolve, reject)
        if (!attempts.has(peerId)) {
          attempts.set(peerId, attempt)
          startNext()
        }
      }),
    connected: peer => {
      const attempt = attempts.get(peer.peerId)
      if (attempt !== undefined) settle(attempt, peer)
    },
    failed: (peerId, error) => {
      const attempt = attempts.get(peerId)
      if (attempt === undefined) return
      if (error.details['reason'] !== alreadyConnected) {
        settle(attempt, error)
        return
      }
      // The other connection of a simultaneous dial stays; it may still be on its way to open.
      attempt.cancelTimer?.()
      attempt.cancelTimer = parts.scheduler.after(parts.duplicateWaitMs, () => {
        settle(attempt, error)
      })
    },
    stop: () => {
      for (const attempt of [...attempts.values()])
        abandon(attempt, environmentError('stopped', 'the host was stopped'))
    },
    active: () => running
  }
}
