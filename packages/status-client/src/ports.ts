import type { AbstractLevel } from 'abstract-level'

/** Our identity without its private key. Structurally the port of every layer. */
export interface IdentityKey {
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  /** 32-byte digest → 65 bytes r‖s‖v, v 0 or 1. */
  readonly sign: (digest: Uint8Array) => Uint8Array
  /** 65-byte public key → 32 bytes, left-padded X. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

export interface Clock {
  readonly nowMs: () => number
}

export interface Random {
  readonly bytes: (length: number) => Uint8Array
}

/** Messages carry ids and sizes, never content or keys, at any level. */
export interface Logger {
  readonly debug: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly warn: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly error: (message: string, facts?: Readonly<Record<string, string | number>>) => void
}

/** A link to one peer, as a transport hands it over. */
export interface PeerLink {
  /** 64 hex: Keccak-256 of X‖Y of the node key. */
  readonly peerId: string
  readonly remoteAddress?: string
  readonly flags: { readonly static: boolean; readonly trusted: boolean }
  readonly packets: () => AsyncIterable<{ readonly code: number; readonly payload: Uint8Array }>
  /** Waits while the peer is slow. */
  readonly send: (code: number, payload: Uint8Array, options?: { readonly signal?: AbortSignal }) => Promise<void>
  readonly close: (reason: 'done' | 'subprotocol-error') => Promise<void>
}

/** Any member of the `abstract-level` family with string keys and binary values underneath; opened by us if it is not open. */
// biome-ignore lint/suspicious/noExplicitAny: the generic parameters of abstract-level are invariant and say nothing we rely on
export type Database = AbstractLevel<any, any, any>

/** Verifies claimed names; without one no name is ever shown as verified. */
export interface NameResolver {
  /** The key that the name's record holds; `undefined` when it has none. Rejects when the resolver can't be reached. */
  readonly publicKeyOf: (name: string, options: { readonly signal: AbortSignal }) => Promise<Uint8Array | undefined>
}

/**
 * Keeps two programs off one account. Resolves at once: with a release function, or `undefined` when somebody else holds it. What is
 * released is free when the release has settled.
 */
export interface AccountLock {
  readonly acquire: (name: string) => Promise<(() => void | Promise<void>) | undefined>
}
