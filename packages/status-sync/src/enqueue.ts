import { bytesToHex } from '@status-stack/crypto'
import { appendBatch } from './batch.ts'
import { copyBytes } from './bytes.ts'
import { check, checkPeer } from './checks.ts'
import type { Core } from './core.ts'
import { SyncError } from './errors.ts'
import { messageId } from './ids.ts'
import { appendInteractive } from './interactive.ts'
import { pairKey } from './keys.ts'
import { encodeMessage } from './payload.ts'
import { recordChange } from './pending-records.ts'

const maxTrackingLength = 256

/** Appends a message: record, duplicate mark and, if no one else keeps it, body in one write, then the record in memory. */
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
  await core.exclusive(() => append(core, peer, body, tracking))
}

async function append(core: Core, peer: Uint8Array, body: Uint8Array, tracking: string): Promise<void> {
  const peerKey = bytesToHex(peer)
  if (core.records.tracked(tracking).some(entry => entry.peerKey === peerKey)) return
  const { maxPending, maxPendingPerPeer } = core.options.limits
  if (core.records.size >= maxPending || core.records.count(peerKey, 'own') >= maxPendingPerPeer) {
    throw new SyncError('too-many-pending', 'pending messages: the limit is reached', {
      origin: 'caller',
      details: { maxPending, maxPendingPerPeer }
    })
  }
  const nowMs = core.nowMs
  const groupId = core.groupOf(peer)
  let timestamp = BigInt(Math.floor(nowMs / 1000))
  let id = messageId({ groupId, timestamp, body })
  // Equal bodies within one second would be one message: the later one is dated a second later.
  while (core.records.get(peerKey, id) !== undefined || (await core.peers.originOf(peer, id)) !== undefined) {
    id = messageId({ groupId, timestamp: ++timestamp, body })
  }
  const size = encodeMessage({ groupId, timestamp, body }).length
  const draft = { peer, id, tracking, timestamp, size, nowMs }
  const record = core.options.mode === 'interactive' ? appendInteractive(draft) : appendBatch(draft)
  const { changes, commit } = await core.peers.plan({
    peer,
    nowMs,
    ids: [{ id, origin: 'ours' }]
  })
  const stored = core.deps.bodyOf === undefined ? [{ table: 'body', key: pairKey(peer, id), value: body } as const] : []
  await core.write([recordChange(record), ...stored, ...changes])
  commit()
  core.records.add(record)
}
