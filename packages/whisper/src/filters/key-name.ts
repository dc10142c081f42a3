import { bytesToHex, keccak256 } from '@status-stack/crypto'
import type { InterestKey } from '../route.ts'

/** What names a key without showing it: the hash of a symmetric one, or a public key. */
export interface KeyName {
  readonly kind: InterestKey['kind']
  readonly bytes: Uint8Array
}

export function nameOf(key: InterestKey): KeyName {
  return key.kind === 'symmetric'
    ? { kind: 'symmetric', bytes: keccak256(key.key) }
    : { kind: 'asymmetric', bytes: key.identity.publicKey.slice() }
}

export const idOf = ({ kind, bytes }: KeyName): string => `${kind === 'symmetric' ? 's' : 'a'}${bytesToHex(bytes)}`

/** Names a key without showing it, as text. */
export function filterKeyId(key: InterestKey): string {
  return idOf(nameOf(key))
}
