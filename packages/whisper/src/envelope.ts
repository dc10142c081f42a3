import { keccak256 } from '@status-stack/crypto'
import { decodeRlp, encodeRlp, type RlpItem, rlpBigUint, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import { check } from './checks.ts'
import { WhisperError } from './errors.ts'

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

function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff
}

/**
 * RLP of exactly five items: [expiry, ttl, topic, data, nonce].
 * DEVIATION: integers are minimal-length, not the fixed 4, 4 and 8 bytes of EIP-627; so do all implementations.
 * @throws WhisperError `invalid-argument`
 */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  check.bytes('topic', envelope.topic, 4)
  if (!isUint32(envelope.expiry) || !isUint32(envelope.ttl) || envelope.nonce < 0n || envelope.nonce >> 64n !== 0n) {
    throw new WhisperError('invalid-argument', 'envelope: expiry and ttl are uint32, nonce is uint64', {
      origin: 'caller'
    })
  }
  return encodeRlp([envelope.expiry, envelope.ttl, envelope.topic, envelope.data, envelope.nonce])
}

/** The fields of a decoded RLP item; `topic` and `data` are views. @throws WhisperError `invalid-envelope` */
export function envelopeOfItem(item: RlpItem): Envelope {
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

/** Exactly one envelope; `topic` and `data` are views into `bytes`. @throws WhisperError `invalid-envelope` */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  let item: RlpItem
  try {
    item = decodeRlp(bytes, envelopeLimits)
  } catch (cause) {
    throw new WhisperError('invalid-envelope', 'envelope: not canonical RLP of one list', { origin: 'peer', cause })
  }
  return envelopeOfItem(item)
}

/** 32 bytes: Keccak-256 of the envelope's RLP, its identity everywhere. */
export function envelopeHash(bytes: Uint8Array): Uint8Array {
  return keccak256(bytes)
}

/** 20 + data: what the size limit and the sealing target count, not what PoW divides by. */
export function envelopeSize(envelope: Pick<Envelope, 'data'>): number {
  return envelopeHeaderLength + envelope.data.length
}

/** expiry − ttl modulo 2^32, Unix seconds: a ttl above the expiry wraps to the far future. */
export function sentSeconds(envelope: Pick<Envelope, 'expiry' | 'ttl'>): number {
  return (envelope.expiry - envelope.ttl) >>> 0
}
