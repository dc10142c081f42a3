import { isPrivateKey, isPublicKey } from '@status-stack/crypto'
import { longestDelayMs } from '@status-stack/utils'
import { callerError, check } from './errors.ts'

/**
 * Refuses what is no private key of the curve: 32 bytes. @throws TransportError `invalid-argument` unless the value is a secp256k1 private key of 32 bytes
 *
 * @example
 * ```ts
 * checkPrivateKey('privateKey', deps.privateKey)
 * ```
 */
export function checkPrivateKey(name: string, value: unknown): asserts value is Uint8Array {
  check.bytes(name, value, 32)
  if (!isPrivateKey(value)) throw callerError('invalid-argument', `${name}: not a secp256k1 private key`)
}

/**
 * Refuses what is no public key of the curve: 65 bytes. @throws TransportError `invalid-argument` unless the value is a secp256k1 public key of 65 bytes
 *
 * @example
 * ```ts
 * checkPublicKey('publicKey', to.publicKey)
 * ```
 */
export function checkPublicKey(name: string, value: unknown): asserts value is Uint8Array {
  check.bytes(name, value, 65)
  if (!isPublicKey(value)) throw callerError('invalid-argument', `${name}: not a point on the curve`)
}

/**
 * Delays and counts among options, each an integer of 1 or more where it is given. @throws TransportError `invalid-argument`
 *
 * @example
 * ```ts
 * checkPositive(options, ['timeoutMs', 'refreshMs'])
 * ```
 */
export function checkPositive<T extends object>(
  options: T,
  names: readonly (keyof T & string)[],
  max = longestDelayMs
): void {
  for (const name of names) if (options[name] !== undefined) check.integer(name, options[name], 1, max)
}
