import { check } from '../checks.ts'
import { CryptoError } from '../errors.ts'
import { type FrameKernel, frameKernel } from './frame-kernel.ts'
import { type GcmKernel, gcmKernel } from './gcm-kernel.ts'
import { type KeccakKernel, keccakKernel } from './keccak-kernel.ts'
import { type Sha256Kernel, sha256Kernel } from './sha256-kernel.ts'
import { type TrialKernel, trialKernel } from './trial-kernel.ts'

let refused = false

/** The Keccak kernel, unless it does not run here or was switched off. */
export function activeKernel(): KeccakKernel | undefined {
  return refused ? undefined : keccakKernel()
}

/** The SHA-256 kernel, under the same conditions. */
export function activeSha256Kernel(): Sha256Kernel | undefined {
  return refused ? undefined : sha256Kernel()
}

/** The AES kernel, under the same conditions. */
export function activeGcmKernel(): GcmKernel | undefined {
  return refused ? undefined : gcmKernel()
}

/** The kernel that tries many keys, under the same conditions. */
export function activeTrialKernel(): TrialKernel | undefined {
  return refused ? undefined : trialKernel()
}

/** The kernel of RLPx frames, under the same conditions. */
export function activeFrameKernel(): FrameKernel | undefined {
  return refused ? undefined : frameKernel()
}

/**
 * What hashes: the WebAssembly kernel, or the platform and noble.
 *
 * @example
 * ```ts
 * console.log(hashBackend()) // 'wasm' wherever WebAssembly is allowed
 * ```
 */
export function hashBackend(): 'wasm' | 'js' {
  return activeKernel() === undefined ? 'js' : 'wasm'
}

/**
 * Chooses what hashes, and encrypts short messages, for the whole process; `auto` goes back to the default, which is WebAssembly wherever it is
 * allowed. Results are the same. A running Keccak keeps the backend it was created with.
 * @throws CryptoError `unsupported` when `wasm` is asked for and does not run here, `invalid-argument` for a choice that is unknown
 *
 * @example
 * ```ts
 * useHashBackend('js')
 * ```
 */
export function useHashBackend(choice: 'auto' | 'wasm' | 'js'): 'wasm' | 'js' {
  check.oneOf('hash backend', choice, ['auto', 'wasm', 'js'])
  if (choice === 'wasm' && keccakKernel() === undefined) {
    throw new CryptoError('unsupported', 'kernel: WebAssembly does not run here', { origin: 'environment' })
  }
  refused = choice === 'js'
  return hashBackend()
}
