import { equalBytes } from '@status-stack/crypto'
import type { AnnouncedInterest } from './announced-interest.ts'
import type { Peer } from './peer.ts'
import type { EnvelopeProtocol, OwnPacket, OwnStatus } from './protocol.ts'
import type { OwnRequirements } from './requirements.ts'

/** What a peer was last told, of the things that change. */
export type Announced = Pick<OwnStatus, 'minPow' | 'interest' | 'light'>

/** What is announced now. */
export function announcedNow(own: OwnRequirements): Announced {
  return { minPow: own.minPow(), interest: own.interest(), light: own.light() }
}

/** One retry each, as go-ethereum has it. */
async function sendTwice(peer: Peer, { code, payload }: OwnPacket): Promise<void> {
  await peer.send(code, payload).catch(() => peer.send(code, payload))
}

function sameInterest(a: AnnouncedInterest, b: AnnouncedInterest): boolean {
  if (a.topics !== b.topics) return false
  return a.bloom === undefined || b.bloom === undefined ? a.bloom === b.bloom : equalBytes(a.bloom, b.bloom)
}

/** What changed between our Status and the end of the handshake. */
export async function announceRequirements(
  protocol: EnvelopeProtocol,
  peer: Peer,
  own: OwnRequirements,
  before: Announced
): Promise<void> {
  const now = announcedNow(own)
  const change: Partial<Announced> = {
    ...(now.minPow === before.minPow ? {} : { minPow: now.minPow }),
    ...(sameInterest(now.interest, before.interest) ? {} : { interest: now.interest }),
    ...(now.light === before.light ? {} : { light: now.light })
  }
  if (Object.keys(change).length > 0) await announceChange(protocol, [peer], change)
}

/** Tells these peers; resolves when each has taken it or its link failed. */
export async function announceChange(
  protocol: EnvelopeProtocol,
  peers: Iterable<Peer>,
  change: Partial<OwnStatus>
): Promise<void> {
  const packets = protocol.announce(change)
  if (packets.length === 0) return
  await Promise.allSettled([...peers].flatMap(peer => packets.map(packet => sendTwice(peer, packet))))
}
