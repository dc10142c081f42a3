import { createHoldingBudget, type HoldingBudget } from '@status-stack/utils'

/**
 * What all clients of a server may hold together.
 *
 * @param limit bytes, where the options do not let one client hold more than half of it
 * @param most bytes that one may hold
 */
export function createSharedBudget(limit: number, most: number): HoldingBudget {
  return createHoldingBudget(Math.max(limit, 2 * most))
}
