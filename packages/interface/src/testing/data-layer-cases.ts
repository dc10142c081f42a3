import type { ComplianceCase } from './case.ts'
import { type DataFixture, scene } from './data-layer/fixture.ts'
import { groupClauses } from './data-layer/group-cases.ts'
import { messageClauses } from './data-layer/message-cases.ts'
import { ruleClauses } from './data-layer/rule-cases.ts'

export type { DataFixture } from './data-layer/fixture.ts'

/**
 * The contract of `DataLayer`. `create` gives the layer and three identities that it can work with.
 *
 * @example
 * ```ts
 * for (const { name, run } of dataLayerCases(async () => ({ layer: dataLayer, identities, random }))) test(name, run)
 * ```
 */
export function dataLayerCases(create: () => Promise<DataFixture>): readonly ComplianceCase[] {
  return [...messageClauses, ...groupClauses, ...ruleClauses].map(([name, run]) => ({
    name,
    run: async () => run(scene(await create()))
  }))
}
