import { appendBatch } from './batch.ts'
import { recordChange } from './book.ts'
import { assertPeer, hexKey } from './bytes.ts'
import type { Core } from './core.ts'
import { SyncError } from './errors.ts'
import { messageId } from './ids.ts'
import { appendInteractive } from './interactive.ts'
import { pairKey } from './keys.ts'
import { encodeMessage } from './payload.ts'

const maxTrackingLength = 256

/** Appends a message: record, body and duplicate mark in one write, then the record in memory. */
export async function enqueueMessage(
  core: Core,
  item: { readonly peer: Uint8Array; readonly body: Uint8Array; readonly tracking: string }
): Promise<void> {
  const { tracking } = item
  assertPeer('peer', item.peer)
  if (typeof tracking !== 'string' || tracking.length < 1 || tracking.length > maxTrackingLength) {
    throw new SyncError('invalid-argument', `tracking: expected 1 to ${maxTrackingLength} characters`, {
      origin: 'caller'
    })
  }
  const { maxBodyBytes } = core.options.limits
  if (item.body.length > maxBodyBytes) {
    throw new SyncError('body-too-large', `body: expected at most ${maxBodyBytes} bytes, got ${item.body.length}`, {
      origin: 'caller'
    })
  }
  // The caller may reuse its arrays; `slice` of a Node Buffer would not be a copy.
  const peer = new Uint8Array(item.peer)
  const body = new Uint8Array(item.body)
  await core.exclusive(() => append(core, peer, body, tracking))
}

async function append(core: Core, peer: Uint8Array, body: Uint8Array, tracking: string): Promise<void> {
  const peerKey = hexKey(peer)
  if (core.book.tracked(tracking).some(entry => entry.peerKey === peerKey)) return
  const { maxPending, maxPendingPerPeer } = core.options.limits
  if (core.book.size >= maxPending || core.book.count(peer, 'own') >= maxPendingPerPeer) {
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
  while (core.book.get(peer, id) !== undefined || (await core.peers.originOf(peer, id)) !== undefined) {
    id = messageId({ groupId, timestamp: ++timestamp, body })
  }
  const last = core.peers.get(peer)?.lastOwnId ?? new Uint8Array()
  const parents = core.options.metadata && last.length > 0 ? [last] : []
  const metadata = parents.length > 0 ? { metadata: { parents, ephemeral: false } } : {}
  const size = encodeMessage({ groupId, timestamp, body, ...metadata }).length
  const draft = { peer, id, tracking, timestamp, size, parents, nowMs }
  const record = core.options.mode === 'batch' ? appendBatch(draft) : appendInteractive(draft)
  const { changes, commit } = await core.peers.plan({
    peer,
    nowMs,
    ids: [{ id, origin: 'ours' }],
    ...(core.options.metadata ? { lastOwnId: id } : {})
  })
  await core.write([recordChange(record), { table: 'body', key: pairKey(peer, id), value: body }, ...changes])
  commit()
  core.book.add(record)
}
