import { isPublicKey } from '@status-stack/crypto'
import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { SyncError } from './errors.ts'

/** Argument checks of the public entrances. @throws SyncError `invalid-argument`, origin `caller` */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new SyncError('invalid-argument', message, { origin: 'caller', details })
)

/** @throws SyncError `invalid-argument` unless `key` is a 65-byte point of the curve. */
export function checkPeer(name: string, key: unknown): asserts key is Uint8Array {
  check.bytes(name, key, 65)
  if (!isPublicKey(key)) {
    throw new SyncError(
      'invalid-argument',
      `${name}: expected a public key, got 65 bytes that are not a point on the curve`,
      { origin: 'caller' }
    )
  }
}
