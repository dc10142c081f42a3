export { shownName } from '@status-stack/status-data'
export { importAccount } from './backup.ts'
export type { Client, ClientDeps, HistoryQuery, HistoryResult, MessagesQuery } from './client-types.ts'
export type { ClockReport } from './clock-report.ts'
export type { SkewFact } from './clock-skew.ts'
export { safetyText } from './contacts.ts'
export { createClient } from './create-client.ts'
export { defaultLayers } from './default-layers.ts'
export { ClientError, type ClientErrorCode } from './errors.ts'
export type { ChangeEvent, ClientEvents, DeliveryEvent, HistoryEvent, NoticeEvent, RefusedEvent } from './events.ts'
export { type Limits, limits } from './limits.ts'
export { webLocks } from './lock.ts'
export { messagePortLink, type PortLike } from './message-port.ts'
export type { ClientOptions } from './options.ts'
export { describeProtection } from './policy.ts'
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
export { isDiskFull } from './stores/disk-full.ts'
export { changeStorageKey, type StorageKeyChange } from './stores/rekey.ts'
export type * from './types.ts'
