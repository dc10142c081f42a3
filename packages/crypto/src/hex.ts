import * as platform from '#platform'
import { check } from './checks.ts'
import { CryptoError } from './errors.ts'

/**
 * Lower-case hex without a prefix, as one flat string. @throws CryptoError `invalid-argument`
 *
 * @example
 * ```ts
 * bytesToHex(Uint8Array.of(1, 255)) // '01ff'
 * ```
 */
export function bytesToHex(bytes: Uint8Array): string {
  check.bytes('bytes', bytes)
  return platform.bytesToHex(bytes)
}

/** The value of a hex digit's character code, −1 for anything else. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function invalidHex(length: number): CryptoError {
  return new CryptoError('invalid-hex', `hex: expected an even number of hex digits, got ${length} characters`, {
    origin: 'caller',
    details: { length }
  })
}

/**
 * Bytes of an even number of hex digits, with or without `0x`. @throws CryptoError `invalid-hex`, `invalid-argument`
 *
 * @example
 * ```ts
 * hexToBytes('0x01ff') // Uint8Array.of(1, 255)
 * ```
 */
export function hexToBytes(hex: string): Uint8Array {
  check.text('hex', hex)
  const digits = hex.startsWith('0x') || hex.startsWith('0X') ? hex.slice(2) : hex
  if (digits.length % 2 !== 0) throw invalidHex(digits.length)
  const bytes = new Uint8Array(digits.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const value = (digitOf(digits.charCodeAt(2 * i)) << 4) | digitOf(digits.charCodeAt(2 * i + 1))
    if (value < 0) throw invalidHex(digits.length)
    bytes[i] = value
  }
  return bytes
}
