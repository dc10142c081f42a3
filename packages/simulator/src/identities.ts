import { createIdentityKey } from '@status-stack/status-accounts'
import type { Simulation } from './simulation.ts'

/**
 * The identity of a person of a simulation: the same in each one of this seed.
 *
 * @example
 * ```ts
 * const { publicKey } = identityOf(simulation, 'alice')
 * ```
 */
export const identityOf = (
  simulation: Pick<Simulation, 'random'>,
  person: string
): ReturnType<typeof createIdentityKey> => createIdentityKey(simulation.random(`person ${person}`).bytes(32))
