/** The order n of the curve's group. */
export const groupOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

function bigEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32)
  for (let i = 31, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}

const order = /* @__PURE__ */ bigEndian(groupOrder)
const halfOrder = /* @__PURE__ */ bigEndian(groupOrder >> 1n)

/** Compares 32 bytes at `at` with `limit`, both big-endian; stops at the first difference, so not for secrets alone. */
function compareAt(bytes: Uint8Array, at: number, limit: Uint8Array): number {
  for (let i = 0; i < 32; i++) {
    const difference = (bytes[at + i] ?? 0) - (limit[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Whether 32 bytes, as a number, are below the group order. */
export function isBelowOrder(bytes: Uint8Array): boolean {
  return compareAt(bytes, 0, order) < 0
}

/**
 * Whether a value is 32 bytes that are a private key: 1 … group order − 1.
 *
 * @example
 * ```ts
 * if (!isPrivateKey(bytes)) throw new RangeError('no private key')
 * ```
 */
export function isPrivateKey(bytes: Uint8Array): boolean {
  return bytes instanceof Uint8Array && bytes.length === 32 && bytes.some(byte => byte !== 0) && isBelowOrder(bytes)
}

/**
 * Whether the s of a 65-byte (or 64-byte) signature is at most half the group order. What {@link signDigest} makes always
 * is; {@link recoverPublicKey} takes both, as go-ethereum does, so a protocol that must not see one message under two
 * signatures asks here.
 *
 * @example
 * ```ts
 * isLowS(signDigest(digest, privateKey)) // true
 * ```
 */
export function isLowS(signature: Uint8Array): boolean {
  if (!(signature instanceof Uint8Array)) return false
  return (signature.length === 65 || signature.length === 64) && compareAt(signature, 32, halfOrder) <= 0
}
