import { concatBytes, equalBytes } from '@status-stack/crypto'
import { timeSlicer } from '@status-stack/utils'
import { isCompressedKey } from './keys.ts'
import { limits } from './limits.ts'
import { findPrekey, isClosed } from './prekeys.ts'
import { ratchetOverhead } from './ratchet/cipher.ts'
import { type DecryptFailure, decryptMessage } from './ratchet/decrypt.ts'
import { findMessageKey } from './ratchet/message-keys.ts'
import { responderRatchet } from './ratchet/ratchet.ts'
import type { DeviceRecord, PeerRecord } from './records/peer.ts'
import type { SelfRecord } from './records/self.ts'
import { type Session, seenLength } from './records/session.ts'
import { wipeSession } from './records/wipe.ts'
import { addSession, isRetired, replaceRatchet } from './sessions.ts'
import type { StepBudget } from './step-meter.ts'
import type { Transaction } from './transaction.ts'
import type { OpenFailure } from './types.ts'
import type { DirectEntry, RatchetHeader, X3dhHeader } from './wire/messages.ts'
import { respondX3dh } from './x3dh/agreement.ts'

/** A direct entry sealed by a session. */
export interface RatchetEntry {
  readonly ratchet: RatchetHeader
  readonly x3dh?: X3dhHeader
  readonly payload: Uint8Array
}

/** Lengths, numbers and points, before any state is looked at. */
function isWellFormed({ ratchet, x3dh, payload }: RatchetEntry): boolean {
  if (payload.length < ratchetOverhead || !isCompressedKey(ratchet.key) || ratchet.id.length !== 33) return false
  return x3dh === undefined || (isCompressedKey(x3dh.key) && equalBytes(x3dh.id, ratchet.id))
}

/** Whether the payload was opened in this session before, as far as that is remembered. */
function wasSeen({ seen }: Session, payload: Uint8Array): boolean {
  const end = payload.subarray(-seenLength)
  for (let at = 0; at < seen.length; at += seenLength) {
    if (equalBytes(seen.subarray(at, at + seenLength), end)) return true
  }
  return false
}

type Tried =
  | { readonly ok: true; readonly plaintext: Uint8Array }
  | { readonly ok: false; readonly reason: OpenFailure }

type Received =
  | { readonly ok: true; readonly plaintext: Uint8Array; readonly device: DeviceRecord }
  | { readonly ok: false; readonly reason: OpenFailure }

function failure(session: Session, entry: RatchetEntry, reason: DecryptFailure): OpenFailure {
  return wasSeen(session, entry.payload) ? 'replayed' : reason
}

function markUsed(tx: Transaction, session: Session, entry: RatchetEntry): void {
  session.usedMs = tx.nowMs
  // SPEC: the X3DH header is repeated until the first ratchet message of that device for that prekey has come.
  session.headerPending = false
  if (wasSeen(session, entry.payload)) return
  // BOUNDED: maxSeenPerSession
  const seen = concatBytes(session.seen, entry.payload.subarray(-seenLength))
  session.seen = seen.slice(-seenLength * limits.maxSeenPerSession)
}

/** Whether the session is in the chain of the message, or keeps its key: then it opens at the cost of a few steps. */
function isAtHand({ ratchet: { remote, messageKeys } }: Session, { ratchet }: RatchetEntry): boolean {
  const isCurrentChain = remote !== undefined && equalBytes(remote, ratchet.key)
  return isCurrentChain || findMessageKey(messageKeys, ratchet.key, ratchet.n) !== undefined
}

async function tryExisting(
  tx: Transaction,
  sessions: readonly Session[],
  entry: RatchetEntry,
  budget: StepBudget
): Promise<Tried> {
  let reason: OpenFailure | undefined
  const atHand = sessions.filter(session => isAtHand(session, entry))
  for (const session of [...atHand, ...sessions.filter(other => !atHand.includes(other))]) {
    // Another one follows the first only where that was of no use.
    if (reason !== undefined) await timeSlicer.yielded()
    const opened = decryptMessage(session.ratchet, entry.ratchet, entry.payload, {
      random: tx.deps.random,
      nowMs: tx.nowMs,
      budget
    })
    if (opened.ok) {
      replaceRatchet(session, opened.state)
      markUsed(tx, session, entry)
      return { ok: true, plaintext: opened.plaintext }
    }
    const because = failure(session, entry, opened.reason)
    if (reason === undefined || because === 'replayed') reason = because
  }
  return { ok: false, reason: reason ?? 'unknown-session' }
}

/**
 * A first message. The session is kept only if the message authenticates.
 * SPEC: X3DH is answered for prekeys in their grace period too. A repeated header finds its session by the ephemeral key;
 * SK itself is never stored.
 */
async function tryNew(
  tx: Transaction,
  self: SelfRecord,
  sender: { readonly identity: Uint8Array; readonly device: DeviceRecord },
  entry: RatchetEntry,
  x3dh: X3dhHeader,
  budget: StepBudget
): Promise<Tried> {
  const { identity, device } = sender
  const prekey = findPrekey(self, x3dh.id)
  if (prekey === undefined) return { ok: false, reason: 'unknown-prekey' }
  if (isRetired(device, x3dh.key)) return { ok: false, reason: 'replayed' }
  if (isClosed(self, prekey, device.closedPrekey)) return { ok: false, reason: 'unknown-prekey' }
  const secret = respondX3dh(tx.deps.identity, prekey.pair, { identity, ephemeral: x3dh.key })
  const session: Session = {
    bundleId: prekey.pair.publicKey,
    role: 'responder',
    ephemeral: x3dh.key,
    headerPending: false,
    remoteVersion: device.version,
    ...(device.prekey === undefined ? {} : { remotePrekey: device.prekey }),
    createdMs: tx.nowMs,
    usedMs: tx.nowMs,
    ratchet: responderRatchet(secret, prekey.pair),
    seen: new Uint8Array(0)
  }
  secret.fill(0)
  const opened = await tryExisting(tx, [session], entry, budget)
  if (opened.ok) addSession(tx, self, device, session)
  else wipeSession(session)
  return opened
}

/**
 * Opens an entry that a session sealed. On failure nothing in `peer` has changed. `device` is the sender's record, not
 * yet part of `peer` if it is new.
 */
export async function receiveRatchet(
  tx: Transaction,
  self: SelfRecord,
  peer: PeerRecord,
  device: DeviceRecord,
  entry: RatchetEntry
): Promise<Received> {
  if (!isWellFormed(entry)) return { ok: false, reason: 'malformed' }
  const { ratchet, x3dh } = entry
  const named = device.sessions.filter(session => equalBytes(session.bundleId, ratchet.id))
  const started = x3dh === undefined ? named : named.filter(({ ephemeral }) => equalBytes(ephemeral, x3dh.key))
  const opened = await tx.meter.run(peer.identity, tx.nowMs, budget =>
    x3dh !== undefined && started.length === 0
      ? tryNew(tx, self, { identity: peer.identity, device }, entry, x3dh, budget)
      : tryExisting(tx, started.toReversed(), entry, budget)
  )
  return opened.ok ? { ...opened, device } : opened
}

/** The entry as a ratchet one, if it is. */
export function asRatchetEntry(entry: DirectEntry): RatchetEntry | undefined {
  const { ratchet, x3dh, payload } = entry
  return ratchet === undefined ? undefined : { ratchet, payload, ...(x3dh === undefined ? {} : { x3dh }) }
}
