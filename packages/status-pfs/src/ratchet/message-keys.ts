import { equalBytes } from '@status-stack/crypto'
import { limits } from '../limits.ts'

/** A kept message key: of a message that did not arrive yet, or of one that waits for its confirmation. */
export interface MessageKey {
  /** Ratchet key of the sender, 33 bytes. */
  readonly ratchetKey: Uint8Array
  /** Number of its message in the chain, from 0. */
  readonly n: number
  /** 32 bytes. */
  readonly key: Uint8Array
  /** Position in the order of storing, from 0. */
  readonly seq: number
  /** Unix milliseconds of storing. */
  readonly atMs: number
  /** The message was opened and its plaintext is not known to be durable. */
  readonly opened: boolean
}

/** The bounds of one session; vectors replace them. */
export interface RatchetLimits {
  /** Most messages that may be missing before one that is opened. */
  readonly maxSkip: number
  /** A key is deleted when so many keys were stored after it, used or not: as in status-go. */
  readonly maxKeep: number
  /** Most keys kept at a time; the oldest go first. */
  readonly maxMessageKeysPerSession: number
}

/** The bounds of a ratchet session: those of the package. */
export const ratchetLimits: RatchetLimits = limits

function names(key: MessageKey, ratchetKey: Uint8Array, n: number): boolean {
  return key.n === n && equalBytes(key.ratchetKey, ratchetKey)
}

export function findMessageKey(keys: readonly MessageKey[], ratchetKey: Uint8Array, n: number): MessageKey | undefined {
  return keys.find(key => names(key, ratchetKey, n))
}

/**
 * The keys without that of one message.
 *
 * @example
 * ```ts
 * const messageKeys = withoutMessageKey(state.messageKeys, header.key, header.n)
 * ```
 */
export function withoutMessageKey(
  keys: readonly MessageKey[],
  ratchetKey: Uint8Array,
  n: number
): readonly MessageKey[] {
  return keys.filter(key => !names(key, ratchetKey, n))
}

/**
 * Keeps the newest keys. SPEC: status-go keeps 2000 per session, then drops those 3000 or more behind the number of keys
 * ever stored.
 */
export function trimMessageKeys(
  keys: readonly MessageKey[],
  keysCount: number,
  bounds: RatchetLimits
): readonly MessageKey[] {
  // BOUNDED: maxMessageKeysPerSession, maxKeep
  const newest = keys.slice(Math.max(0, keys.length - bounds.maxMessageKeysPerSession))
  return newest.filter(key => key.seq > keysCount - bounds.maxKeep)
}
