export { SyncError, type SyncErrorCode } from './errors.ts'
export { defaultLimits, type SyncLimits } from './limits.ts'
export type { SyncMode, SyncOptions } from './options.ts'
export type {
  Clock,
  Logger,
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
export type { Delivery, Incoming, Received, Sync } from './sync.ts'
