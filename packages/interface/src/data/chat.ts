import type { GroupEvent } from './group.ts'
import type { PublicKey } from './state.ts'

/** Where a message is said, as a sender names it. */
export type Chat =
  | { readonly kind: 'one-to-one'; readonly publicKey: PublicKey }
  | { readonly kind: 'public'; readonly name: string }
  | {
      readonly kind: 'group'
      /** UUID v4, `-`, `0x` + the creator's key in hex. */
      readonly id: string
      /** The events as a merge gave them; empty for a group about to be created. Their bytes are stored. */
      readonly events: readonly GroupEvent[]
    }
  /** Our other devices: pairing and device sync. */
  | { readonly kind: 'own-devices' }

/** Where an accepted message belongs; `id` is the key a store files it under. */
export type ChatRef =
  | { readonly kind: 'one-to-one'; readonly id: string; readonly publicKey: PublicKey }
  | { readonly kind: 'public'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
