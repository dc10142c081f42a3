import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { CryptoError, type CryptoErrorCode } from './errors.ts'

/** Types of arguments: a string is not bytes, and a forgotten argument is not empty bytes. */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new CryptoError('invalid-argument', message, { origin: 'caller', details })
)

/** @throws CryptoError `invalid-argument` unless these are bytes, `invalid-length` unless there are exactly `length` of them */
export function assertLength(name: string, bytes: Uint8Array, length: number): void {
  check.bytes(name, bytes)
  if (bytes.length !== length) {
    throw new CryptoError('invalid-length', `${name}: expected ${length} bytes, got ${bytes.length}`, {
      origin: 'caller',
      details: { expected: length, got: bytes.length }
    })
  }
}

/** @throws CryptoError `invalid-argument` for what is not a number, `code` unless it is an integer from `min` to `max` */
export function assertInteger(
  name: string,
  value: number,
  min: number,
  max: number,
  code: CryptoErrorCode = 'out-of-range'
): void {
  if (typeof value !== 'number') check.number(name, value, min, max)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new CryptoError(code, `${name}: expected an integer from ${min} to ${max}, got ${value}`, {
      origin: 'caller'
    })
  }
}
