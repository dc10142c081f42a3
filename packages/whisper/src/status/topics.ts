import { bytesToHex } from '@status-stack/crypto'
import { check } from '../checks.ts'

// The names that topics and keys are derived from. SPEC: 3/WHISPER-USAGE, "Topics".

const partitions = 5000n

/** `0x` and 130 hex digits: the identity as names spell it. */
function identityText(publicKey: Uint8Array): string {
  check.bytes('public key', publicKey, 65)
  return `0x${bytesToHex(publicKey)}`
}

/** Where an identity announces its devices. */
export function contactCodeName(owner: Uint8Array): string {
  return `${identityText(owner)}-contact-code`
}

/** The partition of an identity: its whole X coordinate modulo 5000. */
export function partitionOf(publicKey: Uint8Array): number {
  check.bytes('public key', publicKey, 65)
  return Number(BigInt(`0x${bytesToHex(publicKey.subarray(1, 33))}`) % partitions)
}

/** Shared by about one identity in 5000: where strangers reach us. */
export function partitionedName(publicKey: Uint8Array): string {
  return `contact-discovery-${partitionOf(publicKey)}`
}

/** The identity's own topic of older versions; no version in use posts there. No `0x`, unlike the contact code. */
export function personalDiscoveryName(publicKey: Uint8Array): string {
  check.bytes('public key', publicKey, 65)
  return `contact-discovery-${bytesToHex(publicKey)}`
}

/** The place of a pair: lower-case hex of the 32-byte ECDH secret, no `0x`. */
export function negotiatedName(secret: Uint8Array): string {
  check.bytes('secret', secret, 32)
  return bytesToHex(secret)
}
