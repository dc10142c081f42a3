import { bytesToHex } from '@status-stack/crypto'
import { check } from '../checks.ts'

// The names that topics and keys are derived from. SPEC: 3/WHISPER-USAGE, "Topics".

const partitions = 5000n

/** `0x` and 130 hex digits: the identity as names spell it. */
function identityText(publicKey: Uint8Array): string {
  check.bytes('public key', publicKey, 65)
  return `0x${bytesToHex(publicKey)}`
}

/**
 * Where an identity announces its devices.
 *
 * @example
 * ```ts
 * const topic = topicOfName(contactCodeName(identity.publicKey))
 * ```
 */
export function contactCodeName(owner: Uint8Array): string {
  return `${identityText(owner)}-contact-code`
}

/**
 * The partition of an identity: its whole X coordinate modulo 5000.
 *
 * @example
 * ```ts
 * partitionOf(identity.publicKey) // 0 to 4999
 * ```
 */
export function partitionOf(publicKey: Uint8Array): number {
  check.bytes('public key', publicKey, 65)
  return Number(BigInt(`0x${bytesToHex(publicKey.subarray(1, 33))}`) % partitions)
}

/**
 * Shared by about one identity in 5000: where strangers reach us.
 *
 * @example
 * ```ts
 * const topic = topicOfName(partitionedName(identity.publicKey))
 * ```
 */
export function partitionedName(publicKey: Uint8Array): string {
  return `contact-discovery-${partitionOf(publicKey)}`
}

/**
 * The identity's own topic of older versions; no version in use posts there. No `0x`, unlike the contact code.
 *
 * @example
 * ```ts
 * const topic = topicOfName(personalDiscoveryName(identity.publicKey))
 * ```
 */
export function personalDiscoveryName(publicKey: Uint8Array): string {
  check.bytes('public key', publicKey, 65)
  return `contact-discovery-${bytesToHex(publicKey)}`
}

/**
 * The place of a pair: lower-case hex of the 32-byte ECDH secret, no `0x`.
 *
 * @example
 * ```ts
 * const topic = topicOfName(negotiatedName(secret))
 * ```
 */
export function negotiatedName(secret: Uint8Array): string {
  check.bytes('secret', secret, 32)
  return bytesToHex(secret)
}
