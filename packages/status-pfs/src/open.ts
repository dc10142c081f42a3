import { bytesToHex, equalBytes } from '@status-stack/crypto'
import { timeSlicer } from '@status-stack/utils'
import { PfsError } from './errors.ts'
import { isInstallationId } from './installation-id.ts'
import { addDevice, findDevice, isOwn, unknownDevice } from './installations.ts'
import { identity33, isCompressedKey } from './keys.ts'
import { learnBundle } from './learning.ts'
import { limits } from './limits.ts'
import { indexPeer, rendezvousWith } from './peers.ts'
import { prunePrekeys } from './prekeys.ts'
import { type Protection, strongerProtection } from './protection.ts'
import { asRatchetEntry, type RatchetEntry, receiveRatchet } from './receive.ts'
import type { DeviceRecord, PeerRecord } from './records/peer.ts'
import type { Session } from './records/session.ts'
import { recoverSession } from './recovery.ts'
import { tidySessions } from './sessions.ts'
import { openStatic } from './static-dh.ts'
import type { Transaction } from './transaction.ts'
import type { Effect, OpenFailure, OpenResult, Receipt } from './types.ts'
import { decodeProtocolMessage } from './wire/codec.ts'
import { countsOf, type FieldCounts } from './wire/counts.ts'
import type { DirectEntry, ProtocolMessage } from './wire/messages.ts'
import { assertBundle } from './x3dh/bundle.ts'

function unreadable(reason: OpenFailure, effects: readonly Effect[] = []): OpenResult {
  return { kind: 'unreadable', reason, effects }
}

function strongestOf(peer: PeerRecord): Protection {
  return peer.devices.reduce<Protection>((best, { strongest }) => strongerProtection(best, strongest), 'none')
}

/** Verifies every bundle before anything of any of them is kept. */
async function hasValidBundles(message: ProtocolMessage): Promise<boolean> {
  try {
    for (const [at, bundle] of message.bundles.entries()) {
      if (at > 0) await timeSlicer.yielded()
      assertBundle(bundle)
    }
    return true
  } catch (error) {
    if (PfsError.is(error)) return false
    throw error
  }
}

function isTooMuch({ bundles, entries }: FieldCounts): boolean {
  return bundles > limits.maxBundles || entries > limits.maxEntries
}

async function learn(tx: Transaction, message: ProtocolMessage, sender: Uint8Array): Promise<Effect[]> {
  const effects: Effect[] = []
  for (const bundle of message.bundles) {
    effects.push(...(await learnBundle(tx, bundle, { identity: sender, installationId: message.installationId })))
  }
  return effects
}

/** SPEC: a device counts as heard from when a direct message of it was opened whose first bundle lists it, version ≥ 1. */
function advertisesSecret(message: ProtocolMessage, sender: Uint8Array): boolean {
  const [first] = message.bundles
  if (first === undefined || !equalBytes(first.identity, sender)) return false
  return first.signedPrekeys.some(
    ({ installationId, protocolVersion }) => installationId === message.installationId && protocolVersion >= 1
  )
}

interface Opened {
  readonly plaintext: Uint8Array
  readonly protection: Protection
  readonly receipt?: Receipt
  /** Of the device, which may not be part of the peer's record yet. */
  readonly sessions?: Session[]
}

async function accept(
  tx: Transaction,
  message: ProtocolMessage,
  peer: PeerRecord,
  opened: Opened,
  learnt: readonly Effect[]
): Promise<OpenResult> {
  const { device, effects: joining } = await addDevice(tx, peer, message.installationId)
  if (opened.sessions !== undefined) device.sessions = opened.sessions
  await indexPeer(tx, peer, 'seen')
  const effects = [...learnt, ...joining]
  device.strongest = strongerProtection(device.strongest, opened.protection)
  if (advertisesSecret(message, peer.identity)) {
    device.heardFrom = true
    effects.push((await rendezvousWith(tx, peer)).effect)
  }
  // An empty static-key message is an advertisement: it carries a bundle and nothing else.
  if (opened.protection === 'static-key' && opened.plaintext.length === 0) return { kind: 'nothing', effects }
  return {
    kind: 'message',
    bytes: opened.plaintext,
    protection: opened.protection,
    strongest: device.strongest,
    device: device.installationId,
    ...(opened.receipt === undefined ? {} : { receipt: opened.receipt }),
    effects
  }
}

/** A device we may not know yet; it joins the peer's record only once a message of it was opened. */
function senderDevice(tx: Transaction, peer: PeerRecord, installationId: string): DeviceRecord {
  return findDevice(peer, installationId) ?? unknownDevice(tx, peer, installationId)
}

async function openRatchet(
  tx: Transaction,
  message: ProtocolMessage,
  peer: PeerRecord,
  entry: RatchetEntry,
  learnt: readonly Effect[]
): Promise<OpenResult> {
  const self = await tx.self()
  tidySessions(tx, self, peer)
  const received = await receiveRatchet(tx, self, peer, senderDevice(tx, peer, message.installationId), entry)
  if (!received.ok) {
    const session = { installationId: message.installationId, bundleId: entry.ratchet.id }
    return unreadable(received.reason, [...learnt, ...(await recoverSession(tx, peer, received.reason, session))])
  }
  const receipt: Receipt = {
    identity: bytesToHex(peer.identity),
    installationId: message.installationId,
    bundleId: bytesToHex(entry.ratchet.id),
    ratchetKey: bytesToHex(entry.ratchet.key),
    n: entry.ratchet.n
  }
  const { plaintext, device } = received
  const opened: Opened = { plaintext, protection: 'forward-secret', receipt, sessions: device.sessions }
  return accept(tx, message, peer, opened, learnt)
}

async function openDirect(
  tx: Transaction,
  message: ProtocolMessage,
  peer: PeerRecord,
  entry: DirectEntry,
  learnt: readonly Effect[]
): Promise<OpenResult> {
  const ratchet = asRatchetEntry(entry)
  if (ratchet !== undefined) return openRatchet(tx, message, peer, ratchet, learnt)
  if (entry.dhKey === undefined || !isCompressedKey(entry.dhKey)) return unreadable('malformed', learnt)
  const plaintext = openStatic(tx.deps.identity, entry.dhKey, entry.payload)
  if (plaintext === undefined) return unreadable(entry.payload.length < 28 ? 'malformed' : 'bad-mac', learnt)
  return accept(tx, message, peer, { plaintext, protection: 'static-key' }, learnt)
}

async function openMessage(tx: Transaction, message: ProtocolMessage, sender: Uint8Array): Promise<OpenResult> {
  const own = isOwn(tx, sender)
  if (own && message.installationId === tx.options.installationId) return unreadable('own-echo')
  if (!isInstallationId(message.installationId)) return unreadable('malformed')
  if (!(await hasValidBundles(message))) return unreadable('invalid-bundle')
  prunePrekeys(tx, await tx.self())
  const learnt = await learn(tx, message, sender)
  const peer = await tx.peer(sender)
  if (message.publicMessage.length > 0) {
    const strongest = findDevice(peer, message.installationId)?.strongest ?? 'none'
    const { publicMessage: bytes, installationId: device } = message
    return { kind: 'message', bytes, protection: 'none', strongest, device, effects: learnt }
  }
  if (message.entries.length === 0) return { kind: 'nothing', effects: learnt }
  const entryFor = (id: string) => message.entries.find(({ installationId }) => installationId === id)
  const mine = entryFor(tx.options.installationId) ?? entryFor('none')
  if (mine !== undefined) return openDirect(tx, message, peer, mine, learnt)
  const reason = own ? 'not-paired' : 'not-for-this-device'
  return unreadable(reason, [...learnt, ...(await recoverSession(tx, peer, reason))])
}

/**
 * Opens within a transaction. SPEC: a payload that is no ProtocolMessage passes up unchanged.
 * @throws PfsError `invalid-public-key` for the sender
 */
export async function openFrom(tx: Transaction, bytes: Uint8Array, sender: Uint8Array): Promise<OpenResult> {
  const identity = identity33(sender, 'sender')
  // BOUNDED: maxMessageBytes
  if (bytes.length > limits.maxMessageBytes) return unreadable('malformed')
  // BOUNDED: maxBundles, maxEntries, before anything is decoded
  const counts = countsOf(bytes)
  if (counts !== undefined && isTooMuch(counts)) return unreadable('malformed')
  const message = decodeProtocolMessage(bytes)
  if (message !== undefined) return openMessage(tx, message, identity)
  const strongest = strongestOf(await tx.peer(identity))
  return { kind: 'message', bytes: bytes.slice(), protection: 'none', strongest, effects: [] }
}
