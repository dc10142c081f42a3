import type { ComplianceCase } from '@status-stack/interface/testing'
import { equalBytes } from '../bytes.ts'
import { bytesToHex } from '../hex.ts'

export type { ComplianceCase }

export function complianceCase(name: string, work: () => void | Promise<void>): ComplianceCase {
  return { name, run: async () => work() }
}

export function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message)
}

export function checkBytes(name: string, actual: Uint8Array | undefined, expected: Uint8Array): void {
  check(
    actual !== undefined && equalBytes(actual, expected),
    `${name}: expected ${bytesToHex(expected)}, got ${actual === undefined ? 'nothing' : bytesToHex(actual)}`
  )
}

/** A plain `Uint8Array` over a buffer of its own: no subclass, no view into something larger. */
export function checkPlain(name: string, bytes: Uint8Array | undefined): void {
  check(bytes !== undefined && Object.getPrototypeOf(bytes) === Uint8Array.prototype, `${name}: not a plain Uint8Array`)
  check(bytes?.byteLength === bytes?.buffer.byteLength, `${name}: a view into a larger buffer`)
}

/** `length` bytes that repeat nowhere soon. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 8) * 13 + 5) & 0xff)
}
