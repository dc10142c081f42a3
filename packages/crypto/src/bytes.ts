import { CryptoError } from './errors.ts'

/** One fresh array holding `parts` in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whether two arrays hold the same bytes; the time taken depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/** Lexicographic order of two arrays: negative, zero or positive. Not constant-time. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const hexOfByte = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hex without a prefix. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = ''
  // Indexed: twice as fast as an iterator, and hashes become map keys all the time.
  for (let i = 0; i < bytes.length; i++) hex += hexOfByte[bytes[i] ?? 0]
  return hex
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

/** Bytes of an even number of hex digits, with or without `0x`. @throws CryptoError `invalid-hex` */
export function hexToBytes(hex: string): Uint8Array {
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

const encoder = /* @__PURE__ */ new TextEncoder()

/** UTF-8 bytes of a string. */
export function utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text)
}
