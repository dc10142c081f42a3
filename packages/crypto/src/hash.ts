import { platform } from '#platform'
import { CryptoError } from './errors.ts'
import { activeSha256Kernel } from './kernel/backend.ts'
import { longestMac, type Sha256Kernel } from './kernel/sha256-kernel.ts'
import type { ScryptCost } from './platform.ts'

const longestHkdf = 255 * 32

/** The kernel for a message of `length` bytes, where it is the faster one. */
function kernelFor(length: number): Sha256Kernel | undefined {
  return length <= platform.kernelUpTo ? activeSha256Kernel() : undefined
}

/** SHA-256: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return kernelFor(bytes.length)?.sha256(bytes) ?? platform.sha256(bytes)
}

/** HMAC-SHA-256: 32 bytes. */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const kernel = bytes.length <= longestMac ? kernelFor(bytes.length) : undefined
  return kernel?.hmac(key, bytes) ?? platform.hmacSha256(key, bytes)
}

/** HKDF-SHA-256 (RFC 5869): `length` bytes. @throws CryptoError `invalid-length` for more than 8160 bytes */
export function hkdfSha256(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (!Number.isInteger(length) || length < 0 || length > longestHkdf) {
    throw new CryptoError('invalid-length', `HKDF: expected 0 to ${longestHkdf} bytes of output, got ${length}`, {
      origin: 'caller'
    })
  }
  const longest = Math.max(ikm.length, info.length)
  const kernel = longest <= longestMac - 64 ? kernelFor(longest) : undefined
  return kernel?.hkdf(ikm, salt, info, length) ?? platform.hkdfSha256(ikm, salt, info, length)
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
