import { decompressPublicKey, generatePrivateKey, isPublicKey, publicKeyOf } from '@status-stack/crypto'
import { check } from './checks.ts'
import { PfsError } from './errors.ts'
import type { Random } from './ports.ts'

/** A key pair of this layer: prekey, ephemeral or ratchet key. */
export interface KeyPair {
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 33 bytes. */
  readonly publicKey: Uint8Array
}

/** 33 bytes of a 65-byte point that is already known to be valid. */
export function compress(point: Uint8Array): Uint8Array {
  const compressed = point.slice(0, 33)
  compressed[0] = 2 + ((point[64] ?? 0) & 1)
  return compressed
}

/**
 * The key pair of a private key; the public key in its compressed form.
 *
 * @example
 * ```ts
 * const { publicKey } = keyPairOf(privateKey) // 33 bytes
 * ```
 */
export function keyPairOf(privateKey: Uint8Array): KeyPair {
  return { privateKey, publicKey: compress(publicKeyOf(privateKey)) }
}

/**
 * A new key pair.
 *
 * @example
 * ```ts
 * const prekey = generateKeyPair({ bytes: randomBytes })
 * ```
 */
export function generateKeyPair(random: Random): KeyPair {
  return keyPairOf(generatePrivateKey(random))
}

/** Whether 33 bytes are a point of the curve; nothing else is taken from the network. */
export function isCompressedKey(bytes: Uint8Array): boolean {
  return bytes.length === 33 && isPublicKey(bytes)
}

/** 33 bytes of an identity key handed in by the caller. @throws PfsError `invalid-argument`, `invalid-public-key` */
export function identity33(publicKey: Uint8Array, name = 'identity'): Uint8Array {
  check.bytes(name, publicKey)
  try {
    return compress(decompressPublicKey(publicKey))
  } catch (cause) {
    throw new PfsError('invalid-public-key', `${name}: ${publicKey.length} bytes are not a public key`, {
      origin: 'caller',
      cause
    })
  }
}
