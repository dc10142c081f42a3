import type { Details, Node, Tree } from './tree.ts'
import { leftOut, refusal, shownBytes, shownText } from './tree.ts'

/** One field of a message: what it is called and how its bytes read. */
export interface FieldSchema {
  readonly name: string
  readonly type: 'bytes' | 'string' | 'uint' | 'int' | 'bool' | 'message'
  readonly schema?: Schema
  /** Says what a value means. */
  readonly meaning?: (value: bigint, bytes: Uint8Array) => string | undefined
  /** Judges the content of a length-delimited field. */
  readonly judge?: (bytes: Uint8Array) => Pick<Details, 'meaning' | 'refusal'>
  /** What lies inside the bytes: parts to hang under the field, behind those of a message. `at` is where the bytes begin in their layer. */
  readonly inside?: (bytes: Uint8Array, at: number) => readonly Node[]
}

/** Field number → field. */
export type Schema = Readonly<Record<number, FieldSchema>>

/** One field as it lies on the wire. */
export interface WireField {
  readonly number: number
  readonly wireType: number
  readonly start: number
  readonly end: number
  /** Of a varint or fixed field. */
  readonly integer?: bigint
  /** Of a length-delimited field: where its content begins; it ends at `end`. */
  readonly content?: number
}

interface Varint {
  readonly value: bigint
  readonly end: number
}

function varint(bytes: Uint8Array, at: number, limit: number): Varint | undefined {
  let value = 0n
  for (let i = 0; i < 10; i++) {
    const byte = at + i < limit ? bytes[at + i] : undefined
    if (byte === undefined) return undefined
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + i + 1 }
  }
  return undefined
}

function fixed(bytes: Uint8Array, at: number, length: number): bigint {
  let value = 0n
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i] ?? 0)
  return value
}

/** The field at `start`, or `undefined` where the bytes are none. Groups are none: nobody sends them. */
function readField(bytes: Uint8Array, start: number, limit: number): WireField | undefined {
  const tag = varint(bytes, start, limit)
  if (tag === undefined || tag.value > 0xffff_ffffn) return undefined
  const number = Number(tag.value >> 3n)
  const wireType = Number(tag.value & 7n)
  if (number === 0) return undefined
  if (wireType === 0) {
    const value = varint(bytes, tag.end, limit)
    return value && { number, wireType, start, end: value.end, integer: value.value }
  }
  if (wireType === 2) {
    const length = varint(bytes, tag.end, limit)
    if (length === undefined || length.value > BigInt(limit - length.end)) return undefined
    return { number, wireType, start, end: length.end + Number(length.value), content: length.end }
  }
  const size = wireType === 1 ? 8 : wireType === 5 ? 4 : 0
  if (size === 0 || tag.end + size > limit) return undefined
  return { number, wireType, start, end: tag.end + size, integer: fixed(bytes, tag.end, size) }
}

/** The fields at the top of a message; `undefined` when the bytes are none, or hold more fields than `most`. */
export function topFields(bytes: Uint8Array, most = 10_000): readonly WireField[] | undefined {
  const fields: WireField[] = []
  for (let at = 0; at < bytes.length; ) {
    const field = readField(bytes, at, bytes.length)
    if (field === undefined || fields.length >= most) return undefined
    fields.push(field)
    at = field.end
  }
  return fields
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function text(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * The fields of a message as nodes, with ranges within `bytes`: of `[start, end)` when the message lies inside another
 * one. A field's range holds its tag. What does not parse ends the walk with a refusal.
 */
export function protobufNodes(
  tree: Tree,
  schema: Schema,
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
  depth = 0
): readonly Node[] {
  const nodes: Node[] = []
  for (let at = start; at < end; ) {
    // BOUNDED: nodes
    if (tree.full()) return [...nodes, leftOut(at, end)]
    const field = readField(bytes, at, end)
    if (field === undefined) {
      const why = refusal('malformed', `no protobuf field at byte ${at}`)
      return [...nodes, tree.node('unreadable', at, end, { refusal: why })]
    }
    nodes.push(fieldNode(tree, schema, bytes, field, depth))
    at = field.end
  }
  return nodes
}

function fieldNode(tree: Tree, schema: Schema, bytes: Uint8Array, field: WireField, depth: number): Node {
  const known = schema[field.number]
  const name = known?.name ?? `field ${field.number} (unknown)`
  const node = (details: Details): Node => tree.node(name, field.start, field.end, details)
  if (field.content === undefined) {
    const value = field.integer ?? 0n
    if (known !== undefined && (known.type === 'bytes' || known.type === 'string' || known.type === 'message')) {
      return node({ value: String(value), refusal: refusal('malformed', `expected ${known.type}, got an integer`) })
    }
    const meaning = known?.meaning?.(value, new Uint8Array())
    return node({ value: integerText(known, value), ...(meaning === undefined ? {} : { meaning }) })
  }
  const content = bytes.subarray(field.content, field.end)
  if (known?.type === 'message') {
    // BOUNDED: depth
    if (depth + 1 >= tree.limits.depth) {
      return node({ value: shownBytes(content, tree.limits), refusal: refusal('too-deep', 'messages nested too deep') })
    }
    const children = protobufNodes(tree, known.schema ?? {}, bytes, field.content, field.end, depth + 1)
    const inside = known.inside?.(content, field.content) ?? []
    return node({
      ...(children.length === 0 ? { value: '(empty)' } : {}),
      ...known.judge?.(content),
      children: [...children, ...inside]
    })
  }
  if (known !== undefined && known.type !== 'bytes' && known.type !== 'string') {
    const why = refusal('malformed', `expected ${known.type}, got ${content.length} bytes`)
    return node({ value: shownBytes(content, tree.limits), refusal: why })
  }
  const asText = known?.type === 'string' ? text(content) : undefined
  const meaning = known?.meaning?.(0n, content)
  const inside = known?.inside?.(content, field.content)
  return node({
    value: asText === undefined ? shownBytes(content, tree.limits) : shownText(asText, tree.limits),
    ...(meaning === undefined ? {} : { meaning }),
    ...known?.judge?.(content),
    ...(inside === undefined || inside.length === 0 ? {} : { children: inside })
  })
}

function integerText(known: FieldSchema | undefined, value: bigint): string {
  if (known?.type === 'bool') return String(value !== 0n)
  return String(known?.type === 'int' ? BigInt.asIntN(64, value) : value)
}
