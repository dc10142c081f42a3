import { RlpError } from './errors.ts'
import { maxEncodeDepth } from './limits.ts'

/** What can be encoded: bytes, unsigned integers (shortest big-endian form), booleans (`80`, `01`), text (UTF-8), lists. */
export type RlpInput = Uint8Array | number | bigint | boolean | string | readonly RlpInput[]

const text = /* @__PURE__ */ new TextEncoder()
const empty = /* @__PURE__ */ new Uint8Array(0)

function wrongType(value: unknown): RlpError {
  return new RlpError('wrong-type', `RLP: cannot encode a value of type ${typeof value}`, 'caller')
}

/** Bytes of the shortest form of a whole number from 0 to 2^53 − 1. */
function uintLength(value: number): number {
  let length = 0
  for (let rest = value; rest >= 1; rest /= 256) length++
  return length
}

function writeUint(out: Uint8Array, at: number, value: number, length: number): void {
  for (let i = at + length - 1, rest = value; i >= at; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256
}

/**
 * The shortest big-endian form; zero is empty.
 * @throws RlpError `out-of-range` for a negative or unsafe number, `wrong-type` for what is no number
 *
 * @example
 * ```ts
 * uintBytes(1024) // Uint8Array.of(4, 0)
 * ```
 */
export function uintBytes(value: number | bigint): Uint8Array {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType(value)
  if (typeof value === 'number' ? !Number.isSafeInteger(value) || value < 0 : value < 0n) {
    throw new RlpError('out-of-range', 'RLP: expected an unsigned integer', 'caller')
  }
  if (value <= Number.MAX_SAFE_INTEGER) {
    const small = Number(value)
    const bytes = new Uint8Array(uintLength(small))
    writeUint(bytes, 0, small, bytes.length)
    return bytes
  }
  const hex = value.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16))
}

function headerLength(payload: number): number {
  return payload <= 55 ? 1 : 1 + uintLength(payload)
}

function isList(input: RlpInput): input is readonly RlpInput[] {
  return Array.isArray(input)
}

function stringBytes(input: Exclude<RlpInput, readonly RlpInput[]>): Uint8Array {
  if (input instanceof Uint8Array) return input
  switch (typeof input) {
    case 'number':
    case 'bigint':
      return uintBytes(input)
    case 'boolean':
      return input ? Uint8Array.of(1) : empty
    case 'string':
      return text.encode(input)
    default:
      throw wrongType(input)
  }
}

/** Strings and payload lengths of lists, both in the order in which they are written. */
interface Plan {
  readonly strings: Uint8Array[]
  readonly payloads: number[]
}

/** First pass: how many bytes `input` takes. */
function measure(input: RlpInput, plan: Plan, depth: number): number {
  if (!isList(input)) {
    const bytes = stringBytes(input)
    plan.strings.push(bytes)
    const byItself = bytes.length === 1 && (bytes[0] ?? 0) < 0x80
    return byItself ? 1 : headerLength(bytes.length) + bytes.length
  }
  if (depth >= maxEncodeDepth) {
    throw new RlpError('too-deep', `RLP: lists nested deeper than ${maxEncodeDepth}`, 'caller', { maxEncodeDepth })
  }
  const slot = plan.payloads.push(0) - 1
  let payload = 0
  for (const item of input) payload += measure(item, plan, depth + 1)
  plan.payloads[slot] = payload
  return headerLength(payload) + payload
}

function writeHeader(out: Uint8Array, at: number, base: number, payload: number): number {
  if (payload <= 55) {
    out[at] = base + payload
    return at + 1
  }
  const length = uintLength(payload)
  out[at] = base + 55 + length
  writeUint(out, at + 1, payload, length)
  return at + 1 + length
}

/**
 * The canonical encoding, as a fresh array.
 * @throws RlpError `out-of-range` for a negative or unsafe number, `wrong-type`, `too-deep` beyond 1024 lists
 *
 * @example
 * ```ts
 * encodeRlp([1, 'shh', [Uint8Array.of(0xff)]])
 * ```
 */
export function encodeRlp(input: RlpInput): Uint8Array {
  const plan: Plan = { strings: [], payloads: [] }
  const out = new Uint8Array(measure(input, plan, 0))
  let at = 0
  let nextString = 0
  let nextPayload = 0
  const write = (item: RlpInput): void => {
    if (isList(item)) {
      at = writeHeader(out, at, 0xc0, plan.payloads[nextPayload++] ?? 0)
      for (const child of item) write(child)
      return
    }
    const bytes = plan.strings[nextString++] ?? empty
    const first = bytes[0] ?? 0
    if (bytes.length !== 1 || first >= 0x80) at = writeHeader(out, at, 0x80, bytes.length)
    out.set(bytes, at)
    at += bytes.length
  }
  write(input)
  return out
}
