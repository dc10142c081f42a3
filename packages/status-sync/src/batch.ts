import type { Draft, SyncRecord } from './state.ts'
import { recordOf } from './state.ts'

/** BATCH append: the message itself is due at the next tick. SPEC: 2/MVDS "Batch". */
export function appendBatch(draft: Draft): SyncRecord {
  return recordOf('message', draft)
}
