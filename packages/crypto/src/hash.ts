import * as platform from '#platform'
import { assertInteger, check } from './checks.ts'
import { CryptoError } from './errors.ts'
import { activeSha256Kernel } from './kernel/backend.ts'
import { maxDerivedLength, maxPbkdf2Iterations, maxScryptMemory } from './limits.ts'
import { type ScryptCost, scryptMemory } from './platform.ts'

const longestHkdf = 255 * 32

/**
 * SHA-256: 32 bytes. @throws CryptoError `invalid-argument`
 *
 * @example
 * ```ts
 * bytesToHex(sha256(utf8Bytes('abc'))) // 'ba7816bf…'
 * ```
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  check.bytes('SHA-256 input', bytes)
  const kernel = bytes.length <= platform.kernelUpTo.sha256 ? activeSha256Kernel() : undefined
  return kernel?.sha256(bytes) ?? platform.sha256(bytes)
}

/**
 * HMAC-SHA-256: 32 bytes. @throws CryptoError `invalid-argument`
 *
 * @example
 * ```ts
 * const tag = hmacSha256(key, message) // 32 bytes
 * ```
 */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  check.bytes('HMAC key', key)
  check.bytes('HMAC input', bytes)
  const kernel = bytes.length <= platform.kernelUpTo.hmac ? activeSha256Kernel() : undefined
  return kernel?.hmac(key, bytes) ?? platform.hmacSha256(key, bytes)
}

/**
 * HKDF-SHA-256 (RFC 5869): `length` bytes. @throws CryptoError `invalid-length` for more than 8160 bytes, `invalid-argument`
 *
 * @example
 * ```ts
 * const key = hkdfSha256(secret, salt, utf8Bytes('storage'), 32)
 * ```
 */
export function hkdfSha256(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  check.bytes('HKDF key', ikm)
  check.bytes('HKDF salt', salt)
  check.bytes('HKDF info', info)
  assertInteger('HKDF output length', length, 0, longestHkdf, 'invalid-length')
  // Each block of output is a MAC of the one before, `info` and a counter.
  const longest = Math.max(ikm.length, info.length + 33)
  const kernel = longest <= platform.kernelUpTo.hmac ? activeSha256Kernel() : undefined
  return kernel?.hkdf(ikm, salt, info, length) ?? platform.hkdfSha256(ikm, salt, info, length)
}

function pbkdf2(
  hash: 'sha256' | 'sha512',
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number
): Promise<Uint8Array> {
  check.bytes('PBKDF2 password', password)
  check.bytes('PBKDF2 salt', salt)
  assertInteger('PBKDF2 iterations', iterations, 1, maxPbkdf2Iterations)
  assertInteger('PBKDF2 output length', length, 1, maxDerivedLength)
  return platform.pbkdf2(hash, password, salt, iterations, length)
}

/**
 * PBKDF2-HMAC-SHA-256: `length` bytes. Runs off the calling turn. Rejects with CryptoError `out-of-range`, `invalid-argument`.
 *
 * @example
 * ```ts
 * const key = await pbkdf2Sha256(utf8Bytes(password), salt, 65_356, 32)
 * ```
 */
export async function pbkdf2Sha256(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number
): Promise<Uint8Array> {
  return pbkdf2('sha256', password, salt, iterations, length)
}

/**
 * PBKDF2-HMAC-SHA-512: `length` bytes. Runs off the calling turn. Rejects with CryptoError `out-of-range`, `invalid-argument`.
 *
 * @example
 * ```ts
 * const seed = await pbkdf2Sha512(utf8Bytes(mnemonic), utf8Bytes('mnemonic'), 2048, 64)
 * ```
 */
export async function pbkdf2Sha512(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number
): Promise<Uint8Array> {
  return pbkdf2('sha512', password, salt, iterations, length)
}

/**
 * scrypt (RFC 7914): `length` bytes. Runs off the calling turn. Takes the same costs on every platform, also those with r = 1
 * and a large n that OpenSSL refuses and keystore files of others use.
 * Rejects with CryptoError `invalid-argument`, and `out-of-range` for a cost that is none or that needs more than 1 GiB.
 *
 * @example
 * ```ts
 * const key = await scrypt(utf8Bytes(password), salt, { n: 262_144, r: 8, p: 1 }, 32)
 * ```
 */
export async function scrypt(
  password: Uint8Array,
  salt: Uint8Array,
  cost: ScryptCost,
  length: number
): Promise<Uint8Array> {
  check.bytes('scrypt password', password)
  check.bytes('scrypt salt', salt)
  check.object('scrypt cost', cost)
  const { n, r, p } = cost
  assertInteger('scrypt n', n, 2, 2 ** 31)
  assertInteger('scrypt r', r, 1, 2 ** 20)
  assertInteger('scrypt p', p, 1, 2 ** 20)
  assertInteger('scrypt output length', length, 1, maxDerivedLength)
  if (!Number.isInteger(Math.log2(n)) || scryptMemory(cost) > maxScryptMemory) {
    throw new CryptoError(
      'out-of-range',
      `scrypt: n must be a power of two and the memory at most ${maxScryptMemory}`,
      {
        origin: 'caller',
        details: { n, r, p }
      }
    )
  }
  return platform.scrypt(password, salt, cost, length)
}

/**
 * `length` bytes, up to 2^31 − 1, from the platform's secure generator. @throws CryptoError `out-of-range`
 *
 * @example
 * ```ts
 * const nonce = randomBytes(12)
 * ```
 */
export function randomBytes(length: number): Uint8Array {
  assertInteger('random bytes', length, 0, 2 ** 31 - 1)
  return platform.randomBytes(length)
}
