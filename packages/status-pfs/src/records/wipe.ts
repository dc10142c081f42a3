import type { PeerRecord } from './peer.ts'
import type { SelfRecord } from './self.ts'
import type { Session } from './session.ts'

/**
 * Overwrites the secrets of a session. Best effort: the engine may have copied them, and the store keeps its own bytes.
 */
export function wipeSession({ ratchet }: Session): void {
  for (const key of [ratchet.rootKey, ratchet.sendChainKey, ratchet.recvChainKey, ratchet.self.privateKey]) key.fill(0)
  for (const { key } of ratchet.messageKeys) key.fill(0)
}

export function wipePeer(peer: PeerRecord): void {
  peer.secret?.fill(0)
  for (const { sessions } of peer.devices) sessions.forEach(wipeSession)
}

export function wipeSelf(self: SelfRecord): void {
  for (const { pair } of self.prekeys) pair.privateKey.fill(0)
}
