import { equalBytes } from '@status-stack/crypto'
import { generateKeyPair } from './keys.ts'
import { limits } from './limits.ts'
import { currentPrekey, findPrekey, isClosed, rotateUnlessCoolingDown } from './prekeys.ts'
import { encryptMessage, initiatorRatchet, type RatchetState } from './ratchet/ratchet.ts'
import type { DeviceRecord, PeerRecord } from './records/peer.ts'
import { retiredLength } from './records/peer.ts'
import type { SelfRecord } from './records/self.ts'
import type { Session } from './records/session.ts'
import { wipeSession } from './records/wipe.ts'
import type { Transaction } from './transaction.ts'
import type { DirectEntry } from './wire/messages.ts'
import { initiateX3dh } from './x3dh/agreement.ts'

/** Puts the next state into a session and overwrites the keys that it no longer holds (best effort). */
export function replaceRatchet(session: Session, next: RatchetState): void {
  const old = session.ratchet
  session.ratchet = next
  const kept = new Set([next.rootKey, next.sendChainKey, next.recvChainKey, next.self.privateKey])
  for (const key of [old.rootKey, old.sendChainKey, old.recvChainKey, old.self.privateKey]) {
    if (!kept.has(key)) key.fill(0)
  }
}

function isSameKey(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b)
}

/**
 * The session to send on: the oldest one whose prekeys are still current on both sides; otherwise X3DH starts anew.
 * SPEC: status-go looks at the prekey that names the session only. We also start anew when the device shows another prekey
 * than when the session began: that is how a device says that it lost its sessions. After we found its sessions broken, one
 * that began later is preferred.
 */
export function sendingSession(self: SelfRecord, device: DeviceRecord): Session | undefined {
  const mine = currentPrekey(self).pair.publicKey
  const current = device.sessions.filter(
    session =>
      isSameKey(session.remotePrekey, device.prekey) &&
      (session.role === 'initiator' || equalBytes(session.bundleId, mine))
  )
  return current.find(({ createdMs }) => createdMs >= device.brokenMs) ?? current[0]
}

function startSession(
  tx: Transaction,
  self: SelfRecord,
  peer: PeerRecord,
  device: DeviceRecord,
  prekey: Uint8Array
): Session {
  const ephemeral = generateKeyPair(tx.deps.random)
  const secret = initiateX3dh(tx.deps.identity, ephemeral, { identity: peer.identity, prekey })
  const session: Session = {
    bundleId: prekey,
    role: 'initiator',
    ephemeral: ephemeral.publicKey,
    headerPending: true,
    remoteVersion: device.version,
    remotePrekey: prekey,
    createdMs: tx.nowMs,
    usedMs: tx.nowMs,
    ratchet: initiatorRatchet(secret, prekey, generateKeyPair(tx.deps.random)),
    seen: new Uint8Array(0)
  }
  ephemeral.privateKey.fill(0)
  secret.fill(0)
  addSession(tx, self, device, session)
  return session
}

/** Seals for one device on its session, or on a new one. `undefined` when no prekey of it is known. */
export function sealForDevice(
  tx: Transaction,
  self: SelfRecord,
  peer: PeerRecord,
  device: DeviceRecord,
  plaintext: Uint8Array
): DirectEntry | undefined {
  if (device.prekey === undefined) return undefined
  const session = sendingSession(self, device) ?? startSession(tx, self, peer, device, device.prekey)
  const { state, header, payload } = encryptMessage(session.ratchet, plaintext)
  replaceRatchet(session, state)
  session.usedMs = tx.nowMs
  return {
    installationId: device.installationId,
    ...(session.headerPending ? { x3dh: { key: session.ephemeral, id: session.bundleId } } : {}),
    ratchet: { ...header, id: session.bundleId },
    payload
  }
}

/**
 * Remembers the first message of a session that goes. When the memory is full it is emptied, and all prekeys that those
 * messages can have been sealed against are closed for the device instead: its next first message needs a newer prekey.
 */
function retire(tx: Transaction, self: SelfRecord, device: DeviceRecord, session: Session): void {
  // BOUNDED: maxRetiredEphemerals
  if (device.retired.length >= limits.maxRetiredEphemerals) {
    device.closedPrekey = currentPrekey(self).pair.publicKey
    device.retired = []
    rotateUnlessCoolingDown(tx, self)
  }
  const prekey = findPrekey(self, session.bundleId)
  // Without the private prekey, or when it is closed, the message cannot be opened anyway.
  if (prekey === undefined || isClosed(self, prekey, device.closedPrekey)) return
  device.retired = [...device.retired, session.ephemeral.slice(0, retiredLength)]
  device.retiredPrekey = currentPrekey(self).pair.publicKey
}

function dropSession(tx: Transaction, self: SelfRecord, device: DeviceRecord, session: Session): void {
  device.sessions = device.sessions.filter(other => other !== session)
  if (session.role === 'responder') retire(tx, self, device, session)
  wipeSession(session)
}

/** Adds a session; the least recently used one makes room. */
export function addSession(tx: Transaction, self: SelfRecord, device: DeviceRecord, session: Session): void {
  // BOUNDED: maxSessionsPerDevice
  while (device.sessions.length >= limits.maxSessionsPerDevice) {
    const idle = device.sessions.reduce((a, b) => (b.usedMs < a.usedMs ? b : a))
    dropSession(tx, self, device, idle)
  }
  device.sessions.push(session)
}

/** Whether the first message of this ephemeral key was seen and its session is gone: its replay must not start another. */
export function isRetired(device: DeviceRecord, ephemeral: Uint8Array): boolean {
  return device.retired.some(start => equalBytes(start, ephemeral.subarray(0, retiredLength)))
}

function ageMessageKeys(tx: Transaction, session: Session): void {
  const { messageKeys } = session.ratchet
  const kept = messageKeys.filter(({ opened, atMs }) => {
    return tx.expiryMs - atMs <= (opened ? tx.options.unconfirmedKeyMs : tx.options.skippedKeyMs)
  })
  if (kept.length === messageKeys.length) return
  for (const key of messageKeys) if (!kept.includes(key)) key.key.fill(0)
  session.ratchet = { ...session.ratchet, messageKeys: kept }
}

function boundMessageKeys(peer: PeerRecord): void {
  // BOUNDED: maxMessageKeysPerPeer
  const sessions = peer.devices.flatMap(device => device.sessions).sort((a, b) => b.usedMs - a.usedMs)
  let room: number = limits.maxMessageKeysPerPeer
  for (const session of sessions) {
    const { messageKeys } = session.ratchet
    if (messageKeys.length > room) {
      const kept = room === 0 ? [] : messageKeys.slice(-room)
      for (const key of messageKeys) if (!kept.includes(key)) key.key.fill(0)
      session.ratchet = { ...session.ratchet, messageKeys: kept }
    }
    room -= session.ratchet.messageKeys.length
  }
}

function isGone(self: SelfRecord, prekey: Uint8Array | undefined): boolean {
  return prekey === undefined || findPrekey(self, prekey) === undefined
}

/** First messages need not be remembered once the prekeys they were sealed against are gone. */
function forgetFirstMessages(self: SelfRecord, peer: PeerRecord): void {
  if (isGone(self, peer.closedPrekey)) delete peer.closedPrekey
  for (const device of peer.devices) {
    if (isGone(self, device.closedPrekey)) delete device.closedPrekey
    // Records of older versions do not say; theirs wait until the list is full.
    if (device.retiredPrekey === undefined || !isGone(self, device.retiredPrekey)) continue
    device.retired = []
    delete device.retiredPrekey
  }
}

/**
 * Whether nothing in the record of an identity is needed any more: it was never written to, has been silent for two grace
 * periods, and nothing of it could be replayed.
 */
export function isOutlived(tx: Transaction, peer: PeerRecord): boolean {
  const silentSince = Math.max(0, ...peer.devices.map(({ timestamp }) => Number(timestamp / 1_000_000n)))
  return (
    peer.indexed === 'seen' &&
    peer.closedPrekey === undefined &&
    peer.devices.every(
      ({ sessions, retired, closedPrekey }) => sessions.length + retired.length === 0 && closedPrekey === undefined
    ) &&
    tx.expiryMs - Math.max(silentSince, peer.advertisedMs) > 2 * tx.options.graceMs
  )
}

/** Erases what has outlived its time: old message keys, and sessions that are idle and no longer sent on. */
export function tidySessions(tx: Transaction, self: SelfRecord, peer: PeerRecord): void {
  for (const device of peer.devices) {
    const sending = sendingSession(self, device)
    for (const session of device.sessions) {
      if (session !== sending && tx.expiryMs - session.usedMs > tx.options.graceMs)
        dropSession(tx, self, device, session)
      else ageMessageKeys(tx, session)
    }
  }
  boundMessageKeys(peer)
  forgetFirstMessages(self, peer)
}
