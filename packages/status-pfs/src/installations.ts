import { decompressPublicKey, equalBytes } from '@status-stack/crypto'
import { limits } from './limits.ts'
import { currentPrekey } from './prekeys.ts'
import type { DeviceRecord, PeerRecord } from './records/peer.ts'
import { wipeSession } from './records/wipe.ts'
import type { Transaction } from './transaction.ts'
import type { Effect } from './types.ts'
import type { Bundle, SignedPrekey } from './wire/codec.ts'
import { createBundle } from './x3dh/bundle.ts'

/** The version of this protocol that we advertise; 1 means negotiated secrets are understood. */
export const protocolVersion = 1

export function isOwn(tx: Transaction, identity: Uint8Array): boolean {
  return equalBytes(identity, tx.own)
}

export function findDevice(peer: PeerRecord, installationId: string): DeviceRecord | undefined {
  return peer.devices.find(device => device.installationId === installationId)
}

function byNewestBundle(a: DeviceRecord, b: DeviceRecord): number {
  return a.timestamp === b.timestamp ? 0 : a.timestamp > b.timestamp ? -1 : 1
}

export function newestFirst(devices: readonly DeviceRecord[]): readonly DeviceRecord[] {
  return [...devices].sort(byNewestBundle)
}

/**
 * Devices that get a copy: enabled, with a prekey, newest bundle first; 3 of a contact, 2 others of ours.
 * SPEC: 5/SECURE-TRANSPORT, "Multi-device support".
 */
export function targetsOf(tx: Transaction, peer: PeerRecord): readonly DeviceRecord[] {
  const able = peer.devices.filter(({ enabled, prekey }) => enabled && prekey !== undefined)
  // BOUNDED: maxTargets, maxOwnOthers
  return newestFirst(able).slice(0, isOwn(tx, peer.identity) ? limits.maxOwnOthers : limits.maxTargets)
}

/** The device of a message or bundle, made known if need be. The one with the oldest bundle makes room. */
export function deviceOf(
  tx: Transaction,
  peer: PeerRecord,
  installationId: string
): { readonly device: DeviceRecord; readonly added: boolean } {
  const known = findDevice(peer, installationId)
  if (known !== undefined) return { device: known, added: false }
  const device: DeviceRecord = {
    installationId,
    enabled: !isOwn(tx, peer.identity),
    heardFrom: false,
    strongest: 'none',
    version: 0,
    protocolVersion: 0,
    timestamp: 0n,
    brokenMs: 0,
    sessions: [],
    retired: []
  }
  // BOUNDED: maxDevicesPerPeer
  const kept = newestFirst(peer.devices).slice(0, limits.maxDevicesPerPeer - 1)
  for (const dropped of peer.devices) if (!kept.includes(dropped)) dropped.sessions.forEach(wipeSession)
  peer.devices = [...peer.devices.filter(other => kept.includes(other)), device]
  return { device, added: true }
}

/** The device of an authentic message or bundle, and what it means to others that it is new. */
export function join(
  tx: Transaction,
  peer: PeerRecord,
  installationId: string
): { readonly device: DeviceRecord; readonly effects: readonly Effect[] } {
  const { device, added } = deviceOf(tx, peer, installationId)
  if (!added) return { device, effects: [] }
  const changed: Effect = { kind: 'devices-changed', identity: publicIdentity(peer.identity) }
  return {
    device,
    effects: isOwn(tx, peer.identity) ? [changed, { kind: 'own-device-found', installationId }] : [changed]
  }
}

/**
 * Whether a listed prekey replaces the one we hold. A lower version never does, which stops roll-backs. An equal version
 * with another key is believed only from the device itself: other devices list what they last heard.
 */
function replaces(device: DeviceRecord, prekey: SignedPrekey, timestamp: bigint, firstHand: boolean): boolean {
  if (device.prekey === undefined || prekey.version > device.version) return true
  return prekey.version === device.version && firstHand && timestamp > device.timestamp
}

function takePrekey(device: DeviceRecord, prekey: SignedPrekey, timestamp: bigint, firstHand: boolean): void {
  if (replaces(device, prekey, timestamp, firstHand)) {
    device.prekey = prekey.publicKey
    device.version = prekey.version
    device.protocolVersion = prekey.protocolVersion
  }
  if (timestamp > device.timestamp) device.timestamp = timestamp
}

/**
 * Takes a verified bundle into the records. `sender` is the device that sent it. Nothing here changes `enabled` of a
 * device that is known.
 */
export async function learnBundle(
  tx: Transaction,
  bundle: Bundle,
  sender: { readonly identity: Uint8Array; readonly installationId: string }
): Promise<readonly Effect[]> {
  const own = isOwn(tx, bundle.identity)
  const peer = await tx.peer(bundle.identity)
  // A clock far ahead must not pin a device to the top of the targets for ever.
  const nowNs = BigInt(tx.nowMs) * 1_000_000n
  const timestamp = bundle.timestamp > nowNs ? nowNs : bundle.timestamp
  const effects: Effect[] = []
  for (const prekey of bundle.signedPrekeys) {
    if (own && prekey.installationId === tx.options.installationId) continue
    const joined = join(tx, peer, prekey.installationId)
    const firstHand = equalBytes(bundle.identity, sender.identity) && prekey.installationId === sender.installationId
    takePrekey(joined.device, prekey, timestamp, firstHand)
    effects.push(...joined.effects)
  }
  return effects
}

/** Effects speak of identities as callers do: 65 bytes. */
export function publicIdentity(identity: Uint8Array): Uint8Array {
  return decompressPublicKey(identity)
}

/** Our prekey and those of our other enabled devices, unsigned. */
export async function ownPrekeys(tx: Transaction): Promise<readonly SignedPrekey[]> {
  const self = await tx.self()
  const { pair, version } = currentPrekey(self)
  const others = targetsOf(tx, await tx.peer(tx.own)).flatMap(device =>
    device.prekey === undefined
      ? []
      : [
          {
            installationId: device.installationId,
            publicKey: device.prekey,
            version: device.version,
            protocolVersion: device.protocolVersion
          }
        ]
  )
  const mine = { installationId: tx.options.installationId, publicKey: pair.publicKey, version, protocolVersion }
  return [mine, ...others]
}

/** Our bundle, dated and signed now. SPEC: its stored creation time, which drives the roll, stays as it is. */
export async function ownBundle(tx: Transaction): Promise<Bundle> {
  return createBundle(tx.deps.identity, await ownPrekeys(tx), BigInt(tx.nowMs) * 1_000_000n)
}
