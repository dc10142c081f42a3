/** Every way this package refuses. Part of the API: codes are only ever added. */
export type CryptoErrorCode =
  | 'invalid-length'
  | 'invalid-private-key'
  | 'invalid-public-key'
  | 'invalid-signature'
  | 'invalid-hex'
  | 'decryption-failed'
  | 'unsupported'
  | 'out-of-range'

const brand: unique symbol = /* @__PURE__ */ Symbol.for('status-stack.crypto.error')

/** `origin` says who is at fault: `caller` a wrong argument, `peer` bytes from outside, `environment` the platform. */
export interface CryptoErrorRest {
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** The one error class of this package. Messages name the thing, what was expected and what came; never key material. */
export class CryptoError extends Error {
  override readonly name = 'CryptoError'
  readonly [brand] = true
  readonly code: CryptoErrorCode
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: CryptoErrorCode, message: string, rest: CryptoErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is CryptoError {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** All failed decryptions look alike: one code, one message. */
export function decryptionFailed(): CryptoError {
  return new CryptoError('decryption-failed', 'decryption failed', { origin: 'peer' })
}

/** @throws CryptoError `invalid-length` unless `bytes` has exactly `length` bytes. */
export function assertLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new CryptoError('invalid-length', `${name}: expected ${length} bytes, got ${bytes.length}`, {
      origin: 'caller',
      details: { expected: length, got: bytes.length }
    })
  }
}
