import { platform } from '#platform'
import type { ScryptCost } from './platform.ts'

/** SHA-256: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return platform.sha256(bytes)
}

/** HMAC-SHA-256: 32 bytes. */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return platform.hmacSha256(key, bytes)
}

/** HKDF-SHA-256 (RFC 5869): `length` bytes. */
export function hkdfSha256(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return platform.hkdfSha256(ikm, salt, info, length)
}

/** PBKDF2-HMAC-SHA-256: `length` bytes. Runs off the calling turn. */
export function pbkdf2Sha256(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number
): Promise<Uint8Array> {
  return platform.pbkdf2('sha256', password, salt, iterations, length)
}

/** PBKDF2-HMAC-SHA-512: `length` bytes. Runs off the calling turn. */
export function pbkdf2Sha512(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number
): Promise<Uint8Array> {
  return platform.pbkdf2('sha512', password, salt, iterations, length)
}

/** scrypt (RFC 7914): `length` bytes. Runs off the calling turn. */
export function scrypt(password: Uint8Array, salt: Uint8Array, cost: ScryptCost, length: number): Promise<Uint8Array> {
  return platform.scrypt(password, salt, cost, length)
}

/** `length` bytes from the platform's secure generator. */
export function randomBytes(length: number): Uint8Array {
  return platform.randomBytes(length)
}
