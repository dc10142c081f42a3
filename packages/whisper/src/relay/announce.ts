import { equalBytes } from '@status-stack/crypto'
import { packetCodes } from '../packets/codes.ts'
import { encodeBloomFilter, encodePowRequirement } from '../packets/requirements.ts'
import type { Peer } from './peer.ts'
import type { OwnRequirements } from './requirements.ts'

/** What a peer was last told. */
export interface Announced {
  readonly minPow: number
  readonly bloom: Uint8Array | undefined
}

/** One retry each, as go-ethereum has it. */
async function sendTwice(peer: Peer, code: number, payload: Uint8Array): Promise<void> {
  await peer.send(code, payload).catch(() => peer.send(code, payload))
}

/** Packets 2 and 3 for what changed between our Status and the end of the handshake. */
export async function announceRequirements(peer: Peer, own: OwnRequirements, announced: Announced): Promise<void> {
  if (own.minPow() !== announced.minPow) await announcePow([peer], own.minPow())
  const bloom = own.bloom()
  if (bloom !== undefined && (announced.bloom === undefined || !equalBytes(bloom, announced.bloom))) {
    await announceBloom([peer], bloom)
  }
}

/** Packet 2 to these peers; resolves when each has taken it or its link failed. */
export async function announcePow(peers: Iterable<Peer>, minPow: number): Promise<void> {
  const payload = encodePowRequirement(minPow)
  await Promise.allSettled([...peers].map(peer => sendTwice(peer, packetCodes.powRequirement, payload)))
}

/** Packet 3 to these peers; resolves when each has taken it or its link failed. */
export async function announceBloom(peers: Iterable<Peer>, bloom: Uint8Array): Promise<void> {
  const payload = encodeBloomFilter(bloom)
  await Promise.allSettled([...peers].map(peer => sendTwice(peer, packetCodes.bloomFilter, payload)))
}
