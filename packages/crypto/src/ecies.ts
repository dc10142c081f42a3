import { aesCtr } from './aes.ts'
import { concatBytes, equalBytes } from './bytes.ts'
import { assertLength, CryptoError, decryptionFailed } from './errors.ts'
import { hmacSha256, randomBytes, sha256 } from './hash.ts'
import { ecdhX, generatePrivateKey, isPublicKey, publicKeyOf } from './secp256k1/secp256k1.ts'

/** Bytes that ECIES adds: ephemeral key 65, IV 16, tag 32. */
export const eciesOverhead = 113

const keyLength = 65
const ivLength = 16
const tagLength = 32
const noMacData = new Uint8Array(0)

/** The two random values of one encryption; injected to reproduce recorded bytes. */
export interface EciesRandomness {
  /** 32 bytes. */
  readonly ephemeralPrivateKey: Uint8Array
  /** 16 bytes. */
  readonly iv: Uint8Array
}

/** NIST SP 800-56 concatenation KDF over SHA-256, one block: AES-128 key 16 bytes, MAC key 32. */
function deriveKeys(z: Uint8Array): { encryption: Uint8Array; mac: Uint8Array } {
  const block = sha256(concatBytes(Uint8Array.of(0, 0, 0, 1), z))
  return { encryption: block.slice(0, 16), mac: sha256(block.subarray(16)) }
}

/**
 * ECIES as RLPx and Whisper use it: 0x04‖R(64) ‖ iv(16) ‖ AES-128-CTR ciphertext ‖ HMAC-SHA-256 tag(32).
 * `macData` is authenticated and not sent. SPEC: devp2p RLPx, "ECIES Encryption".
 * @throws CryptoError `invalid-public-key`; `invalid-length` for an empty plaintext, which the network cannot read.
 */
export function eciesEncrypt(
  publicKey: Uint8Array,
  plaintext: Uint8Array,
  macData: Uint8Array = noMacData,
  randomness?: EciesRandomness
): Uint8Array {
  if (plaintext.length === 0) {
    throw new CryptoError('invalid-length', 'ECIES plaintext: expected at least 1 byte, got 0', { origin: 'caller' })
  }
  const ephemeral = randomness?.ephemeralPrivateKey ?? generatePrivateKey()
  const iv = randomness?.iv ?? randomBytes(ivLength)
  assertLength('ECIES IV', iv, ivLength)
  const keys = deriveKeys(ecdhX(ephemeral, publicKey))
  const sealed = concatBytes(iv, aesCtr(keys.encryption, iv, plaintext))
  return concatBytes(publicKeyOf(ephemeral), sealed, hmacSha256(keys.mac, concatBytes(sealed, macData)))
}

/** A key that agrees without showing itself: 65-byte public key in, X coordinate out (32 bytes). */
export interface EcdhKey {
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

/**
 * Opens what {@link eciesEncrypt} made, with a private key or a key that only agrees; the tag is checked before anything
 * is decrypted. @throws CryptoError `decryption-failed`
 */
export function eciesDecrypt(
  key: Uint8Array | EcdhKey,
  message: Uint8Array,
  macData: Uint8Array = noMacData
): Uint8Array {
  // go-ethereum takes shorter ones and panics on them; an honest peer never sends an empty body.
  if (message.length <= eciesOverhead || message[0] !== 4) throw decryptionFailed()
  const ephemeral = message.slice(0, keyLength)
  if (!isPublicKey(ephemeral)) throw decryptionFailed()
  const keys = deriveKeys(key instanceof Uint8Array ? ecdhX(key, ephemeral) : key.ecdhX(ephemeral))
  const sealed = message.subarray(keyLength, message.length - tagLength)
  const tag = hmacSha256(keys.mac, concatBytes(sealed, macData))
  if (!equalBytes(tag, message.subarray(message.length - tagLength))) throw decryptionFailed()
  return aesCtr(keys.encryption, sealed.slice(0, ivLength), sealed.subarray(ivLength))
}
