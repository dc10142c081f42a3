export { aesCtr, createAesCtr, createAesEcb } from './aes.ts'
export {
  type AesGcm,
  aesGcmOpen,
  aesGcmOpenWithNonce,
  aesGcmSeal,
  aesGcmSealWithNonce,
  createAesGcm,
  tryAesGcmOpen
} from './aes-gcm.ts'
export { type AesGcmTrialKey, createAesGcmTrialKey, firstFittingKey } from './aes-trials.ts'
export { compareBytes, concatBytes, equalBytes, utf8Bytes } from './bytes.ts'
export {
  type EcdhKey,
  type EciesRandomness,
  eciesDecrypt,
  eciesEncrypt,
  eciesOverhead,
  tryEciesDecrypt
} from './ecies.ts'
export { CryptoError, type CryptoErrorCode } from './errors.ts'
export { createFrameCipher, type FrameCipher, type FrameSecrets } from './frame-cipher.ts'
export { hkdfSha256, hmacSha256, pbkdf2Sha256, pbkdf2Sha512, randomBytes, scrypt, sha256 } from './hash.ts'
export { bytesToHex, hexToBytes } from './hex.ts'
export { createKeccak256, type Keccak256, keccak256 } from './keccak.ts'
export { hashBackend, useHashBackend } from './kernel/backend.ts'
export type { NonceVariant } from './nonce-search/engine.ts'
export {
  type BestNonce,
  type NonceSearch,
  type NonceSearchOptions,
  prepareNonceSearch
} from './nonce-search/nonce-search.ts'
export type { BlockCipher, ScryptCost, StreamCipher } from './platform.ts'
export type { EcBackend } from './secp256k1/backend.ts'
export { isLowS, isPrivateKey } from './secp256k1/scalar.ts'
export {
  compressPublicKey,
  decompressPublicKey,
  ecBackend,
  ecdhX,
  generatePrivateKey,
  isPublicKey,
  publicKeyOf,
  recoverPublicKey,
  signDigest,
  useEcBackend
} from './secp256k1/secp256k1.ts'
