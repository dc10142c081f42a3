import { aesCtr } from './aes.ts'
import { concatBytes, equalBytes } from './bytes.ts'
import { assertLength, check } from './checks.ts'
import { CryptoError, decryptionFailed } from './errors.ts'
import { hmacSha256, randomBytes, sha256 } from './hash.ts'
import {
  assertPrivateKey,
  ecdhX,
  generatePrivateKey,
  isPublicKey,
  publicKeyOf,
  sharedX
} from './secp256k1/secp256k1.ts'

/** Bytes that ECIES adds: ephemeral key 65, IV 16, tag 32. */
export const eciesOverhead = 113

const keyLength = 65
const ivLength = 16
const tagLength = 32
const secretLength = 32
const noMacData = /* @__PURE__ */ new Uint8Array(0)
const firstCounter = /* @__PURE__ */ Uint8Array.of(0, 0, 0, 1)

/** The two random values of one encryption; injected to reproduce recorded bytes. */
export interface EciesRandomness {
  /** 32 bytes. */
  readonly ephemeralPrivateKey: Uint8Array
  /** 16 bytes. */
  readonly iv: Uint8Array
}

interface EciesKeys {
  /** 16 bytes. */
  readonly encryption: Uint8Array
  /** 32 bytes. */
  readonly mac: Uint8Array
}

/** NIST SP 800-56 concatenation KDF over SHA-256, one block, its MAC half hashed once more. Wipes `z` and the block. */
function deriveKeys(z: Uint8Array): EciesKeys {
  const seed = concatBytes(firstCounter, z)
  const block = sha256(seed)
  const keys = { encryption: block.slice(0, 16), mac: sha256(block.subarray(16)) }
  for (const secret of [z, seed, block]) secret.fill(0)
  return keys
}

function wipe({ encryption, mac }: EciesKeys): void {
  encryption.fill(0)
  mac.fill(0)
}

/**
 * ECIES as RLPx and Whisper use it: 0x04‖R(64) ‖ iv(16) ‖ AES-128-CTR ciphertext ‖ HMAC-SHA-256 tag(32).
 * `macData` is authenticated and not sent. Derived keys are wiped, as far as JavaScript lets us.
 * SPEC: devp2p RLPx, "ECIES Encryption".
 * @throws CryptoError `invalid-public-key`; `invalid-private-key` for the ephemeral one; `invalid-length` for an IV that
 * is not 16 bytes and for an empty plaintext, which the network cannot read; `invalid-argument` for what is not bytes.
 *
 * @example
 * ```ts
 * const message = eciesEncrypt(publicKeyOf(privateKey), utf8Bytes('hello'))
 * ```
 */
export function eciesEncrypt(
  publicKey: Uint8Array,
  plaintext: Uint8Array,
  macData: Uint8Array = noMacData,
  randomness?: EciesRandomness
): Uint8Array {
  check.bytes('ECIES public key', publicKey)
  check.bytes('ECIES plaintext', plaintext)
  check.bytes('ECIES MAC data', macData)
  if (randomness !== undefined) check.object('ECIES randomness', randomness)
  if (plaintext.length === 0) {
    throw new CryptoError('invalid-length', 'ECIES plaintext: expected at least 1 byte, got 0', { origin: 'caller' })
  }
  const ephemeral = randomness?.ephemeralPrivateKey ?? generatePrivateKey()
  const iv = randomness?.iv ?? randomBytes(ivLength)
  assertLength('ECIES IV', iv, ivLength)
  const keys = deriveKeys(ecdhX(ephemeral, publicKey))
  const ciphertext = aesCtr(keys.encryption, iv, plaintext)
  const tag = hmacSha256(keys.mac, concatBytes(iv, ciphertext, macData))
  const message = concatBytes(publicKeyOf(ephemeral), iv, ciphertext, tag)
  wipe(keys)
  if (randomness === undefined) ephemeral.fill(0)
  return message
}

/** A key that agrees without showing itself: 65-byte public key in, X coordinate out (32 bytes). */
export interface EcdhKey {
  /** 32 bytes, left-padded. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

function agree(key: Uint8Array | EcdhKey, publicKey: Uint8Array): Uint8Array | undefined {
  if (!('ecdhX' in key)) return sharedX(key, publicKey)
  if (!isPublicKey(publicKey)) return undefined
  const x = key.ecdhX(publicKey)
  assertLength('ECIES key: result of ecdhX', x, secretLength)
  // A copy, because it will be wiped; not by `slice`, which on a Buffer is a view.
  return new Uint8Array(x)
}

/** A private key is checked even where the message is too short to be tried: a wrong own key is never the peer's fault. */
function checkKey(key: Uint8Array | EcdhKey): void {
  if (typeof key === 'object' && key !== null && 'ecdhX' in key) check.function('ECIES key: ecdhX', key.ecdhX)
  else assertPrivateKey(key)
}

/**
 * Opens what {@link eciesEncrypt} made, with a private key or a key that only agrees, or returns `undefined` where it does not
 * open: for those to whom a message that is not theirs is the usual case. The tag is checked before anything is decrypted.
 *
 * @throws CryptoError `invalid-private-key`, `invalid-length`, `invalid-argument` for the own key
 * @example
 * ```ts
 * const plaintext = tryEciesDecrypt(privateKey, data)
 * if (plaintext === undefined) console.log('not for us')
 * ```
 */
export function tryEciesDecrypt(
  key: Uint8Array | EcdhKey,
  message: Uint8Array,
  macData: Uint8Array = noMacData
): Uint8Array | undefined {
  checkKey(key)
  check.bytes('ECIES message', message)
  check.bytes('ECIES MAC data', macData)
  // go-ethereum takes shorter ones and panics on them; an honest peer never sends an empty body.
  const z = message.length > eciesOverhead ? agree(key, message.slice(0, keyLength)) : undefined
  if (z === undefined) return undefined
  const keys = deriveKeys(z)
  try {
    const sealed = message.subarray(keyLength, message.length - tagLength)
    const tag = hmacSha256(keys.mac, macData.length === 0 ? sealed : concatBytes(sealed, macData))
    if (!equalBytes(tag, message.subarray(message.length - tagLength))) return undefined
    return aesCtr(keys.encryption, sealed.subarray(0, ivLength), sealed.subarray(ivLength))
  } finally {
    wipe(keys)
  }
}

/**
 * {@link tryEciesDecrypt} for a message that has to open. Every message that does not open gives the same error.
 * @throws CryptoError `decryption-failed`; `invalid-private-key`, `invalid-length`, `invalid-argument` for the own key
 *
 * @example
 * ```ts
 * const plaintext = eciesDecrypt(privateKey, message)
 * ```
 */
export function eciesDecrypt(
  key: Uint8Array | EcdhKey,
  message: Uint8Array,
  macData: Uint8Array = noMacData
): Uint8Array {
  const plaintext = tryEciesDecrypt(key, message, macData)
  if (plaintext === undefined) throw decryptionFailed()
  return plaintext
}
