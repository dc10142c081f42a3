import { bytesToHex, equalBytes } from '@status-stack/crypto'
import { check, checkPeer } from './checks.ts'
import { groupId, messageId } from './ids.ts'
import { defaultLimits } from './limits.ts'
import { decodePayload } from './payload.ts'
import type { Incoming, Received } from './sync.ts'

/**
 * Takes a payload apart without a node: what stays when sending through MVDS is switched off. Pure; nothing is remembered
 * and nothing acknowledged. Messages of another group than that of (self, peer) are left out, repeated ones given once; 16 384
 * messages are looked at.
 * @throws SyncError `invalid-argument`
 *
 * @example
 * ```ts
 * const received = unwrap(self, peer, bytes)
 * if (received.kind === 'payload') for (const { body } of received.bodies) read(body)
 * ```
 */
export function unwrap(self: Uint8Array, peer: Uint8Array, bytes: Uint8Array): Received {
  checkPeer('self', self)
  checkPeer('peer', peer)
  check.bytes('bytes', bytes)
  if (bytes.length === 0) return { kind: 'payload', bodies: [] }
  const payload = decodePayload(bytes)
  if (payload === undefined) return { kind: 'not-sync' }
  const bodies = new Map<string, Incoming>()
  const group = payload.messages.length > 0 ? groupId(self, peer) : undefined
  // BOUNDED: maxEntriesPerPayload
  for (const message of payload.messages.slice(0, defaultLimits.maxEntriesPerPayload)) {
    if (group === undefined || !equalBytes(message.groupId, group)) continue
    const id = messageId(message)
    if (!bodies.has(bytesToHex(id))) bodies.set(bytesToHex(id), { id, body: message.body })
  }
  return { kind: 'payload', bodies: [...bodies.values()] }
}
