import { protobuf } from './runtime.ts'

/** A message type ⇄ its bytes. */
export interface Codec<T> {
  /** A plain, fresh `Uint8Array`. @throws TypeError that names the field, for a value that `misfit` finds */
  readonly encode: (message: T) => Uint8Array
  /** Fields that are missing have their defaults; unknown ones are kept in `unknownFields`. @throws the error that the codecs were made with, for bytes that are no such message */
  readonly decode: (bytes: Uint8Array) => T
}

/** Fields that this version does not know, each with its tag, as they came. They are written back last. */
export interface Extensible {
  /** In the order in which they came; absent when there are none. */
  readonly unknownFields?: readonly Uint8Array[]
}

/** How one field is read from, and written to, the generated class. `undefined` leaves the field out. */
export interface Field<T> {
  /**
   * Where a value is not what the field can hold: the path from the value itself, such as `.tags[2]`, empty for itself; `undefined` when it fits.
   * protobufjs would write a value of another type as something else, often as an empty one.
   */
  readonly misfit: (value: unknown) => string | undefined
  /** From the generated class's value to ours. */
  readonly read: (value: unknown) => T
  /** From ours to the generated class's; `undefined` leaves the field out. */
  readonly write: (value: T) => unknown
}

/** One field for each property of a message but the unknown ones. */
export type FieldsOf<T> = { readonly [K in Exclude<keyof T, 'unknownFields'>]-?: Field<T[K]> }

/** What the classes that protobufjs generates offer. */
export interface GeneratedType {
  /** Writes a message of the class. */
  readonly encode: (message: never, writer: protobuf.Writer) => protobuf.Writer
  /** Reads a message of the class; throws for bytes that are none. */
  readonly decode: (reader: protobuf.Reader) => object
}

const readU64 = (value: unknown): bigint => {
  if (typeof value === 'object' && value !== null) {
    const { low, high } = value as { readonly low: number; readonly high: number }
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  }
  return BigInt(value as number)
}

const fits =
  (holds: (value: unknown) => boolean): Field<never>['misfit'] =>
  value =>
    holds(value) ? undefined : ''

/** uint64 as bigint. protobufjs takes the two halves; a bigint itself would silently become 0. */
export const u64: Field<bigint> = {
  misfit: fits(value => typeof value === 'bigint' && value >= 0n && value < 1n << 64n),
  read: readU64,
  write: value => ({ low: Number(value & 0xffffffffn) | 0, high: Number((value >> 32n) & 0xffffffffn) | 0 })
}

const same = <T>(holds: (value: unknown) => boolean): Field<T> => ({
  misfit: fits(holds),
  read: value => value as T,
  write: value => value
})
/** string */
export const text: Field<string> = /* @__PURE__ */ same<string>(value => typeof value === 'string')
/** int32, uint32 and enumerations. */
export const int: Field<number> = /* @__PURE__ */ same<number>(
  value => Number.isInteger(value) && (value as number) >= -(2 ** 31) && (value as number) < 2 ** 32
)
/** bool */
export const flag: Field<boolean> = /* @__PURE__ */ same<boolean>(value => typeof value === 'boolean')

/** bytes, copied on the way in: a message does not keep its envelope alive. */
export const bytes: Field<Uint8Array> = {
  // Those of another realm (a frame, a `vm` context) are bytes too.
  misfit: fits(value => Object.prototype.toString.call(value) === '[object Uint8Array]'),
  read: value => new Uint8Array(value as Uint8Array),
  write: value => value
}

/**
 * repeated
 *
 * @example
 * ```ts
 * const codec = message<Photo>('Photo', gen.Photo, { tags: list(text) })
 * ```
 */
export function list<T>(element: Field<T>): Field<readonly T[]> {
  return {
    misfit: values => {
      if (!Array.isArray(values)) return ''
      for (const [at, value] of values.entries()) {
        const path = element.misfit(value)
        if (path !== undefined) return `[${at}]${path}`
      }
      return undefined
    },
    read: value => (value as readonly unknown[]).map(element.read),
    write: values => values.map(element.write)
  }
}

/**
 * A field that may be absent.
 *
 * @example
 * ```ts
 * const codec = message<Photo>('Photo', gen.Photo, { caption: optional(text) })
 * ```
 */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    misfit: value => (value === undefined ? undefined : field.misfit(value)),
    read: value => (value === null || value === undefined ? undefined : field.read(value)),
    write: value => (value === undefined ? undefined : field.write(value))
  }
}

/** A message type: its codec, and itself as a field of another. */
export interface MessageCodec<T> extends Codec<T> {
  /** The message type as a field of another one. */
  readonly field: Field<T>
}

/** What the codecs of one package share. */
export interface CodecOptions {
  /** Most fields read from one message, at all depths together: a field takes two bytes on the wire and hundreds in memory. */
  readonly maxFields: number
  /** The package's error for bytes that are no such message. */
  readonly malformed: (name: string, length: number) => Error
}

/** Binds a hand-written type to its generated class, field by field. */
export type DefineMessage = <T extends Extensible>(
  name: string,
  generated: GeneratedType,
  fields: FieldsOf<T>
) => MessageCodec<T>

/** BOUNDED: by maxFields. */
function boundedReader(from: Uint8Array, maxFields: number): protobuf.Reader {
  const reader = new protobuf.Reader(from)
  reader.discardUnknown = false
  let left = maxFields
  const tag = reader.tag
  reader.tag = () => {
    if (left-- === 0) throw new RangeError('too many fields')
    return tag.call(reader)
  }
  return reader
}

/**
 * The definer of a package's messages. Unknown fields survive decoding and encoding.
 *
 * @example
 * ```ts
 * const message = createMessageCodecs({ maxFields: 10_000, malformed: name => new EchoError('malformed', name, { origin: 'peer' }) })
 * const pair = message<Pair>('Pair', gen.Pair, { installationId: text, clock: u64 })
 * pair.decode(pair.encode({ installationId: 'phone', clock: 1n }))
 * ```
 */
export function createMessageCodecs({ maxFields, malformed }: CodecOptions): DefineMessage {
  return <T extends Extensible>(name: string, generated: GeneratedType, fields: FieldsOf<T>): MessageCodec<T> => {
    const entries = Object.entries(fields) as [string, Field<unknown>][]
    const extras = optional(list(bytes))
    const misfit = (value: unknown): string | undefined => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return ''
      const from = value as Record<string, unknown>
      for (const [key, field] of [...entries, ['unknownFields', extras] as const]) {
        const path = field.misfit(from[key])
        if (path !== undefined) return `.${key}${path}`
      }
      return undefined
    }
    const read = (value: unknown): T => {
      const from = value as Record<string, unknown>
      const to: Record<string, unknown> = {}
      for (const [key, field] of entries) {
        const decoded = field.read(from[key])
        if (decoded !== undefined) to[key] = decoded
      }
      const unknown = from['$unknowns'] as readonly Uint8Array[] | undefined
      if (unknown !== undefined) to['unknownFields'] = unknown.map(raw => new Uint8Array(raw))
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
      field: { misfit, read, write },
      encode: value => {
        const path = misfit(value)
        if (path !== undefined) throw new TypeError(`${name}${path}: a value of the wrong type`)
        // The plain writer, never Node's: its result is a plain Uint8Array.
        return new Uint8Array(generated.encode(write(value) as never, new protobuf.Writer()).finish())
      },
      decode: from => {
        try {
          return read(generated.decode(boundedReader(from, maxFields)))
        } catch {
          throw malformed(name, from.length)
        }
      }
    }
  }
}
