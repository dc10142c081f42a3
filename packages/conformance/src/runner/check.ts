import { vectorBytes, vectorHex } from '@status-stack/vectors'

/** A named stretch of a byte string, in order; the last one takes the rest. */
export type Part = readonly [name: string, length: number]

/** The first difference between what a vector states and what the implementation made. */
export interface Difference {
  /** The field of the case, with a path into lists and objects and the part of a byte string: `rlp.nonce`. */
  readonly field: string
  /** First differing byte of the field's bytes (of its UTF-8 text for strings); absent for other values. */
  readonly offset?: number
  /** What the vector states, shortened where it is long. */
  readonly expected: string
  /** What the implementation made, shortened likewise. */
  readonly actual: string
}

/** Thrown by {@link Check} at the first difference. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch'
  readonly difference: Difference
  constructor(difference: Difference) {
    super(`${difference.field}: expected ${difference.expected}, got ${difference.actual}`)
    this.difference = difference
  }
}

/** Thrown by {@link Check.skip}. */
export class Skipped extends Error {
  override readonly name = 'Skipped'
}

/** Compares what was made with what the vector states; remembers every field it looked at. */
export interface Check {
  /** Bytes against a hex string of the vector (`null` and absent mean "no value"). */
  readonly bytes: (
    field: string,
    expected: string | Uint8Array | null | undefined,
    actual: Uint8Array | null | undefined,
    parts?: readonly Part[]
  ) => void
  /** Numbers, strings, booleans, lists and plain objects of them; bytes inside are compared as hex. */
  readonly equal: (field: string, expected: unknown, actual: unknown) => void
  /** The action must throw (or reject). */
  readonly refused: (field: string, action: () => unknown) => Promise<void>
  /** The action must not throw; what it answers is handed back. */
  readonly accepted: <T>(field: string, action: () => T | Promise<T>) => Promise<T>
  /**
   * The action must not throw when `expected` is true, and must throw when it is false; what it answers is handed back, undefined after a
   * refusal.
   */
  readonly verdict: <T>(field: string, expected: boolean, action: () => T | Promise<T>) => Promise<T | undefined>
  /** Ends the case as skipped. */
  readonly skip: (reason: string) => never
}

/** A {@link Check} and the list of the fields it has compared so far. */
export function createCheck(): { readonly check: Check; readonly fields: readonly string[] } {
  const fields: string[] = []
  const seen = (field: string): void => {
    fields.push(field)
  }
  const check: Check = {
    bytes: (field, expected, actual, parts = []) => {
      seen(field)
      const wanted = typeof expected === 'string' ? vectorBytes(expected) : (expected ?? undefined)
      compareBytes(field, wanted, actual ?? undefined, parts)
    },
    equal: (field, expected, actual) => {
      seen(field)
      compareValues(field, plain(expected), plain(actual))
    },
    refused: async (field, action) => {
      seen(field)
      try {
        await action()
      } catch {
        return
      }
      throw new Mismatch({ field, expected: 'a refusal', actual: 'accepted' })
    },
    accepted: async (field, action) => {
      seen(field)
      try {
        return await action()
      } catch (cause) {
        if (cause instanceof Mismatch || cause instanceof Skipped) throw cause
        throw new Mismatch({ field, expected: 'accepted', actual: `refused: ${textOf(cause)}` })
      }
    },
    verdict: async (field, expected, action) => {
      if (expected) return check.accepted(field, action)
      await check.refused(field, action)
      return undefined
    },
    skip: reason => {
      throw new Skipped(reason)
    }
  }
  return { check, fields }
}

function compareBytes(
  field: string,
  expected: Uint8Array | undefined,
  actual: Uint8Array | undefined,
  parts: readonly Part[]
): void {
  if (expected === undefined || actual === undefined) {
    if (expected !== actual) throw new Mismatch({ field, expected: windowOf(expected, 0), actual: windowOf(actual, 0) })
    return
  }
  const offset = firstDifference(expected, actual)
  if (offset === undefined) return
  const part = partAt(parts, offset)
  throw new Mismatch({
    field: part === undefined ? field : `${field}.${part}`,
    offset,
    expected: windowOf(expected, offset),
    actual: windowOf(actual, offset)
  })
}

/** Offset of the first byte that differs; the shorter length when one is a prefix of the other. */
function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return i
  return a.length === b.length ? undefined : shared
}

function partAt(parts: readonly Part[], offset: number): string | undefined {
  let end = 0
  for (const [name, length] of parts) {
    end += length
    if (offset < end) return name
  }
  return parts.at(-1)?.[0]
}

/** At most eight bytes from `offset`, and how long the whole is. */
function windowOf(bytes: Uint8Array | undefined, offset: number): string {
  if (bytes === undefined) return 'nothing'
  const window = vectorHex(bytes.subarray(offset, offset + 8))
  if (offset >= bytes.length) return `the end (${bytes.length} bytes)`
  return `${window}${offset + 8 < bytes.length ? '…' : ''} (${bytes.length} bytes)`
}

/** Bytes become hex and integers one spelling, so that a vector and an implementation meet. */
export function plain(value: unknown): unknown {
  if (value === undefined) return null
  if (value instanceof Uint8Array) return vectorHex(value)
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(plain(key)), plain(item)]))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  }
  return value
}

function compareValues(field: string, expected: unknown, actual: unknown): void {
  if (Object.is(expected, actual) || (expected === 0 && actual === 0)) return
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) {
      throw new Mismatch({ field, expected: `${expected.length} items`, actual: `${actual.length} items` })
    }
    for (const [index, item] of expected.entries()) compareValues(`${field}[${index}]`, item, actual[index])
    return
  }
  if (isRecord(expected) && isRecord(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      compareValues(`${field}.${key}`, expected[key] ?? null, actual[key] ?? null)
    }
    return
  }
  const spot = typeof expected === 'string' && typeof actual === 'string' ? offsetOf(expected, actual) : undefined
  throw new Mismatch({
    field,
    ...(spot === undefined ? {} : { offset: spot }),
    expected: textOf(expected),
    actual: textOf(actual)
  })
}

/** Hex strings differ at a byte of what they spell, other strings at a byte of their UTF-8. */
function offsetOf(expected: string, actual: string): number | undefined {
  const hex = /^0x([0-9a-f]{2})*$/
  if (hex.test(expected) && hex.test(actual)) return firstDifference(vectorBytes(expected), vectorBytes(actual))
  const utf8 = new TextEncoder()
  return firstDifference(utf8.encode(expected), utf8.encode(actual))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const maxText = 160

/** A short spelling of any value for a message. */
export function textOf(value: unknown): string {
  const text =
    value instanceof Error ? value.message : typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text
}
