import { equalBytes } from '@status-stack/crypto'
import { assertPeer, hexKey } from './bytes.ts'
import { groupId, messageId } from './ids.ts'
import { decodePayload } from './payload.ts'
import type { Incoming, Received } from './sync.ts'

/**
 * Takes a payload apart without a node: what stays when sending through MVDS is switched off. Pure; nothing is remembered
 * and nothing acknowledged. Messages of another group than that of (self, peer) are left out, repeated ones given once.
 * @throws SyncError `invalid-argument`
 */
export function unwrap(self: Uint8Array, peer: Uint8Array, bytes: Uint8Array): Received {
  assertPeer('self', self)
  assertPeer('peer', peer)
  if (bytes.length === 0) return { kind: 'payload', bodies: [] }
  const payload = decodePayload(bytes)
  if (payload === undefined) return { kind: 'not-sync' }
  const bodies = new Map<string, Incoming>()
  const group = payload.messages.length > 0 ? groupId(self, peer) : undefined
  for (const message of payload.messages) {
    if (group === undefined || !equalBytes(message.groupId, group)) continue
    const id = messageId(message)
    if (!bodies.has(hexKey(id))) bodies.set(hexKey(id), { id, body: message.body })
  }
  return { kind: 'payload', bodies: [...bodies.values()] }
}
