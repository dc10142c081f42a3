import { ecdhX } from '@status-stack/crypto'
import { check } from '../checks.ts'
import type { KeyPair } from '../keys.ts'
import { associatedData, encryptWithKey, type MessageHeader } from './cipher.ts'
import { kdfChainKey, kdfRootKey } from './keys.ts'
import type { MessageKey } from './message-keys.ts'

/** One side of a Double Ratchet. Never changed in place: each step gives the next state. */
export interface RatchetState {
  /** 32 bytes, like all keys but public ones. */
  readonly rootKey: Uint8Array
  /** Gives the key of the next message that we seal. */
  readonly sendChainKey: Uint8Array
  /** Gives the key of the next message of the other side. */
  readonly recvChainKey: Uint8Array
  /** Messages sealed in the present sending chain. */
  readonly sendN: number
  /** Messages expected next in the present receiving chain: those before are opened or skipped. */
  readonly recvN: number
  /** Length of the previous sending chain. */
  readonly pn: number
  /** Message keys ever stored. */
  readonly keysCount: number
  /** Our present ratchet key. */
  readonly self: KeyPair
  /** 33 bytes; absent on the responder's side until the first message. */
  readonly remote?: Uint8Array
  /** In the order of storing. */
  readonly messageKeys: readonly MessageKey[]
}

const start = { sendN: 0, recvN: 0, pn: 0, keysCount: 0, messageKeys: [] as readonly MessageKey[] }

/**
 * The side that knows the other's prekey; `self` is a fresh pair. `secret` (SK) is copied.
 *
 * @example
 * ```ts
 * const alice = initiatorRatchet(secret, bobsPrekey.publicKey, generateKeyPair(random))
 * const { state, header, payload } = encryptMessage(alice, utf8Bytes('hello'))
 * ```
 */
export function initiatorRatchet(secret: Uint8Array, prekey: Uint8Array, self: KeyPair): RatchetState {
  check.bytes('secret', secret, 32)
  check.bytes('prekey', prekey, 33)
  const step = rootStep(secret, self.privateKey, prekey)
  // SPEC: both chains start as SK, so that the responder may speak first.
  return {
    ...start,
    rootKey: step.rootKey,
    sendChainKey: step.chainKey,
    recvChainKey: secret.slice(),
    self,
    remote: prekey
  }
}

/**
 * The owner of the prekey; the prekey pair is its first ratchet pair. `secret` (SK) is copied.
 *
 * @example
 * ```ts
 * const bob = responderRatchet(secret, bobsPrekey)
 * const opened = decryptMessage(bob, header, payload, { random, nowMs: Date.now() })
 * ```
 */
export function responderRatchet(secret: Uint8Array, prekey: KeyPair): RatchetState {
  check.bytes('secret', secret, 32)
  return {
    ...start,
    rootKey: secret.slice(),
    sendChainKey: secret.slice(),
    recvChainKey: secret.slice(),
    self: { privateKey: prekey.privateKey.slice(), publicKey: prekey.publicKey }
  }
}

/** One step of the root chain, and the chain that it begins. */
export function rootStep(rootKey: Uint8Array, privateKey: Uint8Array, publicKey: Uint8Array) {
  const dh = ecdhX(privateKey, publicKey)
  const step = kdfRootKey(rootKey, dh)
  dh.fill(0)
  return step
}

/** A sealed message and the state after it; store the state before the message leaves. */
export interface Encrypted {
  /** With the chain one step further. */
  readonly state: RatchetState
  /** Goes in clear with the payload, and is authenticated by it. */
  readonly header: MessageHeader
  /** IV, ciphertext and tag. */
  readonly payload: Uint8Array
}

/**
 * Encrypts with the next key of the sending chain. The state given is left as it is; the answer holds the next one.
 *
 * @example
 * ```ts
 * const { state: next, header, payload } = encryptMessage(state, plaintext)
 * await store(encodeRatchet(next)) // before the message leaves
 * ```
 */
export function encryptMessage(state: RatchetState, plaintext: Uint8Array): Encrypted {
  check.object('state', state)
  check.bytes('plaintext', plaintext)
  const header = { key: state.self.publicKey, n: state.sendN, pn: state.pn }
  const { chainKey, messageKey } = kdfChainKey(state.sendChainKey)
  const payload = encryptWithKey(messageKey, plaintext, associatedData(header))
  messageKey.fill(0)
  return { state: { ...state, sendChainKey: chainKey, sendN: state.sendN + 1 }, header, payload }
}
