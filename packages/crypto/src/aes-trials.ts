import * as platform from '#platform'
import { type AesGcm, createAesGcm } from './aes-gcm.ts'
import { assertLength, check } from './checks.ts'
import { activeTrialKernel } from './kernel/backend.ts'
import { type TrialKernel, trialsPerCall } from './kernel/trial-kernel.ts'

const keyLength = 32
const nonceLength = 12
const tagLength = 16

/**
 * A key that is tried on messages of which most are not for it: prepared once, and tried together with others by {@link firstFittingKey}. AES-256-GCM
 * without associated data, nonces of 12 bytes.
 */
export interface AesGcmTrialKey {
  /** The plaintext of ciphertext‖tag(16), or `undefined` where the tag does not fit; it is checked before anything is decrypted. */
  readonly tryOpen: (nonce: Uint8Array, sealed: Uint8Array) => Uint8Array | undefined
  /** Overwrites the key and what was prepared of it; it fits nothing any more. */
  readonly wipe: () => void
}

/** In place of an address: the kernel has no room for the key. */
const nowhere = 0

// A safety net: whoever forgets to wipe a key loses its place in the kernel no longer than until it is collected.
const forgotten = new FinalizationRegistry<() => void>(drop => drop())

/** A key that lies in the memory of the kernel from the first message on that it is tried on. */
class TrialKey implements AesGcmTrialKey {
  readonly #own: Uint8Array
  readonly #aes: AesGcm
  #address: number | undefined
  #drop: (() => void) | undefined

  constructor(key: Uint8Array) {
    this.#own = key.slice()
    this.#aes = createAesGcm(key)
  }

  addressIn(kernel: TrialKernel): number {
    if (this.#address === undefined) {
      const address = kernel.keep(this.#own) ?? nowhere
      this.#address = address
      if (address !== nowhere) {
        this.#drop = () => kernel.drop(address)
        forgotten.register(this, this.#drop, this)
      }
    }
    return this.#address
  }

  readonly tryOpen = (nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined => {
    assertMessage(nonce, sealed)
    if (sealed.length < tagLength) return undefined
    const kernel = kernelFor(sealed)
    const address = kernel === undefined ? nowhere : this.addressIn(kernel)
    return kernel === undefined || address === nowhere
      ? this.#aes.tryOpen(nonce, sealed)
      : kernel.open(address, nonce, sealed)
  }

  readonly wipe = (): void => {
    forgotten.unregister(this)
    this.#drop?.()
    this.#drop = undefined
    this.#address = nowhere
    this.#own.fill(0)
    this.#aes.wipe()
  }
}

function assertMessage(nonce: Uint8Array, sealed: Uint8Array): void {
  assertLength('AES-GCM nonce', nonce, nonceLength)
  check.bytes('AES-GCM input', sealed)
}

function kernelFor(sealed: Uint8Array): TrialKernel | undefined {
  return sealed.length - tagLength <= platform.kernelUpTo.aesTrial ? activeTrialKernel() : undefined
}

/**
 * Prepares a key that messages are tried with, 32 bytes; the key is copied. Whoever is done with it wipes it: what is prepared of it stays in
 * memory until then.
 *
 * @throws CryptoError `invalid-length`, `invalid-argument`; its functions for nonces and messages
 * @example
 * ```ts
 * const own = createAesGcmTrialKey(key)
 * const plaintext = own.tryOpen(nonce, sealed)
 * own.wipe()
 * ```
 */
export function createAesGcmTrialKey(key: Uint8Array): AesGcmTrialKey {
  assertLength('AES key', key, keyLength)
  return new TrialKey(key)
}

/**
 * The place of the first key that ciphertext‖tag(16) opens with, −1 when it opens with none. Dozens of keys take one call of the kernel, and a
 * message is copied once for them.
 *
 * @throws CryptoError `invalid-length`, `invalid-argument`
 * @example
 * ```ts
 * const at = firstFittingKey(keys, nonce, sealed)
 * const plaintext = keys[at]?.tryOpen(nonce, sealed)
 * ```
 */
export function firstFittingKey(keys: readonly AesGcmTrialKey[], nonce: Uint8Array, sealed: Uint8Array): number {
  check.array('keys', keys)
  for (const key of keys) if (!(key instanceof TrialKey)) assertKey(key)
  assertMessage(nonce, sealed)
  if (sealed.length < tagLength) return -1
  const kernel = kernelFor(sealed)
  if (kernel === undefined) return firstByOne(keys, nonce, sealed)
  const addresses = keys.map(key => (key instanceof TrialKey ? key.addressIn(kernel) : nowhere))
  if (addresses.includes(nowhere)) return firstByOne(keys, nonce, sealed)
  for (let at = 0; at < addresses.length; at += trialsPerCall) {
    const found = kernel.firstFitting(addresses.slice(at, at + trialsPerCall), nonce, sealed)
    if (found >= 0) return at + found
  }
  return -1
}

/** A key of another copy of this package is tried too, by itself. */
function assertKey(key: AesGcmTrialKey): void {
  check.object('key', key)
  check.function('key.tryOpen', key.tryOpen)
}

/** Where there is no kernel, and where its memory was too small for one of the keys. */
function firstByOne(keys: readonly AesGcmTrialKey[], nonce: Uint8Array, sealed: Uint8Array): number {
  return keys.findIndex(key => key.tryOpen(nonce, sealed) !== undefined)
}
