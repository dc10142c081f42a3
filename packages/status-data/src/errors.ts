import type { RefusalCode } from './refusal.ts'

/** Every way this package throws. Part of the API: codes are only ever added. */
export type DataErrorCode =
  /** A wrapper, payload or event whose bytes do not parse. */
  | 'malformed'
  /** A public key, id or name in an argument that is none. */
  | 'invalid-argument'
  /** What is to be sent would be refused by its readers; `details.reason` is their reason. */
  | 'not-sendable'

const brand: unique symbol = Symbol.for('status-stack.status-data.error')

export interface DataErrorRest {
  /** `caller` a wrong argument, `peer` bytes from outside. */
  readonly origin: 'caller' | 'peer'
  readonly details?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** The one error class of this package. Messages name the thing, what was expected and what came; never content. */
export class DataError extends Error {
  override readonly name = 'DataError'
  readonly [brand] = true
  readonly code: DataErrorCode
  readonly origin: 'caller' | 'peer'
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: DataErrorCode, message: string, rest: DataErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is DataError {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** Bytes from outside that do not parse as `thing`. */
export function malformed(thing: string, length: number): DataError {
  return new DataError('malformed', `${thing}: ${length} bytes do not parse`, { origin: 'peer', details: { length } })
}

/** What the caller wants to send and every reader would refuse. */
export function notSendable(reason: RefusalCode | string): DataError {
  return new DataError('not-sendable', `message: would be refused by its readers: ${reason}`, {
    origin: 'caller',
    details: { reason }
  })
}
