import { createBoundedMap } from '@status-stack/utils'
import { check } from '../checks.ts'
import { limits } from '../limits.ts'
import { symmetricKeyFromPassword } from './symmetric.ts'

/** Remembers what a slow derivation gave for a name. */
export interface KeyCache {
  /** A fresh array each time; two calls at once derive once. */
  readonly get: (name: string) => Promise<Uint8Array>
  readonly size: () => number
}

/** BOUNDED: `most` names; the least recently used is evicted first. A derivation that fails is not remembered. */
export function createKeyCache(derive: (name: string) => Promise<Uint8Array>, most: number): KeyCache {
  const keys = createBoundedMap<string, Promise<Uint8Array>>({ maxEntries: most })
  return {
    get: async name => {
      const key = keys.get(name) ?? derive(name)
      keys.set(name, key)
      try {
        return (await key).slice()
      } catch (error) {
        keys.delete(name)
        throw error
      }
    },
    size: keys.size
  }
}

// A pure function's memory: 65 356 rounds cost some 20 ms, and every layer asks for the same few names.
const cache = createKeyCache(symmetricKeyFromPassword, limits.cachedKeys)

/**
 * The symmetric key of a name, 32 bytes, a fresh array; derived once and kept for the life of the process. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * const key = await symmetricKeyOfName('status')
 * ```
 */
export async function symmetricKeyOfName(name: string): Promise<Uint8Array> {
  check.text('name', name)
  return cache.get(name)
}
