import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { getPublicKey, getSharedSecret, hashes, Point, recoverPublicKey, sign } from '@noble/secp256k1'
import type { EcBackend } from './backend.ts'
import { type Hmac, signLargeDigest } from './noble-large-digest.ts'
import { isBelowOrder } from './scalar.ts'

function attempt(work: () => Uint8Array | undefined): Uint8Array | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function create(): EcBackend {
  const hmacSha256: Hmac = (key, message) => hmac(sha256, key, message)
  // noble asks for its hashes to be plugged in; here and not at the top, so that bundles without EC drop it.
  hashes.sha256 = sha256
  hashes.hmacSha256 = hmacSha256

  return {
    name: 'noble',
    publicKey: privateKey => attempt(() => getPublicKey(privateKey, false)),
    convert: (publicKey, compressed) => attempt(() => Point.fromBytes(publicKey).toBytes(compressed)),
    sign: (digest, privateKey) =>
      attempt(() => {
        if (!isBelowOrder(digest)) return signLargeDigest(digest, privateKey, hmacSha256)
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
}

/** Runs anywhere; 10 to 30 times slower than the native one. */
export const nobleBackend: EcBackend = /* @__PURE__ */ create()
