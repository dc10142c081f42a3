import { ecdhX, publicKeyOf, signDigest } from '@status-stack/crypto'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import { envelopeHash } from '@status-stack/whisper/wire'
import type { Check, Part } from '../runner/check.ts'

/** Bytes of a hex field; `null` and absent are empty. */
export function bytesOf(hex: string | null | undefined): Uint8Array {
  return hex === null || hex === undefined ? new Uint8Array() : vectorBytes(hex)
}

/** The identity key that every layer's port asks for. */
export interface VectorKey {
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** 32-byte digest in, 65 bytes r‖s‖v out. */
  readonly sign: (digest: Uint8Array) => Uint8Array
  /** X coordinate of the shared point, 32 bytes. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

/** The key object of a hex private key. */
export function identityOf(hex: string): VectorKey {
  const privateKey = vectorBytes(hex)
  return {
    privateKey,
    publicKey: publicKeyOf(privateKey),
    sign: digest => signDigest(digest, privateKey),
    ecdhX: publicKey => ecdhX(privateKey, publicKey)
  }
}

/**
 * A Random port that hands out the recorded values in order: what makes a vector reproducible.
 * Its calls throw when another length is asked for than was recorded, or more than was recorded.
 */
export function recordedRandom(values: readonly (string | Uint8Array)[]): {
  readonly bytes: (length: number) => Uint8Array
} {
  const queue = values.map(value => (typeof value === 'string' ? vectorBytes(value) : value))
  return {
    bytes: length => {
      const next = queue.shift()
      if (next === undefined) throw new Error(`random: ${length} bytes asked for, nothing more was recorded`)
      if (next.length !== length) throw new Error(`random: ${length} bytes asked for, ${next.length} were recorded`)
      return next.slice()
    }
  }
}

/** The parts of a frame on the wire. */
export function frameParts(length: number): readonly Part[] {
  return [
    ['header', 16],
    ['headerMac', 16],
    ['body', length - 48],
    ['bodyMac', 16]
  ]
}

/** A float field: the shortest decimal that gives the same number back; Go writes infinity as `+Inf`. */
export function floatOf(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text)
}

/** Compares the hashes of envelopes, in their order. */
export function checkHashes(vector: VectorCase, envelopes: readonly Uint8Array[], check: Check): void {
  check.equal(
    'envelopeHashes',
    vector['envelopeHashes'] ?? [],
    envelopes.map(bytes => vectorHex(envelopeHash(bytes)))
  )
}
