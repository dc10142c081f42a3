import { hardLimits } from '../limits.ts'
import { symmetricKeyFromPassword } from './symmetric.ts'

// A pure function's memory: 65 356 rounds cost some 20 ms. Least recently used goes first.
// BOUNDED: hardLimits.cachedKeys.
const cache = new Map<string, Promise<Uint8Array>>()

/** The symmetric key of a name, 32 bytes, a fresh array; derived once and kept for the life of the process. */
export async function symmetricKeyOfName(name: string): Promise<Uint8Array> {
  let key = cache.get(name)
  cache.delete(name)
  if (key === undefined) {
    key = symmetricKeyFromPassword(name)
    const oldest = cache.keys().next()
    if (cache.size >= hardLimits.cachedKeys && oldest.done !== true) cache.delete(oldest.value)
  }
  cache.set(name, key)
  return (await key).slice()
}

/** Cached names; tests of the bound use it. */
export function cachedKeyCount(): number {
  return cache.size
}
