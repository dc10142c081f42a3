export type { Client, ClientDeps, HistoryQuery, MessagesQuery } from './client-types.ts'
export { ClientError, type ClientErrorCode } from './errors.ts'
export type { ChangeEvent, ClientEvents, DeliveryEvent, HistoryEvent, RefusedEvent } from './events.ts'
export { type Limits, limits } from './limits.ts'
export type { ClientOptions } from './options.ts'
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
export type * from './types.ts'

import type { Client, ClientDeps } from './client-types.ts'
import type { ClientOptions } from './options.ts'

export declare function createClient(deps: ClientDeps, options?: ClientOptions): Promise<Client>
