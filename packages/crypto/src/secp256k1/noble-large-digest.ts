import { etc, type hashes, Point } from '@noble/secp256k1'
import { concatBytes } from '../bytes.ts'
import { groupOrder } from './scalar.ts'

/** HMAC-SHA-256 as noble takes it. */
export type Hmac = NonNullable<typeof hashes.hmacSha256>

function numberOf(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 0xffn))
}

/** The nonces of RFC 6979, 3.2, in order. */
function* nonces(seed: Uint8Array, hmac: Hmac): Generator<bigint> {
  let k: Uint8Array = new Uint8Array(32)
  let v: Uint8Array = new Uint8Array(32).fill(1)
  for (const step of [0, 1]) {
    k = hmac(k, concatBytes(v, Uint8Array.of(step), seed))
    v = hmac(k, v)
  }
  for (;;) {
    v = hmac(k, v)
    yield numberOf(v)
    k = hmac(k, concatBytes(v, Uint8Array.of(0)))
    v = hmac(k, v)
  }
}

/**
 * Signs a digest that is not below the group order. RFC 6979 reduces such a digest before it seeds the nonce;
 * libsecp256k1, and with it go-ethereum, seeds with the digest as it is. We give libsecp256k1's bytes.
 */
export function signLargeDigest(digest: Uint8Array, privateKey: Uint8Array, hmac: Hmac): Uint8Array | undefined {
  const z = numberOf(digest) % groupOrder
  const d = numberOf(privateKey)
  for (const nonce of nonces(concatBytes(privateKey, digest), hmac)) {
    if (nonce === 0n || nonce >= groupOrder) continue
    const { x, y } = Point.BASE.multiply(nonce).toAffine()
    const r = x % groupOrder
    const s = (etc.invert(nonce, groupOrder) * ((z + r * d) % groupOrder)) % groupOrder
    if (r === 0n || s === 0n) continue
    const high = s > groupOrder >> 1n
    const v = (Number(y & 1n) ^ Number(high)) | (x >= groupOrder ? 2 : 0)
    return concatBytes(bytesOf(r), bytesOf(high ? groupOrder - s : s), Uint8Array.of(v))
  }
  return undefined
}
