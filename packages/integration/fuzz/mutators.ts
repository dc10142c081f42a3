import { concatBytes } from '@status-stack/crypto'
import { decodeRlp, encodeRlp, type RlpItem } from '@status-stack/rlp'
import { mutate } from '@status-stack/rlpx/testing'

/** A whole number from 0, below the limit. */
export type Draw = (below: number) => number

const longest = 4096
const bytesOf = (draw: Draw): Uint8Array => Uint8Array.from({ length: draw(40) }, () => draw(256))
const pick = <T>(items: readonly T[], draw: Draw): T | undefined => items[draw(items.length)]

/** Leaves out, repeats, swaps, nests or replaces one item somewhere in a list. */
function mutateItem(item: RlpItem, draw: Draw, foreign: RlpItem): RlpItem {
  if (!Array.isArray(item) || item.length === 0 || draw(8) === 0) {
    if (draw(4) === 0) return foreign
    return Array.isArray(item) ? [bytesOf(draw)] : draw(2) === 0 ? mutate(item as Uint8Array, draw) : [item]
  }
  const items: RlpItem[] = [...item]
  const at = draw(items.length)
  const chosen = items[at] ?? foreign
  switch (draw(5)) {
    case 0:
      items.splice(at, 1)
      break
    case 1:
      items.splice(at, 0, ...Array.from({ length: 1 + draw(4) }, () => chosen))
      break
    case 2:
      items[at] = items[0] ?? chosen
      items[0] = chosen
      break
    default:
      items[at] = mutateItem(chosen, draw, foreign)
  }
  return items
}

const rlpOf = (bytes: Uint8Array): RlpItem | undefined => {
  try {
    return decodeRlp(bytes)
  } catch {
    return undefined
  }
}

/** A field of a protobuf message. */
interface Field {
  /** All of it. */
  readonly bytes: Uint8Array
  /** Number and wire type. */
  readonly tag: Uint8Array
  /** What is in it, of one that says how long it is. */
  readonly content?: Uint8Array
  readonly isVarint: boolean
}

/** The fields of a protobuf message, as far as nothing else is in it. */
function fieldsOf(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = []
  const varintAt = (start: number): readonly [value: number, next: number] | undefined => {
    let [value, shift] = [0, 1]
    for (let at = start; at < bytes.length && at < start + 10; at++) {
      const byte = bytes[at] ?? 0
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return [value, at + 1]
      shift *= 128
    }
    return undefined
  }
  for (let at = 0; at < bytes.length; ) {
    const tag = varintAt(at)
    if (tag === undefined) return undefined
    const [key, next] = tag
    const value = varintAt(next)
    const kind = key % 8
    const length = kind === 2 && value !== undefined ? value[0] + value[1] - next : kind === 1 ? 8 : 4
    const end = kind === 0 ? value?.[1] : kind === 3 || kind === 4 || kind > 5 ? undefined : next + length
    if (end === undefined || end > bytes.length) return undefined
    fields.push({
      bytes: bytes.subarray(at, end),
      tag: bytes.subarray(at, next),
      isVarint: kind === 0,
      ...(kind === 2 && value !== undefined ? { content: bytes.subarray(value[1], end) } : {})
    })
    at = end
  }
  return fields
}

/** Numbers at which something may end. */
const edges = [0n, 1n, 2n, 7n, 127n, 128n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]

function varint(value: bigint): Uint8Array {
  const out: number[] = []
  let rest = value
  for (; rest >= 0x80n; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80)
  return Uint8Array.from([...out, Number(rest)])
}

/** The same field with something else in it, well-formed. */
function mutateContent({ bytes, tag, content, isVarint }: Field, draw: Draw, foreign: Field | undefined): Uint8Array {
  if (isVarint) return concatBytes(tag, varint(pick(edges, draw) ?? 0n))
  if (content === undefined) return mutate(bytes, draw)
  const changed = mutatedMessage(content, foreign?.content ?? content, draw)
  return concatBytes(tag, varint(BigInt(changed.length)), changed)
}

/** Leaves out, repeats, reorders or changes one field, or takes one of another message. */
function mutateFields(fields: readonly Field[], draw: Draw, foreign: readonly Field[]): Uint8Array {
  const out = fields.map(({ bytes }) => bytes)
  const at = draw(out.length)
  const field = fields[at]
  const chosen = field?.bytes ?? new Uint8Array()
  switch (draw(8)) {
    case 0:
      out.splice(at, 1)
      break
    case 1:
      out.splice(at, 0, ...Array.from({ length: 1 + draw(8) }, () => chosen))
      break
    case 2:
      out.reverse()
      break
    case 3:
      out.splice(at, 1, pick(foreign, draw)?.bytes ?? chosen)
      break
    case 4:
      out[at] = mutate(chosen, draw)
      break
    default:
      if (field !== undefined) out[at] = mutateContent(field, draw, pick(foreign, draw))
  }
  return concatBytes(...out)
}

/** A changed copy of a protobuf message, which is mostly well-formed again: other bytes tell about the decoder only. */
export function mutatedMessage(input: Uint8Array, other: Uint8Array, draw: Draw): Uint8Array {
  const fields = draw(4) === 0 ? undefined : fieldsOf(input)
  if (fields === undefined || fields.length === 0) return mutated(input, other, draw)
  return mutateFields(fields, draw, fieldsOf(other) ?? []).slice(0, longest)
}

/**
 * A changed copy. Half of the time bytes change wherever they are; the other half the structure does and the rest stays well-formed, so that
 * what is deeper is reached too.
 *
 * @param other another input: parts of it may get in
 */
export function mutated(input: Uint8Array, other: Uint8Array, draw: Draw): Uint8Array {
  const way = draw(6)
  if (way === 0) {
    const item = rlpOf(input)
    if (item !== undefined) return encodeRlp(mutateItem(item, draw, rlpOf(other) ?? bytesOf(draw))).slice(0, longest)
  }
  if (way === 1) {
    const fields = fieldsOf(input)
    if (fields !== undefined && fields.length > 0)
      return mutateFields(fields, draw, fieldsOf(other) ?? []).slice(0, longest)
  }
  if (way === 2) {
    return concatBytes(input.subarray(0, draw(input.length + 1)), other.subarray(draw(other.length + 1))).slice(
      0,
      longest
    )
  }
  return mutate(input, draw)
}
