/**
 * secp256k1 as a backend must offer it. Lengths are checked before a backend is called; a backend answers
 * `undefined` where the numbers do not work out and never throws for bytes from outside.
 */
export interface EcBackend {
  /** `native`: libsecp256k1; `openssl`: noble with OpenSSL's ECDH; `noble`: JavaScript alone. */
  readonly name: 'noble' | 'openssl' | 'native'
  /** 65 bytes of a valid 32-byte private key. */
  readonly publicKey: (privateKey: Uint8Array) => Uint8Array | undefined
  /** A 33- or 65-byte point in the other or the same form. */
  readonly convert: (publicKey: Uint8Array, compressed: boolean) => Uint8Array | undefined
  /** r‖s‖v over a 32-byte digest: RFC 6979 nonce, low s, v 0 or 1. */
  readonly sign: (digest: Uint8Array, privateKey: Uint8Array) => Uint8Array | undefined
  /** The signer's 65 bytes; `signature` is r‖s‖v with v 0…3. */
  readonly recover: (digest: Uint8Array, signature: Uint8Array) => Uint8Array | undefined
  /** The X coordinate of the product, 32 bytes, left-padded. */
  readonly ecdhX: (privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array | undefined
}
