import { bytesToHex } from '@status-stack/crypto'
import { appendBatch } from './batch.ts'
import { copyBytes } from './bytes.ts'
import { check, checkPeer } from './checks.ts'
import { type Appending, type Core, storeFailure } from './core.ts'
import { SyncError } from './errors.ts'
import { messageId } from './ids.ts'
import { appendInteractive } from './interactive.ts'
import { pairKey } from './keys.ts'
import { appendedAtOnce } from './limits.ts'
import { recordChange } from './pending-records.ts'
import type { SyncChange } from './ports.ts'
import { messageBytes } from './split.ts'
import type { SyncRecord } from './state.ts'

const maxTrackingLength = 256

/**
 * Appends a message: record, duplicate mark and, if no one else keeps it, body in one write, then the record in memory. Messages that come
 * while the store is busy share the next write.
 */
export async function enqueueMessage(
  core: Core,
  item: { readonly peer: Uint8Array; readonly body: Uint8Array; readonly tracking: string }
): Promise<void> {
  check.object('item', item)
  const { tracking } = item
  checkPeer('peer', item.peer)
  check.bytes('body', item.body)
  check.text('tracking', tracking, maxTrackingLength)
  if (tracking.length < 1) {
    throw new SyncError('invalid-argument', 'tracking: expected at least 1 character', { origin: 'caller' })
  }
  const { maxBodyBytes } = core.options.limits
  if (item.body.length > maxBodyBytes) {
    throw new SyncError('body-too-large', `body: expected at most ${maxBodyBytes} bytes, got ${item.body.length}`, {
      origin: 'caller'
    })
  }
  // The caller may reuse its arrays.
  const peer = copyBytes(item.peer)
  const body = copyBytes(item.body)
  await new Promise<void>((resolve, reject) => {
    // BOUNDED: each entry is a call that waits
    core.appending.push({ peer, body, tracking, resolve, reject })
    core.exclusive(() => appendWaiting(core)).catch(reject)
  })
}

/** Appends everything that waits, some messages of one peer at a time. Each is told by itself what became of it. */
async function appendWaiting(core: Core): Promise<void> {
  const waiting = core.appending.splice(0, appendedAtOnce)
  const ofPeers = new Map<string, Appending[]>()
  for (const item of waiting) {
    const key = bytesToHex(item.peer)
    const items = ofPeers.get(key) ?? []
    items.push(item)
    ofPeers.set(key, items)
  }
  for (const [peerKey, items] of ofPeers) {
    try {
      await append(core, peerKey, items)
    } catch (error) {
      const failure = storeFailure(error)
      for (const { reject } of items) reject(failure)
    }
  }
}

/** What is new of some messages for one peer, as far as the limits go; the others are told. */
function admitted(core: Core, peerKey: string, items: readonly Appending[]): readonly Appending[] {
  const { maxPending, maxPendingPerPeer } = core.options.limits
  let [size, ofPeer] = [core.records.size, core.records.count(peerKey, 'own')]
  const known = new Set<string>()
  return items.filter(({ tracking, reject }) => {
    if (known.has(tracking) || core.records.tracked(tracking).some(entry => entry.peerKey === peerKey)) return false
    if (size >= maxPending || ofPeer >= maxPendingPerPeer) {
      reject(
        new SyncError('too-many-pending', 'pending messages: the limit is reached', {
          origin: 'caller',
          details: { maxPending, maxPendingPerPeer }
        })
      )
      return false
    }
    known.add(tracking)
    size++
    ofPeer++
    return true
  })
}

/** Messages of one peer, in their order. */
async function append(core: Core, peerKey: string, items: readonly Appending[]): Promise<void> {
  const fresh = admitted(core, peerKey, items)
  const [first] = fresh
  if (first !== undefined) {
    const { peer } = first
    const drafted = await draft(core, peerKey, peer, fresh)
    const { changes, commit } = await core.peers.plan({
      peer,
      nowMs: core.nowMs,
      ids: drafted.map(({ record: { id } }) => ({ id, origin: 'ours' }))
    })
    const isKeptHere = core.deps.bodyOf === undefined
    const stored = drafted.flatMap(({ record, body }): readonly SyncChange[] =>
      isKeptHere
        ? [recordChange(record), { table: 'body', key: pairKey(peer, record.id), value: body }]
        : [recordChange(record)]
    )
    await core.write([...stored, ...changes])
    commit()
    for (const { record } of drafted) core.records.add(record, isKeptHere)
  }
  for (const { resolve } of items) resolve()
}

/** The records of new messages. Equal bodies within one second would be one message: the later one is dated a second later. */
async function draft(
  core: Core,
  peerKey: string,
  peer: Uint8Array,
  items: readonly Appending[]
): Promise<readonly { readonly record: SyncRecord; readonly body: Uint8Array }[]> {
  const nowMs = core.nowMs
  const groupId = core.groupOf(peer)
  const taken = new Set<string>()
  const drafted: { record: SyncRecord; body: Uint8Array }[] = []
  for (const { body, tracking } of items) {
    let timestamp = BigInt(Math.floor(nowMs / 1000))
    let id = messageId({ groupId, timestamp, body })
    while (
      taken.has(bytesToHex(id)) ||
      core.records.get(peerKey, id) !== undefined ||
      (await core.peers.originOf(peer, id)) !== undefined
    ) {
      id = messageId({ groupId, timestamp: ++timestamp, body })
    }
    taken.add(bytesToHex(id))
    const size = messageBytes({ groupId, timestamp, body })
    const facts = { peer, id, tracking, timestamp, size, nowMs }
    drafted.push({ record: core.options.mode === 'interactive' ? appendInteractive(facts) : appendBatch(facts), body })
  }
  return drafted
}
