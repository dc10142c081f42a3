import type { ComplianceCase } from './case.ts'
import { audienceClauses } from './security-layer/audience-cases.ts'
import type { SecurityFixture } from './security-layer/fixture.ts'
import { messageClauses } from './security-layer/message-cases.ts'

export type { SecurityFixture } from './security-layer/fixture.ts'

/** What an implementation promises beyond the least. */
export interface SecurityLayerCasesOptions {
  /** Whether messages between people who know each other's devices are forward secret. @default true */
  readonly forwardSecret?: boolean | undefined
}

/**
 * The contract of `SecurityLayer`. `create` makes a fresh fixture each time.
 *
 * @example
 * ```ts
 * for (const { name, run } of securityLayerCases(async () => twoSealers())) test(name, run)
 * ```
 */
export function securityLayerCases<Receipt>(
  create: () => Promise<SecurityFixture<Receipt>>,
  { forwardSecret = true }: SecurityLayerCasesOptions = {}
): readonly ComplianceCase[] {
  return [...messageClauses, ...audienceClauses].map(([name, run]) => ({
    name,
    run: async () => {
      const fixture = await create()
      try {
        await run({ ...(fixture as SecurityFixture<unknown>), forwardSecret })
      } finally {
        await fixture.release?.()
      }
    }
  }))
}
