import { bytesToHex, isPublicKey } from '@status-stack/crypto'
import { SyncError } from './errors.ts'

/** Map key of bytes. */
export const hexKey: (bytes: Uint8Array) => string = bytesToHex

/** @throws SyncError `invalid-argument` unless `key` is a 65-byte point of the curve. */
export function assertPeer(name: string, key: Uint8Array): void {
  if (!(key instanceof Uint8Array) || key.length !== 65 || !isPublicKey(key)) {
    throw new SyncError('invalid-argument', `${name}: expected a public key of 65 bytes, got ${key?.length} bytes`, {
      origin: 'caller'
    })
  }
}
