export type { Arrival, Destination, Guarantee } from '@status-stack/interface'

/** What we listen for. */
export type Want =
  /** Everything encrypted to our identity key: the partitioned topic and the personal one of older versions. */
  | { readonly kind: 'identity' }
  | { readonly kind: 'public-chat'; readonly name: string }
  /** 65 bytes. */
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }
  /** `peer` 65 bytes, `secret` 32 bytes: the X coordinate of the ECDH of both identity keys. */
  | { readonly kind: 'rendezvous'; readonly peer: Uint8Array; readonly secret: Uint8Array }
