import * as platform from '#platform'
import { assertLength, check } from '../checks.ts'
import { CryptoError } from '../errors.ts'
import type { EcBackend } from './backend.ts'
import { nobleBackend } from './noble.ts'
import { isPrivateKey } from './scalar.ts'

let active: EcBackend | undefined
let withOwnEcdh: EcBackend | null | undefined

/** noble with the platform's own ECDH, where there is one. */
function opensslBackend(): EcBackend | undefined {
  if (withOwnEcdh === undefined) {
    const ecdhX = platform.ownEcdhX()
    withOwnEcdh = ecdhX === undefined ? null : { ...nobleBackend, name: 'openssl', ecdhX }
  }
  return withOwnEcdh ?? undefined
}

/**
 * The backend in use: the native one where it loads, else noble with OpenSSL's ECDH in Node, else noble.
 *
 * @example
 * ```ts
 * console.log(ecBackend().name) // 'native' where the addon loads
 * ```
 */
export function ecBackend(): EcBackend {
  active ??= platform.nativeSecp256k1() ?? opensslBackend() ?? nobleBackend
  return active
}

/**
 * Chooses the backend for the whole process; `auto` goes back to the default. Tests and benches run all. Answers are the
 * same byte for byte.
 * @throws CryptoError `unsupported` when the one asked for does not run here, `invalid-argument` for one that is unknown
 *
 * @example
 * ```ts
 * useEcBackend('noble')
 * ```
 */
export function useEcBackend(choice: 'auto' | EcBackend['name']): EcBackend {
  check.oneOf('EC backend', choice, ['auto', 'native', 'openssl', 'noble'])
  if (choice === 'auto') {
    active = undefined
    return ecBackend()
  }
  const wanted = { noble: () => nobleBackend, openssl: opensslBackend, native: platform.nativeSecp256k1 }[choice]()
  if (wanted === undefined) {
    throw new CryptoError('unsupported', `secp256k1: the ${choice} backend does not run here`, {
      origin: 'environment'
    })
  }
  active = wanted
  return active
}

function invalidPrivateKey(): CryptoError {
  return new CryptoError('invalid-private-key', 'private key: not a number from 1 to the group order − 1', {
    origin: 'caller'
  })
}

function invalidPublicKey(length: number): CryptoError {
  return new CryptoError('invalid-public-key', `public key: ${length} bytes are not a point of secp256k1`, {
    origin: 'peer',
    details: { length }
  })
}

/** @throws CryptoError `invalid-private-key`, `invalid-length`, `invalid-argument` */
export function assertPrivateKey(privateKey: Uint8Array): void {
  assertLength('private key', privateKey, 32)
  if (!isPrivateKey(privateKey)) throw invalidPrivateKey()
}

/** Only the two forms the network uses; hybrid points (06, 07) are refused by both backends alike. */
function hasPointForm(publicKey: Uint8Array): boolean {
  const prefix = publicKey[0]
  return publicKey.length === 65 ? prefix === 4 : publicKey.length === 33 && (prefix === 2 || prefix === 3)
}

/**
 * A fresh private key, 32 bytes, from `random` (rejection sampling).
 * @throws CryptoError `unsupported` for a source that gives no key in many tries: it is broken
 *
 * @example
 * ```ts
 * const privateKey = generatePrivateKey()
 * const publicKey = publicKeyOf(privateKey)
 * ```
 */
export function generatePrivateKey(
  random: { readonly bytes: (length: number) => Uint8Array } = defaultRandom
): Uint8Array {
  check.object('random source', random)
  check.function('random source: bytes', random.bytes)
  for (let tries = 0; tries < mostTries; tries++) {
    const candidate = random.bytes(32)
    if (isPrivateKey(candidate)) return candidate
  }
  throw new CryptoError('unsupported', `random source: no private key in ${mostTries} tries`, {
    origin: 'environment'
  })
}

/** One honest try fails with a chance of 2^−128. */
const mostTries = 128

const defaultRandom = { bytes: (length: number): Uint8Array => platform.randomBytes(length) }

/**
 * The uncompressed public key, 65 bytes 0x04‖X‖Y. @throws CryptoError `invalid-private-key`, `invalid-length`
 *
 * @example
 * ```ts
 * publicKeyOf(privateKey).length // 65
 * ```
 */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  assertPrivateKey(privateKey)
  const publicKey = ecBackend().publicKey(privateKey)
  if (publicKey === undefined) throw invalidPrivateKey()
  return publicKey
}

/**
 * 33 bytes of a 33- or 65-byte public key. @throws CryptoError `invalid-public-key`, `invalid-argument`
 *
 * @example
 * ```ts
 * compressPublicKey(publicKey).length // 33
 * ```
 */
export function compressPublicKey(publicKey: Uint8Array): Uint8Array {
  check.bytes('public key', publicKey)
  const point = hasPointForm(publicKey) ? ecBackend().convert(publicKey, true) : undefined
  if (point === undefined) throw invalidPublicKey(publicKey.length)
  return point
}

/**
 * 65 bytes 0x04‖X‖Y of a 33- or 65-byte public key. @throws CryptoError `invalid-public-key`, `invalid-argument`
 *
 * @example
 * ```ts
 * decompressPublicKey(compressPublicKey(publicKey)) // the same 65 bytes
 * ```
 */
export function decompressPublicKey(publicKey: Uint8Array): Uint8Array {
  check.bytes('public key', publicKey)
  const point = hasPointForm(publicKey) ? ecBackend().convert(publicKey, false) : undefined
  if (point === undefined) throw invalidPublicKey(publicKey.length)
  return point
}

/**
 * Whether a value is 33 or 65 bytes that are a point of the curve in compressed or uncompressed form.
 *
 * @example
 * ```ts
 * if (!isPublicKey(bytes)) throw new RangeError('no point of the curve')
 * ```
 */
export function isPublicKey(publicKey: Uint8Array): boolean {
  return (
    publicKey instanceof Uint8Array && hasPointForm(publicKey) && ecBackend().convert(publicKey, false) !== undefined
  )
}

/**
 * A recoverable signature, 65 bytes r‖s‖v, v 0 or 1, low s, deterministic (RFC 6979), over a 32-byte digest as is.
 * @throws CryptoError `invalid-private-key`, `invalid-length`, `invalid-argument`
 *
 * @example
 * ```ts
 * const signature = signDigest(keccak256(message), privateKey) // 65 bytes
 * ```
 */
export function signDigest(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  assertLength('digest', digest, 32)
  assertPrivateKey(privateKey)
  const signature = ecBackend().sign(digest, privateKey)
  if (signature === undefined) throw invalidPrivateKey()
  return signature
}

/**
 * The signer's uncompressed public key, 65 bytes. As in go-ethereum v is 0 … 3 and s may be high, see {@link isLowS};
 * v 2 and 3 recover only for r below p − n. r and s are 1 … n − 1. The digest may be any 32 bytes.
 * @throws CryptoError `invalid-signature`, `invalid-length`, `invalid-argument`
 *
 * @example
 * ```ts
 * const signer = recoverPublicKey(keccak256(message), signature)
 * ```
 */
export function recoverPublicKey(digest: Uint8Array, signature: Uint8Array): Uint8Array {
  assertLength('digest', digest, 32)
  check.bytes('signature', signature)
  const v = signature[64]
  const publicKey =
    signature.length === 65 && v !== undefined && v < 4 ? ecBackend().recover(digest, signature) : undefined
  if (publicKey === undefined) {
    throw new CryptoError('invalid-signature', 'signature: no public key can be recovered', { origin: 'peer' })
  }
  return publicKey
}

/**
 * The shared secret: X coordinate of the product, 32 bytes, left-padded, not hashed.
 * @throws CryptoError `invalid-private-key`, `invalid-public-key`, `invalid-length`, `invalid-argument`
 *
 * @example
 * ```ts
 * const secret = ecdhX(privateKey, theirPublicKey) // 32 bytes, to be hashed before use
 * ```
 */
export function ecdhX(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const x = sharedX(privateKey, publicKey)
  if (x === undefined) throw invalidPublicKey(publicKey.length)
  return x
}

/** {@link ecdhX} that answers `undefined` for what is not a public key. */
export function sharedX(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  assertPrivateKey(privateKey)
  check.bytes('public key', publicKey)
  return hasPointForm(publicKey) ? ecBackend().ecdhX(privateKey, publicKey) : undefined
}
