import { createHistoryRequests, type ServeHistory } from './history-requests.ts'
import { createAdmission, type ServingContext } from './serving-context.ts'
import { createSyncRequests, type ServeSync } from './sync-requests.ts'

/** What a mailserver answers. */
export interface Requests {
  readonly history: ServeHistory
  readonly sync: ServeSync
}

export function createRequests(context: ServingContext): Requests {
  const admission = createAdmission(context)
  return { history: createHistoryRequests(context, admission), sync: createSyncRequests(context, admission) }
}
