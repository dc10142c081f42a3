import { equalBytes } from '@status-stack/crypto'
import { findDevice, isOwn, publicIdentity } from './installations.ts'
import { indexPeer } from './peers.ts'
import { currentPrekey, isCoolingDown, rotateForRecovery } from './prekeys.ts'
import type { PeerRecord } from './records/peer.ts'
import type { Transaction } from './transaction.ts'
import type { Effect, OpenFailure } from './types.ts'

/** Failures that a session of ours cannot recover from by itself. Duplicates are not included. */
const broken: ReadonlySet<OpenFailure> = new Set([
  'unknown-prekey',
  'unknown-session',
  'bad-mac',
  'already-used',
  'too-many-skipped'
])

async function advertise(tx: Transaction, peer: PeerRecord): Promise<readonly Effect[]> {
  peer.advertisedMs = tx.nowMs
  // Never to our own devices: they learn our bundle from whatever we seal for them next.
  if (isOwn(tx, peer.identity)) return []
  await indexPeer(tx, peer, 'seen')
  return [
    { kind: 'advertise', to: { kind: 'identity', publicKey: publicIdentity(peer.identity), reach: 'any-device' } }
  ]
}

/**
 * What a failed open sets in motion, at most once per cooldown and peer; the cooldown is part of what is stored before
 * the effect leaves.
 *
 * A device that does not know us needs our bundle. A broken session needs a prekey that the other side has not seen:
 * its next message then starts a new session. Own devices see the new prekey in whatever we seal for them next.
 * SPEC: 5/SECURE-TRANSPORT, device not found. DEVIATION: status-go 0.56.10 never sends this reply.
 */
export async function recoverSession(
  tx: Transaction,
  peer: PeerRecord,
  reason: OpenFailure,
  session?: { readonly installationId: string; readonly bundleId: Uint8Array }
): Promise<readonly Effect[]> {
  if (reason === 'not-for-this-device') return isCoolingDown(tx, peer.advertisedMs) ? [] : advertise(tx, peer)
  if (session === undefined || !broken.has(reason) || isCoolingDown(tx, peer.advertisedMs)) return []
  const device = findDevice(peer, session.installationId)
  if (device !== undefined) device.brokenMs = tx.nowMs
  const self = await tx.self()
  if (!isCoolingDown(tx, self.recoveredMs)) {
    rotateForRecovery(tx, self)
    return advertise(tx, peer)
  }
  // Rotated a moment ago for another peer. One that uses the new prekey already is not helped by hearing of it again.
  return equalBytes(session.bundleId, currentPrekey(self).pair.publicKey) ? [] : advertise(tx, peer)
}
