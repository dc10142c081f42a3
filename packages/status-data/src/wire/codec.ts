import { malformed } from '../errors.ts'
import { limits } from '../limits.ts'
import protobuf from '../protobuf-runtime.ts'

/** A message type ⇄ its bytes. */
export interface Codec<T> {
  readonly encode: (message: T) => Uint8Array
  /** @throws DataError `malformed` */
  readonly decode: (bytes: Uint8Array) => T
}

/** Fields that this version does not know, each with its tag, as they came. They are written back last. */
export interface Extensible {
  readonly unknownFields?: readonly Uint8Array[]
}

/** How one field is read from, and written to, the generated class. `undefined` leaves the field out. */
interface Field<T> {
  readonly read: (value: unknown) => T
  readonly write: (value: T) => unknown
}

type FieldsOf<T> = { readonly [K in Exclude<keyof T, 'unknownFields'>]-?: Field<T[K]> }

/** What the generated classes offer. */
interface Generated {
  readonly encode: (message: never, writer: protobuf.Writer) => protobuf.Writer
  readonly decode: (reader: protobuf.Reader) => object
}

const readU64 = (value: unknown): bigint => {
  if (typeof value === 'object' && value !== null) {
    const { low, high } = value as { readonly low: number; readonly high: number }
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  }
  return BigInt(value as number)
}

/** uint64 as bigint. protobufjs takes the two halves; a bigint itself would silently become 0. */
export const u64: Field<bigint> = {
  read: readU64,
  write: value => ({ low: Number(value & 0xffffffffn) | 0, high: Number((value >> 32n) & 0xffffffffn) | 0 })
}

const same = <T>(): Field<T> => ({ read: value => value as T, write: value => value })
export const text = same<string>()
export const int = same<number>()
export const flag = same<boolean>()

/** Bytes are copied on the way in: a message does not keep its envelope alive. */
export const bytes: Field<Uint8Array> = { read: value => Uint8Array.from(value as Uint8Array), write: value => value }

export function list<T>(element: Field<T>): Field<readonly T[]> {
  return {
    read: value => (value as readonly unknown[]).map(element.read),
    write: values => values.map(element.write)
  }
}

/** A field that may be absent. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    read: value => (value === null || value === undefined ? undefined : field.read(value)),
    write: value => (value === undefined ? undefined : field.write(value))
  }
}

/** A message type: its codec, and itself as a field of another. */
export interface MessageCodec<T> extends Codec<T> {
  readonly field: Field<T>
}

/** BOUNDED: a field takes two bytes on the wire and hundreds in memory: limits.fields, at all depths together. */
function boundedReader(from: Uint8Array): protobuf.Reader {
  const reader = new protobuf.Reader(from)
  reader.discardUnknown = false
  let left: number = limits.fields
  const tag = reader.tag
  reader.tag = () => {
    if (left-- === 0) throw new RangeError('too many fields')
    return tag.call(reader)
  }
  return reader
}

/** Binds a hand-written type to its generated class, field by field. */
export function message<T extends Extensible>(
  name: string,
  generated: Generated,
  fields: FieldsOf<T>
): MessageCodec<T> {
  const entries = Object.entries(fields) as [string, Field<unknown>][]
  const read = (value: unknown): T => {
    const from = value as Record<string, unknown>
    const to: Record<string, unknown> = {}
    for (const [key, field] of entries) {
      const decoded = field.read(from[key])
      if (decoded !== undefined) to[key] = decoded
    }
    const unknown = from['$unknowns'] as readonly Uint8Array[] | undefined
    if (unknown !== undefined) to['unknownFields'] = unknown.map(raw => Uint8Array.from(raw))
    return to as T
  }
  const write = (value: T): Record<string, unknown> => {
    const from = value as Record<string, unknown>
    const to: Record<string, unknown> = {}
    for (const [key, field] of entries) {
      const encoded = field.write(from[key])
      if (encoded !== undefined) to[key] = encoded
    }
    if (value.unknownFields !== undefined) to['$unknowns'] = value.unknownFields
    return to
  }
  return {
    field: { read, write },
    // The plain writer, never Node's: its result is a plain Uint8Array.
    encode: value => Uint8Array.from(generated.encode(write(value) as never, new protobuf.Writer()).finish()),
    decode: from => {
      try {
        return read(generated.decode(boundedReader(from)))
      } catch {
        throw malformed(name, from.length)
      }
    }
  }
}
