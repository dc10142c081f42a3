import { raceAbort } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { packetCodes } from '../packets/codes.ts'
import { decodeStatus, encodeStatus, type PeerStatus } from '../packets/status.ts'
import type { Packet, PeerLink } from '../ports.ts'
import type { LinkMeter } from './bandwidth.ts'
import type { NodeContext } from './context.ts'

/** What a handshake runs on. */
export interface HandshakeParts {
  readonly link: PeerLink
  readonly packets: AsyncIterator<Packet>
  readonly meter: LinkMeter
  readonly abort: AbortController
}

/** @throws WhisperError `packet-too-large` */
export function assertPacketSize({ requirements }: NodeContext, { payload }: Packet): void {
  const most = requirements.current().maxMessageSize
  if (payload.length <= most) return
  throw new WhisperError('packet-too-large', `packet: ${payload.length} bytes, at most ${most}`, {
    origin: 'peer',
    details: { got: payload.length, most }
  })
}

async function sendStatus(context: NodeContext, { link, meter, abort }: HandshakeParts): Promise<void> {
  const { options, requirements } = context
  const payload = encodeStatus({
    minPow: requirements.minPow(),
    bloom: requirements.bloom(),
    light: requirements.light(),
    confirmations: options.confirmations,
    rateLimits: {
      address: BigInt(Math.floor(options.rateLimitPerAddress)),
      peer: BigInt(Math.floor(options.rateLimitPerPeer)),
      topic: BigInt(Math.floor(options.rateLimitPerTopic))
    }
  })
  await link.send(packetCodes.status, payload, { signal: abort.signal })
  meter.sent(packetCodes.status, payload.length)
}

function statusOf(context: NodeContext, packet: Packet): PeerStatus {
  assertPacketSize(context, packet)
  if (packet.code !== packetCodes.status) {
    throw new WhisperError('handshake-failed', `handshake: expected Status, got packet ${packet.code}`, {
      origin: 'peer',
      details: { code: packet.code }
    })
  }
  const status = decodeStatus(packet.payload)
  if (status.light && context.requirements.light() && context.options.restrictLightLinks) {
    throw new WhisperError('handshake-failed', 'handshake: both sides are light nodes', { origin: 'peer' })
  }
  return status
}

async function awaitStatus(context: NodeContext, parts: HandshakeParts): Promise<PeerStatus | undefined> {
  const { options, scheduler } = context
  const { packets, meter, abort } = parts
  const cancel = scheduler.after(options.handshakeTimeoutMs, () => {
    abort.abort(
      new WhisperError('handshake-timeout', 'handshake: no Status in time', {
        origin: 'peer',
        details: { timeoutMs: options.handshakeTimeoutMs }
      })
    )
  })
  try {
    const first = await raceAbort(packets.next(), abort.signal)
    if (first.done === true) return undefined
    meter.received(first.value.code, first.value.payload.length)
    return statusOf(context, first.value)
  } finally {
    cancel()
  }
}

/**
 * Exchanges Status. `undefined` when the link ended first.
 * @throws WhisperError `handshake-failed`, `handshake-timeout`, `packet-too-large`, `invalid-packet`
 */
export async function shakeHands(context: NodeContext, parts: HandshakeParts): Promise<PeerStatus | undefined> {
  const { abort } = parts
  const sending = sendStatus(context, parts)
  // A peer that talks first must be heard even if it never takes our Status.
  sending.catch(error => abort.abort(error))
  const status = await awaitStatus(context, parts)
  if (status !== undefined) await raceAbort(sending, abort.signal)
  return status
}
