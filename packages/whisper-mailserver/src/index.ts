export { MailserverError, type MailserverErrorCode } from './errors.ts'
export {
  type MailserverEventName,
  type MailserverEvents,
  mailserverEventNames,
  type Served
} from './events.ts'
export { limits } from './limits.ts'
export {
  createMailserver,
  type Mailserver,
  type MailserverDeps,
  type MailserverNode
} from './mailserver.ts'
export { memoryEnvelopeStore } from './memory-store.ts'
export type { MailserverOptions } from './options.ts'
export type { EnvelopeStore, RequestIdentity, StoredEnvelope, StoreQuery, StoreSize } from './ports.ts'
export type { MailserverStats } from './stats.ts'
export type { SyncRange, SyncResult } from './sync.ts'
