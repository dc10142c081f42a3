import type {
  Clock,
  DataLayer,
  IdentityKey,
  Logger,
  PrivacyLayer,
  PrivacyStore,
  Random,
  SecurityLayer,
  SyncLayer,
  SyncPorts
} from '@status-stack/interface'
import type { SessionStore } from '../storage/stores/session-store.ts'
import type { SyncStore } from '../storage/stores/sync-store.ts'

/** What the client lends to a layer while it builds it. */
export interface LayerHost {
  /** The person's key. */
  readonly identity: IdentityKey
  /** The client's; never a corrected one. */
  readonly clock: Clock
  /**
   * By which a layer erases something for good, or gives it up: it stays behind `clock` for a day after that has jumped, as a wrong clock may
   * be set right.
   */
  readonly expiryClock: Clock
  /** The client's. */
  readonly random: Random
  /** The client's; silent when it has none. */
  readonly logger: Logger
}

/** Sealing with sessions and without: both open everything, they differ in what they send. */
export interface SecurityLayers<Receipt> {
  /** With sessions: what a client uses unless a person's `pfs` is `off`. */
  readonly sealed: SecurityLayer<Receipt>
  /** For people with whom sessions are switched off. Advertisements always go through `sealed`. */
  readonly plain: SecurityLayer<Receipt>
}

/** When the sync layer ticks, retries and gives up, milliseconds. */
export interface SyncTimes {
  /** Between two looks at what is due: the option `syncTickMs`. */
  readonly tickMs: number
  /** Until the first repetition: the option `syncRetryMs`. */
  readonly baseMs: number
  /** Age at which a message is given up: the option `syncGiveUpMs`. */
  readonly giveUpMs: number
}

/**
 * The layers of a messenger, each a value that fits its seam. The client builds them when it opens, with the stores and ports that only
 * it can give; it knows none of them by name.
 */
export interface Layers<Route = unknown, Interest = unknown, Receipt = unknown> {
  /** Carries bytes; `store` is a namespace of its own, encrypted, with hashed keys. */
  readonly privacy: (host: LayerHost & { readonly store: PrivacyStore }) => PrivacyLayer<Route, Interest>
  /** Who can read; `store` holds sessions, `installationId` names this device in bundles. Resolves when it may be used. */
  readonly security: (
    host: LayerHost & {
      readonly store: SessionStore
      readonly installationId: string
      /** Whether a chat, a contact or a group of ours needs this person: the sessions of others may be forgotten to make room. */
      readonly isKnown: (identity: Uint8Array) => boolean
    }
  ) => Promise<SecurityLayers<Receipt>>
  /** Whether both sides have it; the client seals and posts what it puts out, and keeps the bodies. */
  readonly sync: (
    host: LayerHost &
      SyncPorts & {
        readonly store: SyncStore
        readonly times: SyncTimes
        /** Whether messages are repeated until they are acknowledged. Off: each is sent once; what others send is acknowledged all the same. */
        readonly acknowledged: boolean
        readonly isKnown: (peer: Uint8Array) => boolean
      }
  ) => SyncLayer
  /** What messages mean. It holds nothing and needs nothing of the client, so it is given as it is. */
  readonly data: DataLayer
}
