import type { EcBackend } from './secp256k1/backend.ts'

/** A cipher that keeps its key stream position between calls. */
export interface StreamCipher {
  /** The next `bytes.length` bytes of the stream applied to `bytes`, as a fresh array. */
  readonly process: (bytes: Uint8Array) => Uint8Array
}

/** A keyed block permutation: 16 bytes in, 16 bytes out. */
export interface BlockCipher {
  /** A fresh array of 16 bytes. */
  readonly encryptBlock: (block: Uint8Array) => Uint8Array
}

/** scrypt cost; `n` is a power of two. Memory used is about `128 · r · (n + p)` bytes. */
export interface ScryptCost {
  /** CPU and memory cost. */
  readonly n: number
  /** Block size, in units of 128 bytes. */
  readonly r: number
  /** Lanes, one after the other. */
  readonly p: number
}

/** Bytes that both implementations take at most. */
export function scryptMemory({ n, r, p }: ScryptCost): number {
  return 128 * r * (n + p + 2)
}

/**
 * Whether OpenSSL refuses a cost that RFC 7914's algorithm can compute: its text bounds n by 2^(16·r), go-ethereum and the
 * key files of others do not.
 */
export function isBeyondOpenSsl({ n, r }: ScryptCost): boolean {
  return Math.log2(n) >= 16 * r
}

/**
 * What differs between Node and browsers: the same functions over node:crypto or over noble. The two platform files are
 * modules of this shape, not objects, so that a bundler keeps the functions in use and drops the others.
 */
export interface Platform {
  /** Which of the two it is. */
  readonly name: 'node' | 'browser'
  /**
   * Longest messages that the WebAssembly kernels handle faster than this platform: `sha256`, `hmacSha256`, AES of one message, and AES-GCM
   * tried with a key that is prepared and mostly the wrong one.
   */
  readonly kernelUpTo: {
    readonly sha256: number
    readonly hmac: number
    readonly aes: number
    readonly aesTrial: number
  }
  /** Lower-case hex as a flat string: these become map keys, and a string of strings would hold many times its length. */
  readonly bytesToHex: (bytes: Uint8Array) => string
  /** From the platform's secure generator. */
  readonly randomBytes: (length: number) => Uint8Array
  /** 32 bytes. */
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  /** 32 bytes. */
  readonly hmacSha256: (key: Uint8Array, bytes: Uint8Array) => Uint8Array
  /** `length` bytes, at most 8160. */
  readonly hkdfSha256: (ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number) => Uint8Array
  /** A running key stream; 16- or 32-byte key, 16-byte IV. */
  readonly aesCtr: (key: Uint8Array, iv: Uint8Array) => StreamCipher
  /** The bare permutation under a key. */
  readonly aesEcb: (key: Uint8Array) => BlockCipher
  /** Ciphertext‖tag(16); 12-byte nonce. */
  readonly aesGcmSeal: (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array) => Uint8Array
  /** `undefined` when the tag does not fit or is not there. */
  readonly aesGcmOpen: (key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array) => Uint8Array | undefined
  /** PBKDF2 over the HMAC of that hash; `length` bytes, made off the calling turn. */
  readonly pbkdf2: (
    hash: 'sha256' | 'sha512',
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
    length: number
  ) => Promise<Uint8Array>
  /** RFC 7914; `length` bytes, made off the calling turn. */
  readonly scrypt: (password: Uint8Array, salt: Uint8Array, cost: ScryptCost, length: number) => Promise<Uint8Array>
  /** The native secp256k1 addon when it loads here; never its JavaScript fallback. */
  readonly nativeSecp256k1: () => EcBackend | undefined
  /** This platform's own ECDH over secp256k1, when it has one. */
  readonly ownEcdhX: () => EcBackend['ecdhX'] | undefined
}
