import { equalBytes } from '@status-stack/crypto'
import { publicIdentity } from './installations.ts'
import type { PeerRecord } from './records/peer.ts'
import { findEntry, type IndexEntry, type PeerIndex } from './records/peer-index.ts'
import type { Transaction } from './transaction.ts'
import type { Effect } from './types.ts'

/** The oldest peer makes room that we never sealed anything for, or nothing but what strangers get. */
async function makeRoom(tx: Transaction, index: PeerIndex): Promise<void> {
  // BOUNDED: maxPeers
  while (index.entries.length >= tx.options.maxPeers) {
    const victim = index.entries.find(({ sealed }) => !sealed)
    if (victim === undefined) return
    await forgetPeer(tx, victim.identity)
  }
}

async function entryOf(tx: Transaction, peer: PeerRecord): Promise<IndexEntry> {
  const index = await tx.index()
  const known = findEntry(index, peer.identity)
  if (known !== undefined) return known
  await makeRoom(tx, index)
  const entry: IndexEntry = { identity: peer.identity, sealed: false }
  index.entries.push(entry)
  return entry
}

/** Deletes the record of an identity that was never written to, and its entry in the index. */
export async function forgetPeer(tx: Transaction, identity: Uint8Array): Promise<void> {
  const index = await tx.index()
  index.entries = index.entries.filter(entry => !equalBytes(entry.identity, identity))
  await tx.forget(identity)
}

/** Enters a peer in the index; the index is touched only when something about it is new. */
export async function indexPeer(tx: Transaction, peer: PeerRecord, as: 'seen' | 'contacted'): Promise<void> {
  if (peer.indexed === 'contacted' || peer.indexed === as) return
  const entry = await entryOf(tx, peer)
  if (as === 'contacted') entry.sealed = true
  peer.indexed = as
}

/**
 * The secret both identities share, ECDH of their identity keys, and the effect to listen with it; remembered for
 * `standing`. SPEC: 5/SECURE-TRANSPORT, negotiated topic; it is static and protects routing only.
 */
export async function rendezvousWith(
  tx: Transaction,
  peer: PeerRecord
): Promise<{ readonly secret: Uint8Array; readonly effect: Effect }> {
  peer.secret ??= tx.deps.identity.ecdhX(peer.identity)
  if (!peer.rendezvous) {
    const entry = await entryOf(tx, peer)
    entry.secret = peer.secret.slice()
    peer.rendezvous = true
  }
  // Copies: the record's own arrays are erased when the transaction ends.
  const secret = peer.secret.slice()
  return { secret, effect: { kind: 'rendezvous', peer: publicIdentity(peer.identity), secret: secret.slice() } }
}

/** All rendezvous, and own devices that wait to be enabled. */
export async function standingEffects(tx: Transaction): Promise<readonly Effect[]> {
  const { entries } = await tx.index()
  const rendezvous = entries.flatMap(({ identity, secret }): Effect[] =>
    secret === undefined ? [] : [{ kind: 'rendezvous', peer: publicIdentity(identity), secret: secret.slice() }]
  )
  const own = await tx.peer(tx.own)
  const found = own.devices
    .filter(({ enabled }) => !enabled)
    .map(({ installationId }): Effect => ({ kind: 'own-device-found', installationId }))
  return [...rendezvous, ...found]
}
