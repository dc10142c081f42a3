import type { ComplianceCase } from './case.ts'
import { acknowledgementClauses, deliveryClauses } from './sync-layer/delivery-cases.ts'
import { type SyncFactory, syncScene } from './sync-layer/fixture.ts'
import { outputClauses } from './sync-layer/output-cases.ts'

export type { SyncFactory } from './sync-layer/fixture.ts'

/** What an implementation promises beyond the least. */
export interface SyncLayerCasesOptions {
  /** Two identities, 65 bytes each. */
  readonly identities: readonly [Uint8Array, Uint8Array]
  /** Whether the other side acknowledges and lost payloads are sent again. @default true */
  readonly acknowledges?: boolean | undefined
}

/**
 * The contract of `SyncLayer`.
 *
 * @example
 * ```ts
 * for (const { name, run } of syncLayerCases(ports => createSync({ ...ports, store: memorySyncStore() }), { identities })) test(name, run)
 * ```
 */
export function syncLayerCases(
  create: SyncFactory,
  { identities, acknowledges = true }: SyncLayerCasesOptions
): readonly ComplianceCase[] {
  const clauses = [...deliveryClauses, ...(acknowledges ? acknowledgementClauses : []), ...outputClauses]
  return clauses.map(([name, run]) => ({ name, run: async () => run(syncScene(create, identities)) }))
}
