import type { Protection } from '@status-stack/interface'

export type { Protection }

/**
 * From weakest to strongest; the position is what records store.
 *
 * @example
 * ```ts
 * protections.at(-1) // 'forward-secret'
 * ```
 */
export const protections: readonly Protection[] = ['none', 'static-key', 'forward-secret']

/**
 * The stronger of two protections.
 *
 * @example
 * ```ts
 * strongerProtection('static-key', 'forward-secret') // 'forward-secret'
 * ```
 */
export function strongerProtection(a: Protection, b: Protection): Protection {
  return protections.indexOf(a) >= protections.indexOf(b) ? a : b
}

/**
 * The weaker of two protections: what can be said of bytes that left more than once, such as a first attempt under a static
 * key and a forward-secret retry.
 *
 * @example
 * ```ts
 * const shown = weakerProtection(delivery.protection, sealed.protection)
 * ```
 */
export function weakerProtection(a: Protection, b: Protection): Protection {
  return protections.indexOf(a) <= protections.indexOf(b) ? a : b
}
