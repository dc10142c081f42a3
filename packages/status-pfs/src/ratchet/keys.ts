import { hkdfSha256, hmacSha256, utf8Bytes } from '@status-stack/crypto'

const rootInfo = utf8Bytes('rsZUpEuXUqqwXBvSy3EcievAh4cMj6QL')
const messageInfo = utf8Bytes('pcwSByyx2CRdryCffXJwy7xgVZWtW5Sh')
const noSalt = new Uint8Array(32)
const chainInput = Uint8Array.of(0x0f)
const messageInput = Uint8Array.of(0x10)

/** A root step: next root key and the key of the chain it starts, 32 bytes each. */
export interface RootStep {
  /** What the next root step starts from. */
  readonly rootKey: Uint8Array
  /** What the chain's first message key is derived from. */
  readonly chainKey: Uint8Array
}

/**
 * KDF_RK: HKDF-SHA-256 over the DH output, salted with the root key. A third key, for headers, is derived and unused.
 *
 * @example
 * ```ts
 * const { rootKey, chainKey } = kdfRootKey(secret, ecdhX(own.privateKey, theirs))
 * ```
 */
export function kdfRootKey(rootKey: Uint8Array, dh: Uint8Array): RootStep {
  const keys = hkdfSha256(dh, rootKey, rootInfo, 96)
  const step = { rootKey: keys.slice(0, 32), chainKey: keys.slice(32, 64) }
  keys.fill(0)
  return step
}

/** A chain step: next chain key and the key of this message, 32 bytes each. */
export interface ChainStep {
  /** What the next message's step starts from. */
  readonly chainKey: Uint8Array
  /** For one message; `deriveCipherKeys` makes the keys of the cipher of it. */
  readonly messageKey: Uint8Array
}

/**
 * KDF_CK: HMAC-SHA-256 of 0x0F and 0x10 under the chain key.
 *
 * @example
 * ```ts
 * const { chainKey, messageKey } = kdfChainKey(sendChainKey)
 * ```
 */
export function kdfChainKey(chainKey: Uint8Array): ChainStep {
  return { chainKey: hmacSha256(chainKey, chainInput), messageKey: hmacSha256(chainKey, messageInput) }
}

/** What a message key becomes: encryption key 32, authentication key 32, IV 16 bytes. */
export interface CipherKeys {
  /** AES-256-CTR. */
  readonly encryptionKey: Uint8Array
  /** HMAC-SHA-256. */
  readonly authenticationKey: Uint8Array
  /** What the counter starts from. */
  readonly iv: Uint8Array
}

/**
 * The keys of one message, derived from its message key.
 *
 * @example
 * ```ts
 * const { encryptionKey, authenticationKey, iv } = deriveCipherKeys(messageKey)
 * ```
 */
export function deriveCipherKeys(messageKey: Uint8Array): CipherKeys {
  const keys = hkdfSha256(messageKey, noSalt, messageInfo, 80)
  const derived = {
    encryptionKey: keys.slice(0, 32),
    authenticationKey: keys.slice(32, 64),
    iv: keys.slice(64, 80)
  }
  keys.fill(0)
  return derived
}
