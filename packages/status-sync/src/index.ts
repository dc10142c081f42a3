/**
 * MVDS: reliable delivery between identities without a server.
 *
 * @packageDocumentation
 */
export { SyncError, type SyncErrorCode } from './errors.ts'
export { groupId, messageId } from './ids.ts'
export { defaultLimits, type SyncLimits } from './limits.ts'
export { memorySyncStore } from './memory-store.ts'
export { createSync } from './node.ts'
export type { SyncMode, SyncOptions } from './options.ts'
export {
  decodeMessage,
  decodePayload,
  encodeMessage,
  encodePayload,
  type Message,
  type Payload
} from './payload.ts'
export type {
  Clock,
  MaxBytes,
  Outcome,
  Output,
  OutputResult,
  Random,
  Settled,
  Settlement,
  SyncChange,
  SyncDeps,
  SyncStore,
  SyncTable
} from './ports.ts'
export { statusGoSendEpoch } from './schedule.ts'
export type { Incoming, Received, SendStatus, Sync } from './sync.ts'
export { unwrap } from './unwrap.ts'
