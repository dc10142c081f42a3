import { raceAbort } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { packetCodes } from '../packets/codes.ts'
import type { PeerStatus } from '../packets/status.ts'
import type { Packet, PeerLink } from '../ports.ts'
import type { LinkMeter } from './bandwidth.ts'
import type { NodeContext } from './context.ts'
import type { OwnStatus } from './protocol.ts'

/** What a handshake runs on. */
export interface HandshakeParts {
  readonly link: PeerLink
  readonly packets: AsyncIterator<Packet>
  readonly meter: LinkMeter
  readonly abort: AbortController
}

/** @throws WhisperError `packet-too-large` */
export function assertPacketSize(
  { requirements }: NodeContext,
  { payload }: Packet,
  most = requirements.current().maxMessageSize
): void {
  if (payload.length <= most) return
  throw new WhisperError('packet-too-large', `packet: ${payload.length} bytes, at most ${most}`, {
    origin: 'peer',
    details: { got: payload.length, most }
  })
}

/** What this node says about itself. */
function ownStatus({ options, requirements }: Pick<NodeContext, 'options' | 'requirements'>): OwnStatus {
  const limit = (perSecond: number): bigint => BigInt(Math.floor(perSecond))
  return {
    minPow: requirements.minPow(),
    interest: requirements.interest(),
    light: requirements.light(),
    confirmations: options.confirmations,
    rateLimits: {
      address: limit(options.rateLimitPerAddress),
      peer: limit(options.rateLimitPerPeer),
      topic: limit(options.rateLimitPerTopic)
    },
    byteLimits: { address: limit(options.byteLimitPerAddress), peer: limit(options.byteLimitPerPeer), topic: 0n }
  }
}

async function sendStatus(context: NodeContext, { link, meter, abort }: HandshakeParts): Promise<void> {
  const payload = context.protocol.encodeStatus(ownStatus(context))
  await link.send(packetCodes.status, payload, { signal: abort.signal })
  meter.sent(packetCodes.status, payload.length)
}

/** Whether this link is between two light nodes that may not be linked. */
export function isRestrictedLight({ options, requirements }: NodeContext, light: boolean): boolean {
  return light && requirements.light() && options.restrictLightLinks
}

function statusOf(context: NodeContext, packet: Packet): PeerStatus {
  const { protocol } = context
  assertPacketSize(context, packet, protocol.maxStatusBytes)
  if (packet.code !== packetCodes.status) {
    throw new WhisperError('handshake-failed', `handshake: expected Status, got packet ${packet.code}`, {
      origin: 'peer',
      details: { code: packet.code }
    })
  }
  const status = protocol.decodeStatus(protocol.readablePart(packet.code, packet.payload))
  if (isRestrictedLight(context, status.light)) {
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
