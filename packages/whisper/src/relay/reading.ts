import { delay } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Packet } from '../ports.ts'
import type { LinkMeter } from './bandwidth.ts'
import { isOwedAnswer } from './confirmations.ts'
import type { NodeContext } from './context.ts'
import type { Dispatch } from './dispatch.ts'
import { assertPacketSize } from './handshake.ts'
import type { Peer } from './peer.ts'
import type { LinkLimiter, PacketCount } from './rate-limiter.ts'

/** What the reader of a link needs beside its packets. */
export interface ReaderParts {
  readonly limiter: LinkLimiter
  readonly meter: LinkMeter
  readonly dispatch: Dispatch
  /** Called at each packet that comes. */
  readonly onPacket: () => void
  /** Waits while the readers of what this peer brought are behind. */
  readonly room: (peer: Peer) => Promise<void> | undefined
}

/** Waits, if it must, until the limits of the link let one more packet through. @throws WhisperError `rate-limit-exceeded` at the tolerance */
function createThrottle(
  context: NodeContext,
  peer: Peer,
  limiter: LinkLimiter
): (bytes: number) => Promise<void> | undefined {
  const { options, steady, scheduler, events } = context
  let count = 0
  const countOne = (scope: 'address' | 'peer'): void => {
    count += 1
    events.emit('ratelimited', { peerId: peer.id, scope, count })
    if (options.rateLimitTolerance > 0 && count >= options.rateLimitTolerance) {
      throw new WhisperError('rate-limit-exceeded', `rate limit: ${count} packets over it`, {
        origin: 'peer',
        details: { count }
      })
    }
  }
  const waitFor = async (packet: PacketCount): Promise<void> => {
    for (;;) {
      const { waitMs } = packet.settle(steady.nowMs())
      if (waitMs === 0) return
      await delay(scheduler, waitMs, peer.abort.signal)
      peer.abort.signal.throwIfAborted()
    }
  }
  return bytes => {
    const packet = limiter.begin(steady.nowMs(), bytes)
    if (packet.isFree) return undefined
    if (packet.exceeds.address) countOne('address')
    else if (packet.exceeds.peer) countOne('peer')
    return waitFor(packet)
  }
}

/** What a peer may say wrong on a link that goes on. Everything else that is its fault ends the link. */
const unreadable: ReadonlySet<string> = new Set(['invalid-packet', 'invalid-envelope'])

/** Handles packets as the protocol wants it: a bad one ends the link, or is noted and skipped. */
function createHandler(
  context: NodeContext,
  peer: Peer,
  dispatch: Dispatch
): (code: number, payload: Uint8Array) => Promise<void> {
  const { protocol, events, logger } = context
  if (!protocol.toleratesBadPackets) return (code, payload) => dispatch(peer, code, payload)
  let logged = 0
  return async (code, payload) => {
    try {
      await dispatch(peer, code, payload)
    } catch (error) {
      if (!WhisperError.is(error) || !unreadable.has(error.code)) throw error
      events.emit('packetrefused', { peerId: peer.id, code, error })
      // BOUNDED: limits.loggedBadPackets a link.
      if (logged >= limits.loggedBadPackets) return
      logged += 1
      logger.warn(`${protocol.name}:relay: bad packet`, { peer: peer.id.slice(0, 8), packet: code, error: error.code })
    }
  }
}

/** The packets of a link, until the signal fires: with one listener for all, because one for each would cost more than its packet. */
function untilAborted(packets: AsyncIterator<Packet>, signal: AbortSignal) {
  let fail: (reason: unknown) => void = () => undefined
  const abort = (): void => fail(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  return {
    next: (): Promise<IteratorResult<Packet>> =>
      new Promise((resolve, reject) => {
        if (signal.aborted) reject(signal.reason)
        fail = reject
        packets.next().then(resolve, reject)
      }),
    stop: (): void => signal.removeEventListener('abort', abort)
  }
}

/** Reads a link to its end, one packet after the other. @throws WhisperError with origin `peer` on a violation */
export async function readPackets(
  context: NodeContext,
  peer: Peer,
  packets: AsyncIterator<Packet>,
  { limiter, meter, dispatch, onPacket, room }: ReaderParts
): Promise<void> {
  const { signal } = peer.abort
  const { protocol } = context
  const handle = createHandler(context, peer, dispatch)
  const throttle = createThrottle(context, peer, limiter)
  const reader = untilAborted(packets, signal)
  try {
    for (;;) {
      const next = await reader.next()
      if (next.done === true) return
      onPacket()
      const { code } = next.value
      const payload = protocol.readablePart(code, next.value.payload)
      meter.received(code, next.value.payload.length)
      assertPacketSize(context, next.value)
      const isWhole = payload.length === next.value.payload.length
      if (!(isWhole && isOwedAnswer(peer, code, payload))) {
        const wait = throttle(next.value.payload.length)
        if (wait !== undefined) await wait
      }
      await handle(code, payload)
      // The answer to a history request may be what the slow reader waits for.
      const full = peer.leases === 0 ? room(peer) : undefined
      if (full !== undefined) await full
      signal.throwIfAborted()
      // A link whose packets are at hand already would otherwise never let go of the turn.
      const pause = context.slicer.yielded(signal)
      if (pause !== undefined) await pause
    }
  } finally {
    reader.stop()
  }
}
