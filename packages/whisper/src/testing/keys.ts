import { ecdhX, keccak256, publicKeyOf, signDigest, utf8Bytes } from '@status-stack/crypto'
import type { IdentityKey, Random } from '../ports.ts'

/**
 * A key pair for tests, from its private key (32 bytes).
 *
 * @example
 * ```ts
 * const alice = createTestKey(new Uint8Array(32).fill(1))
 * ```
 */
export function createTestKey(privateKey: Uint8Array): IdentityKey {
  return {
    publicKey: publicKeyOf(privateKey),
    sign: digest => signDigest(digest, privateKey),
    ecdhX: publicKey => ecdhX(privateKey, publicKey)
  }
}

/**
 * Random bytes that are the same on every run: Keccak-256 of seed and counter. Never for anything but tests.
 *
 * @example
 * ```ts
 * const whisper = createWhisper({ random: createSeededRandom('seed 1') })
 * ```
 */
export function createSeededRandom(seed: string): Random {
  let counter = 0
  return {
    bytes: length => {
      const out = new Uint8Array(length)
      for (let at = 0; at < length; at += 32) {
        out.set(keccak256(utf8Bytes(`${seed}/${counter++}`)).subarray(0, Math.min(32, length - at)), at)
      }
      return out
    }
  }
}

/**
 * Random bytes that were recorded: each call gets the next part, which must have the length asked for.
 *
 * @example
 * ```ts
 * const random = createRecordedRandom([padding, nonce])
 * ```
 */
export function createRecordedRandom(parts: readonly Uint8Array[]): Random {
  const left = [...parts]
  return {
    bytes: length => {
      const part = left.shift()
      if (part?.length !== length)
        throw new Error(`recorded random: asked for ${length} bytes, next has ${part?.length}`)
      return part
    }
  }
}
