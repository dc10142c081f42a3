import { compareBytes, compressPublicKey, concatBytes, keccak256, sha256, utf8Bytes } from '@status-stack/crypto'
import { check, checkPeer } from './checks.ts'

const prefix = utf8Bytes('MESSAGE_ID')

/**
 * Id of a message: SHA-256 of `MESSAGE_ID`, group id, timestamp and body; 32 bytes.
 * SPEC: 2/MVDS "Message"; the RFC leaves the byte order of the timestamp open, deployed nodes use little-endian int64.
 *
 * @example
 * ```ts
 * messageId({ groupId: groupId(alice, bob), timestamp: 1_600_000_000n, body })
 * ```
 */
export function messageId(message: {
  readonly groupId: Uint8Array
  readonly timestamp: bigint
  readonly body: Uint8Array
}): Uint8Array {
  check.object('message', message)
  check.bytes('groupId', message.groupId)
  check.bytes('body', message.body)
  const time = new Uint8Array(8)
  new DataView(time.buffer).setBigInt64(0, message.timestamp, true)
  return sha256(concatBytes(prefix, message.groupId, time, message.body))
}

/**
 * Group of two identities (65-byte keys), or of one with itself: Keccak-256 of both compressed keys, the one with the
 * smaller X first; 32 bytes. Symmetric in its arguments.
 * @throws SyncError `invalid-argument`
 *
 * @example
 * ```ts
 * groupId(alice, bob) // the same 32 bytes for both
 * ```
 */
export function groupId(a: Uint8Array, b: Uint8Array): Uint8Array {
  checkPeer('a', a)
  checkPeer('b', b)
  const [first, second] = [compressPublicKey(a), compressPublicKey(b)]
  const ordered = compareBytes(first.subarray(1), second.subarray(1)) <= 0 ? [first, second] : [second, first]
  return keccak256(concatBytes(...ordered))
}
