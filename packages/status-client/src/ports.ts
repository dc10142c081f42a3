import type { AbstractLevel } from 'abstract-level'

export type { Clock, IdentityKey, Logger, PeerLink, Random, Scheduler } from '@status-stack/interface'

/** Any member of the `abstract-level` family with string keys and binary values underneath; opened by us if it is not open. */
// biome-ignore lint/suspicious/noExplicitAny: the generic parameters of abstract-level are invariant and say nothing we rely on
export type Database = AbstractLevel<any, any, any>

/** Verifies claimed names; without one no name is ever shown as verified. */
export interface NameResolver {
  /** The key that the name's record holds; `undefined` when it has none. Rejects when the resolver can't be reached. */
  readonly publicKeyOf: (name: string, options: { readonly signal: AbortSignal }) => Promise<Uint8Array | undefined>
}

/**
 * Keeps two programs off one account. Resolves at once: with a release function, or `undefined` when another program holds it. What is
 * released is free when the release has settled.
 */
export interface AccountLock {
  /** Takes the lock of this name: the account's public key in hex. */
  readonly acquire: (name: string) => Promise<(() => void | Promise<void>) | undefined>
}
