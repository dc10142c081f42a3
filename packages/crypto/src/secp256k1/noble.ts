import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { getPublicKey, getSharedSecret, hashes, Point, recoverPublicKey, sign } from '@noble/secp256k1'
import type { EcBackend } from './backend.ts'

hashes.sha256 = sha256
hashes.hmacSha256 = (key, message) => hmac(sha256, key, message)

function attempt(work: () => Uint8Array): Uint8Array | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Runs anywhere; 10 to 30 times slower than the native one. */
export const nobleBackend: EcBackend = {
  name: 'noble',
  publicKey: privateKey => attempt(() => getPublicKey(privateKey, false)),
  convert: (publicKey, compressed) => attempt(() => Point.fromBytes(publicKey).toBytes(compressed)),
  sign: (digest, privateKey) =>
    attempt(() => {
      const vrs = sign(digest, privateKey, { prehash: false, lowS: true, format: 'recovered' })
      const signature = new Uint8Array(65)
      signature.set(vrs.subarray(1), 0)
      signature[64] = vrs[0] ?? 0
      return signature
    }),
  recover: (digest, signature) =>
    attempt(() => {
      const vrs = new Uint8Array(65)
      vrs[0] = signature[64] ?? 0
      vrs.set(signature.subarray(0, 64), 1)
      return Point.fromBytes(recoverPublicKey(vrs, digest, { prehash: false })).toBytes(false)
    }),
  ecdhX: (privateKey, publicKey) => attempt(() => getSharedSecret(privateKey, publicKey, true).slice(1))
}
