import { decompressPublicKey, equalBytes } from '@status-stack/crypto'
import { limits } from './limits.ts'
import { currentPrekey } from './prekeys.ts'
import type { DeviceRecord, PeerRecord } from './records/peer.ts'
import { wipeSession } from './records/wipe.ts'
import type { Transaction } from './transaction.ts'
import type { Effect } from './types.ts'
import type { Bundle, SignedPrekey } from './wire/messages.ts'
import { createBundle } from './x3dh/bundle.ts'

/** The version of this protocol that we advertise; 1 means negotiated secrets are understood. */
const protocolVersion = 1

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

/** A device of ours that somebody enabled stays before all that have only been heard of: whoever has one of our devices could make others up. */
function worthMost(tx: Transaction, peer: PeerRecord): readonly DeviceRecord[] {
  const newest = newestFirst(peer.devices)
  if (!isOwn(tx, peer.identity)) return newest
  return [...newest.filter(({ enabled }) => enabled), ...newest.filter(({ enabled }) => !enabled)]
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

/** A device that nothing is known of yet; not part of the peer's record. */
export function unknownDevice(tx: Transaction, peer: PeerRecord, installationId: string): DeviceRecord {
  return {
    installationId,
    enabled: !isOwn(tx, peer.identity),
    heardFrom: false,
    strongest: 'none',
    version: 0,
    protocolVersion: 0,
    timestamp: 0n,
    prekeyTimestamp: 0n,
    firstHand: false,
    brokenMs: 0,
    sessions: [],
    retired: [],
    ...(peer.closedPrekey === undefined ? {} : { closedPrekey: peer.closedPrekey })
  }
}

function forgetDevices(peer: PeerRecord, kept: readonly DeviceRecord[]): void {
  for (const dropped of peer.devices) if (!kept.includes(dropped)) dropped.sessions.forEach(wipeSession)
  peer.devices = peer.devices.filter(device => kept.includes(device))
}

/** The device of an authentic message or bundle, and what it means to others that it is new. */
export async function addDevice(
  tx: Transaction,
  peer: PeerRecord,
  installationId: string
): Promise<{ readonly device: DeviceRecord; readonly effects: readonly Effect[] }> {
  const known = findDevice(peer, installationId)
  if (known !== undefined) return { device: known, effects: [] }
  const device = unknownDevice(tx, peer, installationId)
  // BOUNDED: maxDevicesPerPeer
  if (peer.devices.length >= limits.maxDevicesPerPeer) {
    // With the device goes what was remembered of its first messages: none of that time is opened any more.
    peer.closedPrekey = currentPrekey(await tx.self()).pair.publicKey
    forgetDevices(peer, worthMost(tx, peer).slice(0, limits.maxDevicesPerPeer - 1))
  }
  peer.devices.push(device)
  const changed: Effect = { kind: 'devices-changed', identity: publicIdentity(peer.identity) }
  return {
    device,
    effects: isOwn(tx, peer.identity) ? [changed, { kind: 'own-device-found', installationId }] : [changed]
  }
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

/** The first and last millisecond whose nanoseconds have 19 digits, as every reader asks for. */
const datableMs = [1e12, 1e13 - 1] as const

/** The date of a bundle made now, in Unix nanoseconds; a clock that was never set counts as 2001. */
export function bundleTimestamp(tx: Transaction): bigint {
  return BigInt(Math.min(Math.max(tx.nowMs, datableMs[0]), datableMs[1])) * 1_000_000n
}

/** Our bundle, dated and signed now. SPEC: its stored creation time, which drives the rotation, stays as it is. */
export async function ownBundle(tx: Transaction): Promise<Bundle> {
  return createBundle(tx.deps.identity, await ownPrekeys(tx), bundleTimestamp(tx))
}
