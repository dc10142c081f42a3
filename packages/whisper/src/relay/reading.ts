import { delay, raceAbort } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import type { Packet } from '../ports.ts'
import type { LinkMeter } from './bandwidth.ts'
import { isOwedAnswer } from './confirmations.ts'
import type { NodeContext } from './context.ts'
import type { Dispatch } from './dispatch.ts'
import { assertPacketSize } from './handshake.ts'
import type { Peer } from './peer.ts'
import type { LinkLimiter } from './rate-limiter.ts'

/** What the reader of a link needs beside its packets. */
export interface ReaderParts {
  readonly limiter: LinkLimiter
  readonly meter: LinkMeter
  readonly dispatch: Dispatch
  /** Called at each packet that comes. */
  readonly onPacket: () => void
  /** Waits while the readers of what this peer brought are behind. */
  readonly room: (peer: Peer) => Promise<void>
}

/** Waits until the limits of the link let one more packet through. @throws WhisperError `rate-limit-exceeded` at the tolerance */
function createThrottle(context: NodeContext, peer: Peer, limiter: LinkLimiter): (bytes: number) => Promise<void> {
  const { options, clock, scheduler, events } = context
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
  return async bytes => {
    for (let waited = false; ; waited = true) {
      const { waitMs, scope } = limiter.packet(clock.nowMs(), bytes)
      if (waitMs === 0) return
      if (!waited) countOne(scope)
      await delay(scheduler, waitMs, peer.abort.signal)
      peer.abort.signal.throwIfAborted()
    }
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
  const throttle = createThrottle(context, peer, limiter)
  for (;;) {
    const next = await raceAbort(packets.next(), signal)
    if (next.done === true) return
    onPacket()
    const { code, payload } = next.value
    meter.received(code, payload.length)
    assertPacketSize(context, next.value)
    if (!isOwedAnswer(peer, code, payload)) await throttle(payload.length)
    await dispatch(peer, code, payload)
    // The answer to a history request may be what the slow reader waits for.
    if (peer.leases === 0) await room(peer)
    signal.throwIfAborted()
    // A link whose packets are at hand already would otherwise never let go of the turn.
    const pause = context.slicer.yielded(signal)
    if (pause !== undefined) await pause
  }
}
