import { equalBytes } from '@status-stack/crypto'
import { addDevice, isOwn } from './installations.ts'
import { indexPeer } from './peers.ts'
import type { DeviceRecord, PeerRecord } from './records/peer.ts'
import { wipeSession } from './records/wipe.ts'
import type { Transaction } from './transaction.ts'
import type { Effect } from './types.ts'
import type { Bundle, SignedPrekey } from './wire/messages.ts'
import { isPlausible, readsOneWay } from './x3dh/reading.ts'

/** The device that sent a message. */
export interface Sender {
  /** 33 bytes. */
  readonly identity: Uint8Array
  readonly installationId: string
}

/** What a bundle says of one installation. */
interface Listing {
  readonly prekey: SignedPrekey
  /** Unix nanoseconds, as signed. */
  readonly timestamp: bigint
  /** The installation itself made the bundle. */
  readonly firstHand: boolean
  /** The identity itself sent the bundle, so that its unsigned fields are the identity's too. */
  readonly fromOwner: boolean
}

/**
 * Whether a listed prekey replaces the one we hold. The newer signed date wins, whatever the versions; at one date the higher
 * version. Siblings list what they last heard of a device: against the device's own word they win only with a higher
 * version, which they can have from the device alone.
 */
function replaces(device: DeviceRecord, { prekey, timestamp, firstHand }: Listing): boolean {
  if (device.prekey === undefined) return true
  if (timestamp < device.prekeyTimestamp) return false
  if (prekey.version > device.version) return true
  return timestamp > device.prekeyTimestamp && (firstHand || !device.firstHand)
}

function takeListing(device: DeviceRecord, listing: Listing): void {
  const { prekey, timestamp, firstHand, fromOwner } = listing
  if (replaces(device, listing)) {
    device.prekey = prekey.publicKey
    device.version = prekey.version
    device.prekeyTimestamp = timestamp
    device.firstHand = firstHand
  }
  if (fromOwner && timestamp >= device.timestamp) device.protocolVersion = prekey.protocolVersion
  if (timestamp > device.timestamp) device.timestamp = timestamp
}

/** No two installations share a prekey: of two that do, the one of an older bundle was never more than a misreading. */
function forgetMisread(peer: PeerRecord, { signedPrekeys, timestamp }: Bundle): void {
  const isListed = ({ installationId }: DeviceRecord): boolean =>
    signedPrekeys.some(listed => listed.installationId === installationId)
  const misread = peer.devices.filter(
    device =>
      !isListed(device) &&
      !device.heardFrom &&
      device.prekeyTimestamp <= timestamp &&
      signedPrekeys.some(({ publicKey }) => device.prekey !== undefined && equalBytes(publicKey, device.prekey))
  )
  for (const { sessions } of misread) sessions.forEach(wipeSession)
  peer.devices = peer.devices.filter(device => !misread.includes(device))
}

/**
 * Whether a verified bundle is believed. One that its identity sent was also encoded by the identity; one that another sent
 * may hold signed bytes in another reading.
 */
function isBelieved(tx: Transaction, bundle: Bundle, fromOwner: boolean): boolean {
  return isPlausible(bundle, tx.nowMs) && (fromOwner || readsOneWay(bundle, tx.nowMs))
}

/**
 * Takes a verified bundle into the records; one that is not believed changes nothing. Nothing here changes `enabled` of a
 * device that is known.
 */
export async function learnBundle(tx: Transaction, bundle: Bundle, sender: Sender): Promise<readonly Effect[]> {
  const fromOwner = equalBytes(bundle.identity, sender.identity)
  if (!isBelieved(tx, bundle, fromOwner)) return []
  const peer = await tx.peer(bundle.identity)
  await indexPeer(tx, peer, 'seen')
  const own = isOwn(tx, bundle.identity)
  const effects: Effect[] = []
  for (const prekey of bundle.signedPrekeys) {
    const { installationId } = prekey
    if (own && installationId === tx.options.installationId) continue
    // A device lists itself always, so a bundle of one installation is that installation's.
    const firstHand = bundle.signedPrekeys.length === 1 || (fromOwner && installationId === sender.installationId)
    const { device, effects: joining } = await addDevice(tx, peer, installationId)
    takeListing(device, { prekey, timestamp: bundle.timestamp, firstHand, fromOwner })
    effects.push(...joining)
  }
  forgetMisread(peer, bundle)
  return effects
}
