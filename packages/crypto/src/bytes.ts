import { check } from './checks.ts'

/**
 * One fresh array holding `parts` in order. @throws CryptoError `invalid-argument`
 *
 * @example
 * ```ts
 * concatBytes(Uint8Array.of(4), x, y) // an uncompressed public key
 * ```
 */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) {
    check.bytes('part', part)
    length += part.length
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/**
 * Whether two arrays hold the same bytes; the time taken depends on the lengths alone.
 * @throws CryptoError `invalid-argument`: two strings would compare as equal whenever their lengths are
 *
 * @example
 * ```ts
 * if (!equalBytes(tag, expected)) throw new Error('the tag does not fit')
 * ```
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  check.bytes('a', a)
  check.bytes('b', b)
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/**
 * Lexicographic order of two arrays: negative, zero or positive. Not constant-time. @throws CryptoError `invalid-argument`
 *
 * @example
 * ```ts
 * keys.sort(compareBytes)
 * ```
 */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  check.bytes('a', a)
  check.bytes('b', b)
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const encoder = /* @__PURE__ */ new TextEncoder()

/**
 * UTF-8 bytes of a string. @throws CryptoError `invalid-argument`
 *
 * @example
 * ```ts
 * utf8Bytes('status') // 6 bytes
 * ```
 */
export function utf8Bytes(text: string): Uint8Array {
  check.text('text', text)
  return encoder.encode(text)
}
