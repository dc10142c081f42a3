import { keccak256 } from '@status-stack/crypto'
import { decodeRlp, encodeRlp, type RlpItem, rlpBigUint, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import { check, checkTopic, maxUint32 } from './checks.ts'
import { invalidArgument, WhisperError } from './errors.ts'

/**
 * A Whisper envelope: all that a relay may know about a message.
 * SPEC: EIP-627, "Whisper Envelope".
 */
export interface Envelope {
  /** End of life; Unix seconds, uint32. */
  readonly expiry: number
  /** Lifetime counted back from `expiry`; seconds, uint32. */
  readonly ttl: number
  /** 4 bytes. */
  readonly topic: Uint8Array
  /** Ciphertext, opaque here. */
  readonly data: Uint8Array
  /** uint64; the PoW solution. */
  readonly nonce: bigint
}

/** Bytes the size rules add to the data: expiry 4, ttl 4, topic 4, nonce 8. */
export const envelopeHeaderLength = 20

/** Bytes of the shortest envelope: a list header, three one-byte items, a topic of 5, one byte of data. */
export const minEnvelopeBytes = 10

const envelopeLimits = Object.freeze({ maxDepth: 1, maxItems: 8 })

/** @throws WhisperError `invalid-argument` */
export function checkEnvelope(envelope: Omit<Envelope, 'nonce'>): void {
  check.object('envelope', envelope)
  check.integer('expiry', envelope.expiry, 0, maxUint32)
  check.integer('ttl', envelope.ttl, 0, maxUint32)
  checkTopic('topic', envelope.topic)
  check.bytes('data', envelope.data)
}

/** @throws WhisperError `invalid-argument` */
export function checkNonce(nonce: unknown): void {
  if (typeof nonce !== 'bigint' || nonce < 0n || nonce >> 64n !== 0n) {
    throw invalidArgument('nonce: expected a bigint of at most 64 bits')
  }
}

/**
 * RLP of exactly five items: [expiry, ttl, topic, data, nonce].
 * DEVIATION: integers are minimal-length, not the fixed 4, 4 and 8 bytes of EIP-627; so do all implementations.
 * @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * const bytes = encodeEnvelope({ expiry, ttl: 50, topic: topicOfName('status'), data, nonce: 0n })
 * ```
 */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  checkEnvelope(envelope)
  checkNonce(envelope.nonce)
  return encodeRlp([envelope.expiry, envelope.ttl, envelope.topic, envelope.data, envelope.nonce])
}

/** The fields of a decoded RLP item; `topic` and `data` are views. @throws WhisperError `invalid-envelope` */
function envelopeOfItem(item: RlpItem): Envelope {
  try {
    const fields = rlpList('envelope', item, 5)
    return {
      expiry: rlpUint('expiry', fields[0], 32),
      ttl: rlpUint('ttl', fields[1], 32),
      topic: rlpBytes('topic', fields[2], 4),
      data: rlpBytes('data', fields[3]),
      nonce: rlpBigUint('nonce', fields[4], 64)
    }
  } catch (cause) {
    throw new WhisperError('invalid-envelope', 'envelope: expected [expiry, ttl, topic, data, nonce]', {
      origin: 'peer',
      cause
    })
  }
}

/**
 * Exactly one envelope; `topic` and `data` are views into `bytes`. @throws WhisperError `invalid-envelope`
 *
 * @example
 * ```ts
 * const { topic, expiry } = decodeEnvelope(bytes)
 * ```
 */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  check.bytes('envelope', bytes)
  let item: RlpItem
  try {
    item = decodeRlp(bytes, envelopeLimits)
  } catch (cause) {
    throw new WhisperError('invalid-envelope', 'envelope: not canonical RLP of one list', { origin: 'peer', cause })
  }
  return envelopeOfItem(item)
}

/**
 * 32 bytes: Keccak-256 of the envelope's RLP, its identity everywhere.
 *
 * @example
 * ```ts
 * const id = bytesToHex(envelopeHash(bytes))
 * ```
 */
export function envelopeHash(bytes: Uint8Array): Uint8Array {
  check.bytes('envelope', bytes)
  return keccak256(bytes)
}

/**
 * 20 + data: what the size limit and the sealing target count, not what PoW divides by.
 *
 * @example
 * ```ts
 * envelopeSize({ data: new Uint8Array(100) }) // 120
 * ```
 */
export function envelopeSize(envelope: Pick<Envelope, 'data'>): number {
  check.object('envelope', envelope)
  check.bytes('data', envelope.data)
  return envelopeHeaderLength + envelope.data.length
}

/**
 * expiry − ttl modulo 2^32, Unix seconds: a ttl above the expiry wraps to the far future.
 *
 * @example
 * ```ts
 * sentSeconds({ expiry: 1_600_000_050, ttl: 50 }) // 1600000000
 * ```
 */
export function sentSeconds(envelope: Pick<Envelope, 'expiry' | 'ttl'>): number {
  check.object('envelope', envelope)
  check.integer('expiry', envelope.expiry, 0, maxUint32)
  check.integer('ttl', envelope.ttl, 0, maxUint32)
  return (envelope.expiry - envelope.ttl) >>> 0
}
