import type { BytesBlock } from './envelope-bytes.ts'

/** What an archive has of an envelope. Outlives its time in the pool: a copy that comes later is confirmed by it. */
export interface Archiving {
  /** Whether the last attempt stored it; absent once it is stored. Never rejects. */
  stored: Promise<boolean> | undefined
}

/** A live envelope with everything that relaying asks about it; the rest is read from its bytes when it is needed. */
export interface PooledEnvelope {
  /** 64 hex digits: Keccak-256 of `bytes`. */
  readonly id: string
  /** The envelope's RLP as received. In the pool it lies in a buffer of the pool's, so that it does not keep the packet alive that it came in. */
  bytes: Uint8Array
  /** The pool's own. */
  block: BytesBlock | undefined
  /** The four bytes as a number of `topicNumber`. */
  readonly topic: number
  /** Unix seconds. */
  readonly expiry: number
  readonly ttl: number
  /** As of its arrival: an envelope from the future keeps its larger ttl. */
  readonly pow: number
  /** Written here; a light node forwards these only. */
  readonly own: boolean
  /** Absent where nothing is archived. */
  archiving: Archiving | undefined
  /** Slots of the peers that sent it to us or got it from us, of `known-peers.ts`. */
  known: number
  knownMore: Uint32Array | undefined
  /** Rises with the order of arrival. The pool's own, like all below. */
  order: number
  print: number
  blockPlace: number
  expiryAt: number
  worthAt: number
  next: PooledEnvelope | undefined
  previous: PooledEnvelope | undefined
}

/** What a new entry is made of. */
export type NewEnvelope = Pick<PooledEnvelope, 'id' | 'bytes' | 'topic' | 'expiry' | 'ttl' | 'pow' | 'own'>

/**
 * An entry for the pool. All are made by this one literal: objects put together by spreading get a hidden class each, and every
 * later access to them is slow.
 */
export function createPooledEnvelope({ id, bytes, topic, expiry, ttl, pow, own }: NewEnvelope): PooledEnvelope {
  return {
    id,
    bytes,
    block: undefined,
    topic,
    expiry,
    ttl,
    pow,
    own,
    archiving: undefined,
    known: 0,
    knownMore: undefined,
    order: 0,
    print: 0,
    blockPlace: 0,
    expiryAt: 0,
    worthAt: 0,
    next: undefined,
    previous: undefined
  }
}
