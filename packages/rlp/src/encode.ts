import { RlpError } from './errors.ts'

/** What can be encoded: bytes, unsigned integers (shortest big-endian form), booleans (`80`, `01`), text (UTF-8), lists. */
export type RlpInput = Uint8Array | number | bigint | boolean | string | readonly RlpInput[]

const text = new TextEncoder()

/** The shortest big-endian form; zero is empty. @throws RlpError `out-of-range` */
export function uintBytes(value: number | bigint): Uint8Array {
  if (typeof value === 'number' ? !Number.isSafeInteger(value) || value < 0 : value < 0n) {
    throw new RlpError('out-of-range', 'RLP: expected an unsigned integer', 'caller')
  }
  if (value === 0 || value === 0n) return new Uint8Array(0)
  if (typeof value === 'number' && value < 0x1_0000_0000) {
    const size = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x100_0000 ? 3 : 4
    const bytes = new Uint8Array(size)
    for (let i = size - 1, rest = value; i >= 0; i--, rest >>>= 8) bytes[i] = rest & 0xff
    return bytes
  }
  const hex = value.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  const bytes = new Uint8Array(even.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(even.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

interface Sized {
  readonly bytes?: Uint8Array
  readonly items?: readonly Sized[]
  readonly payload: number
  readonly total: number
}

function headerLength(payload: number): number {
  return payload <= 55 ? 1 : 1 + uintBytes(payload).length
}

function size(input: RlpInput): Sized {
  if (Array.isArray(input)) {
    const items = (input as readonly RlpInput[]).map(size)
    const payload = items.reduce((sum, item) => sum + item.total, 0)
    return { items, payload, total: headerLength(payload) + payload }
  }
  const bytes = stringBytes(input as Exclude<RlpInput, readonly RlpInput[]>)
  const self = bytes.length === 1 && (bytes[0] ?? 0) < 0x80
  return { bytes, payload: bytes.length, total: self ? 1 : headerLength(bytes.length) + bytes.length }
}

function stringBytes(input: Uint8Array | number | bigint | boolean | string): Uint8Array {
  if (input instanceof Uint8Array) return input
  if (typeof input === 'boolean') return input ? Uint8Array.of(1) : new Uint8Array(0)
  if (typeof input === 'string') return text.encode(input)
  return uintBytes(input)
}

function writeHeader(out: Uint8Array, at: number, base: number, payload: number): number {
  if (payload <= 55) {
    out[at] = base + payload
    return at + 1
  }
  const length = uintBytes(payload)
  out[at] = base + 55 + length.length
  out.set(length, at + 1)
  return at + 1 + length.length
}

function write(out: Uint8Array, at: number, item: Sized): number {
  if (item.items !== undefined) {
    let next = writeHeader(out, at, 0xc0, item.payload)
    for (const child of item.items) next = write(out, next, child)
    return next
  }
  const bytes = item.bytes ?? new Uint8Array(0)
  const start = item.total === 1 && bytes.length === 1 ? at : writeHeader(out, at, 0x80, bytes.length)
  out.set(bytes, start)
  return start + bytes.length
}

/** The canonical encoding, as a fresh array. @throws RlpError `out-of-range` for a negative or unsafe number */
export function encodeRlp(input: RlpInput): Uint8Array {
  const sized = size(input)
  const out = new Uint8Array(sized.total)
  write(out, 0, sized)
  return out
}
