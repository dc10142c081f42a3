import { RlpError } from './errors.ts'
import type { RlpLimits } from './limits.ts'

function refuse(name: string, expected: string, value: unknown): RlpError {
  const got = value === null ? 'null' : value === undefined ? 'nothing' : `a value of type ${typeof value}`
  return new RlpError('invalid-argument', `${name}: expected ${expected}, got ${got}`, 'caller', { argument: name })
}

/** @throws RlpError `invalid-argument`: a string has characters where bytes are meant, and would decode to nonsense */
export function assertBytes(name: string, value: unknown): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw refuse(name, 'a Uint8Array', value)
}

/** @throws RlpError `invalid-argument`: a bound that is not a number bounds nothing */
export function assertNumber(name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw refuse(name, 'a number', value)
}

/** @throws RlpError `invalid-argument` */
export function assertLimits(limits: RlpLimits): void {
  if (typeof limits !== 'object' || limits === null) throw refuse('limits', 'an object', limits)
  assertNumber('limits: maxDepth', limits.maxDepth)
  assertNumber('limits: maxItems', limits.maxItems)
}

/** @throws RlpError `invalid-argument` for what is neither a decoded item nor absent */
export function assertItem(name: string, item: unknown): void {
  if (item === undefined || item instanceof Uint8Array || Array.isArray(item)) return
  throw refuse(name, 'a decoded item', item)
}
