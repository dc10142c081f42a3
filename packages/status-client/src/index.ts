export { shownName } from '@status-stack/status-data'
export { isDiskFull } from '@status-stack/utils'
export type { Client } from './client-types.ts'
export { defaultLayers } from './composition/default-layers.ts'
export { type ClientDeps, createClient } from './create-client.ts'
export { ClientError, type ClientErrorCode } from './errors.ts'
export {
  type ChangeEvent,
  type ClientEvents,
  clientEventNames,
  type DeliveryEvent,
  type HistoryEvent,
  type NoticeEvent,
  type RefusedEvent
} from './events.ts'
export type * from './ledger-types.ts'
export { type Limits, limits } from './limits.ts'
export type { ClockReport } from './maintenance/clock-report.ts'
export type { SkewFact } from './maintenance/clock-skew.ts'
export type * from './message-types.ts'
export type { ClientOptions } from './options.ts'
export { safetyText } from './people/safety-text.ts'
export type {
  AccountLock,
  Clock,
  Database,
  IdentityKey,
  Logger,
  NameResolver,
  PeerLink,
  Random
} from './ports.ts'
export type * from './queries.ts'
export { describeProtection } from './sending/policy.ts'
export { importAccount } from './storage/backup.ts'
export { webLocks } from './storage/lock.ts'
export { changeStorageKey, type StorageKeyChange } from './storage/stores/rekey.ts'
export type * from './types.ts'
