/** Whom a message is for. Routing depends on this alone, never on what the message says. */
export type Destination =
  /** 65 bytes, 0x04‖X‖Y. */
  | { readonly kind: 'identity'; readonly publicKey: Uint8Array }
  | { readonly kind: 'public-chat'; readonly name: string }
  /** 65 bytes: the identity that announces itself. */
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }

/** Where a message was found: all that this layer tells about it. */
export type Arrival =
  /** Encrypted to our identity key. */
  | { readonly kind: 'identity' }
  | { readonly kind: 'public-chat'; readonly name: string }
  /** On the place that we share with `peer` alone (65 bytes); signed by that peer. */
  | { readonly kind: 'rendezvous'; readonly peer: Uint8Array }
  /** On the contact code of `owner` (65 bytes); signed by that owner. */
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }

/** What we listen for. */
export type Want =
  /** Everything encrypted to our identity key: the partitioned topic and the personal one of older versions. */
  | { readonly kind: 'identity' }
  | { readonly kind: 'public-chat'; readonly name: string }
  /** 65 bytes. */
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }
  /** `peer` 65 bytes, `secret` 32 bytes: the X coordinate of the ECDH of both identity keys. */
  | { readonly kind: 'rendezvous'; readonly peer: Uint8Array; readonly secret: Uint8Array }

/** What the transport alone promises about who can read an envelope. */
export type Guarantee = 'addressee-confidential' | 'group-readable'
