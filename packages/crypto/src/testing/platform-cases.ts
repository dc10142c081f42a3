import type { Platform } from '../platform.ts'
import type { ComplianceCase } from './check.ts'
import { cipherCases, gcmCases } from './cipher-cases.ts'
import { derivationCases } from './derivation-cases.ts'
import { hashCases } from './hash-cases.ts'

/**
 * The contract of {@link Platform}: published vectors, plain results, streams that may be cut anywhere.
 *
 * @example
 * ```ts
 * for (const { name, run } of platformCases(myPlatform)) test(name, run)
 * ```
 */
export function platformCases(platform: Platform): readonly ComplianceCase[] {
  return [...hashCases(platform), ...cipherCases(platform), ...gcmCases(platform), ...derivationCases(platform)]
}
