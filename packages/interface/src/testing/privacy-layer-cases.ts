import type { ComplianceCase } from './case.ts'
import { arrivalClauses, isolationClauses } from './privacy-layer/arrival-cases.ts'
import { type PrivacyFixture, privacyScene } from './privacy-layer/fixture.ts'
import { nodeClauses, postingClauses } from './privacy-layer/node-cases.ts'

export type { PrivacyFixture } from './privacy-layer/fixture.ts'

/** Values of a run; all optional. */
export interface PrivacyLayerCasesOptions {
  /** Longest wait for something that has to happen, milliseconds. @default one minute */
  readonly patienceMs?: number | undefined
}

/**
 * The contract of `PrivacyLayer`. `create` makes a fresh, connected fixture each time.
 *
 * @example
 * ```ts
 * for (const { name, run } of privacyLayerCases(async () => myNetwork())) test(name, run)
 * ```
 */
export function privacyLayerCases<Route, Interest>(
  create: () => Promise<PrivacyFixture<Route, Interest>>,
  { patienceMs }: PrivacyLayerCasesOptions = {}
): readonly ComplianceCase[] {
  return [...nodeClauses, ...arrivalClauses, ...isolationClauses, ...postingClauses].map(([name, run]) => ({
    name,
    run: async () => {
      const fixture = await create()
      try {
        await run(privacyScene(fixture as PrivacyFixture<unknown, unknown>, patienceMs))
      } finally {
        await fixture.release()
      }
    }
  }))
}
