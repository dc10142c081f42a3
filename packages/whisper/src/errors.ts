/** Every way this package refuses. Part of the API: codes are only ever added. */
export type WhisperErrorCode =
  | 'invalid-option'
  | 'invalid-argument'
  | 'invalid-envelope'
  | 'invalid-packet'
  | 'packet-too-large'
  | 'handshake-failed'
  | 'handshake-timeout'
  | 'bad-envelope'
  | 'rate-limit-exceeded'
  | 'link-closed'
  | 'not-running'
  | 'unknown-peer'
  | 'duplicate-peer'
  | 'too-many-peers'
  | 'too-many-filters'
  | 'payload-too-large'
  | 'message-too-large'
  | 'no-key'
  | 'pow-not-reached'
  | 'pow-too-low'
  | 'pool-full'
  | 'request-refused'
  | 'request-timeout'
  | 'request-too-soon'
  | 'response-too-large'

const brand: unique symbol = Symbol.for('status-stack.whisper.error')

/** `origin` says who is at fault: `caller` a wrong argument, `peer` bytes from outside, `environment` what may work later. */
export interface WhisperErrorRest {
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** The one error class of this package. Messages name the thing, what was expected and what came; never key material. */
export class WhisperError extends Error {
  override readonly name = 'WhisperError'
  readonly [brand] = true
  readonly code: WhisperErrorCode
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: WhisperErrorCode, message: string, rest: WhisperErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is WhisperError {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** A peer's packet that breaks the protocol: the link ends. */
export function invalidPacket(message: string, cause?: unknown): WhisperError {
  return new WhisperError('invalid-packet', message, { origin: 'peer', cause })
}

/** @throws WhisperError `invalid-argument` unless `bytes` has exactly `length` bytes. */
export function assertLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new WhisperError('invalid-argument', `${name}: expected ${length} bytes, got ${bytes.length}`, {
      origin: 'caller',
      details: { expected: length, got: bytes.length }
    })
  }
}
