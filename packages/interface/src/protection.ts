/**
 * What sealed bytes guarantee by themselves.
 * - `forward-secret`: Double Ratchet; keys are deleted after use.
 * - `static-key`: encrypted to the identity key or a prekey; a person who obtains that key later can read it.
 * - `none`: plain bytes; confidentiality, if any, is the privacy layer's.
 */
export type Protection = 'forward-secret' | 'static-key' | 'none'

/** What a route guarantees: readable by its addressee alone, or by everyone who knows the topic's name. */
export type Guarantee = 'addressee-confidential' | 'group-readable'

/** Whom a message is for, as the privacy layer sees it. */
export type Destination =
  | { readonly kind: 'identity'; readonly publicKey: Uint8Array }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }

/** Where a delivery was heard. A rendezvous and a contact code name who alone may write there. */
export type Arrival =
  | { readonly kind: 'identity' }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'rendezvous'; readonly peer: Uint8Array }
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }

/**
 * Whom the security layer seals for. `any-device` includes devices whose bundle is unknown, at the price of a static-key
 * entry; `known-devices` reaches only those with a session or bundle.
 */
export type Audience =
  | { readonly kind: 'identity'; readonly publicKey: Uint8Array; readonly reach: 'known-devices' | 'any-device' }
  | { readonly kind: 'own-devices'; readonly reach: 'known-devices' | 'any-device' }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }

/**
 * What the security layer wants done elsewhere. Effects may repeat and are idempotent; they are applied and awaited before
 * the bytes they came with are used, except `advertise`, which runs in the background.
 */
export type Effect =
  /** Listen on the topic of this secret from now on, also before the other side has agreed to it. */
  | { readonly kind: 'rendezvous'; readonly peer: Uint8Array; readonly secret: Uint8Array }
  | { readonly kind: 'devices-changed'; readonly identity: Uint8Array }
  | { readonly kind: 'own-device-found'; readonly installationId: string }
  /** A device does not know us: send it our bundle, once per cooldown. */
  | { readonly kind: 'advertise'; readonly to: Audience }
