import type { Random } from '@status-stack/interface'

/**
 * A random UUID, version 4, in its 36-character form. SPEC: RFC 9562, section 5.4.
 *
 * @example
 * ```ts
 * uuidV4(random) // '9b2f4c1e-…'
 * ```
 */
export function uuidV4(random: Random): string {
  const bytes = random.bytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
