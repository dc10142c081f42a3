import { assertItem, assertNumber } from './checks.ts'
import type { RlpItem } from './decode.ts'
import { RlpError } from './errors.ts'

function wrongType(name: string, expected: string): RlpError {
  return new RlpError('wrong-type', `${name}: expected ${expected}`)
}

/**
 * The item as a list; with `length`, of exactly that many items. @throws RlpError `wrong-type`
 *
 * @example
 * ```ts
 * const [expiry, ttl] = rlpList('envelope', item, 5)
 * ```
 */
export function rlpList(name: string, item: RlpItem | undefined, length?: number): readonly RlpItem[] {
  assertItem(name, item)
  if (item === undefined || item instanceof Uint8Array) throw wrongType(name, 'a list')
  if (length !== undefined && item.length !== length) throw wrongType(name, `${length} items, got ${item.length}`)
  return item
}

/**
 * The item as a string of bytes; with `length`, of exactly that many. A view into the decoded input. @throws RlpError `wrong-type`
 *
 * @example
 * ```ts
 * const topic = rlpBytes('topic', item, 4)
 * ```
 */
export function rlpBytes(name: string, item: RlpItem | undefined, length?: number): Uint8Array {
  assertItem(name, item)
  if (!(item instanceof Uint8Array)) throw wrongType(name, 'a byte string')
  if (length !== undefined && item.length !== length) throw wrongType(name, `${length} bytes, got ${item.length}`)
  return item
}

/** Bytes of an unsigned integer without a leading zero byte and of at most `bits` bits, rounded up to whole bytes. */
function integerBytes(name: string, item: RlpItem | undefined, bits: number): Uint8Array {
  const bytes = rlpBytes(name, item)
  if (bytes[0] === 0) throw new RlpError('not-canonical', `${name}: integer with a leading zero byte`)
  if (bytes.length * 8 > bits + 7) {
    throw new RlpError('out-of-range', `${name}: integer of ${bytes.length} bytes is over ${bits} bits`)
  }
  return bytes
}

function overBits(name: string, bits: number): RlpError {
  return new RlpError('out-of-range', `${name}: integer is over ${bits} bits`)
}

/**
 * The item as an unsigned integer of at most `bits` bits (at most 53). @throws RlpError `wrong-type`, `not-canonical`, `out-of-range`
 *
 * @example
 * ```ts
 * const port = rlpUint('port', item, 16)
 * ```
 */
export function rlpUint(name: string, item: RlpItem | undefined, bits: number): number {
  assertNumber('bits', bits)
  const most = Math.min(bits, 53)
  let value = 0
  for (const byte of integerBytes(name, item, most)) value = value * 256 + byte
  if (value >= 2 ** most) throw overBits(name, most)
  return value
}

/**
 * The item as an unsigned integer of at most `bits` bits. @throws RlpError `wrong-type`, `not-canonical`, `out-of-range`
 *
 * @example
 * ```ts
 * const nonce = rlpBigUint('nonce', item, 64)
 * ```
 */
export function rlpBigUint(name: string, item: RlpItem | undefined, bits: number): bigint {
  assertNumber('bits', bits)
  const bytes = integerBytes(name, item, bits)
  let value = 0n
  if (bytes.length <= 6) {
    let small = 0
    for (const byte of bytes) small = small * 256 + byte
    value = BigInt(small)
  } else {
    for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  }
  if (value >> BigInt(bits) !== 0n) throw overBits(name, bits)
  return value
}

/**
 * The item as a boolean: `80` false, `01` true. @throws RlpError `wrong-type`
 *
 * @example
 * ```ts
 * const isLight = rlpBool('light', item)
 * ```
 */
export function rlpBool(name: string, item: RlpItem | undefined): boolean {
  const bytes = rlpBytes(name, item)
  if (bytes.length === 0) return false
  if (bytes.length === 1 && bytes[0] === 1) return true
  throw wrongType(name, 'a boolean')
}
