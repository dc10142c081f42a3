import type { AccountLock, Clock, Database, IdentityKey, Logger, NameResolver, Random, Scheduler } from '../ports.ts'

/** Collaborators of a client, whatever its layers. */
export interface ComposeDeps {
  /** The person's key, which signs and agrees without being handed out: `createIdentityKey` of status-accounts, a keystore, a device. */
  readonly identity: IdentityKey
  /** `classic-level`, `browser-level` or `memory-level`; this client is its only user. */
  readonly database: Database
  /**
   * 32 bytes that encrypt the store: random, kept by the app under the account's password. `changeStorageKey` puts another in its
   * place, so that a copy of the old one opens nothing.
   */
  readonly storageKey: Uint8Array
  /** What messages are dated by; never one that is corrected by others. @default the system clock */
  readonly clock?: Clock | undefined
  /** Timers of the client itself; the layers have theirs. A simulation gives its own. @default the system's */
  readonly scheduler?: Scheduler | undefined
  /** Ids, nonces and whatever the layers draw. @default the platform's secure randomness */
  readonly random?: Random | undefined
  /** Told of refusals, failures and defects, with ids and sizes only. @default silent */
  readonly logger?: (Omit<Logger, 'info'> & Partial<Pick<Logger, 'info'>>) | undefined
  /** Keeps a second program off the account. @default Web Locks where the platform has them */
  readonly lock?: AccountLock | undefined
  /**
   * Makes an image that is too large for its envelope smaller: at most `maxBytes`, PNG, JPEG, WEBP or GIF.
   * @default none: too large images are refused
   */
  readonly scaleImage?: ((image: Uint8Array, maxBytes: number) => Promise<Uint8Array>) | undefined
  /** The node key, which signs mailserver requests. @default a fresh one each run */
  readonly nodeKey?: IdentityKey | undefined
  /** Verifies the names that people claim. @default none: no name is ever verified */
  readonly names?: NameResolver | undefined
}
