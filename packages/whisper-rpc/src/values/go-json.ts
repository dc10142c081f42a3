import { invalidParams, type RpcError } from '../errors.ts'

/**
 * One parameter or field: how a JSON value becomes ours. `place` is the struct field it is read from, as Go names it in
 * its texts; clients rely on the number -32602, people on the text.
 */
export interface Param<Value> {
  readonly decode: (json: unknown, place?: string) => Value
  /** What Go has when the field is missing or null. */
  readonly zero: Value
}

function kindOf(json: unknown): string {
  if (json === null) return 'null'
  if (Array.isArray(json)) return 'array'
  return typeof json === 'boolean' ? 'bool' : typeof json
}

/** The text of Go's `json.UnmarshalTypeError`. */
export function mismatch(what: string, type: string, place: string | undefined): RpcError {
  const into = place === undefined ? 'Go value' : `Go struct field ${place}`
  return invalidParams(`json: cannot unmarshal ${what} into ${into} of type ${type}`)
}

/** A string. */
export const text: Param<string> = {
  zero: '',
  decode: (json, place) => {
    if (typeof json !== 'string') throw mismatch(kindOf(json), 'string', place)
    return json
  }
}

/** `true` or `false`. */
export const flag: Param<boolean> = {
  zero: false,
  decode: (json, place) => {
    if (typeof json !== 'boolean') throw mismatch(kindOf(json), 'bool', place)
    return json
  }
}

/** A number with a fraction. */
export const float: Param<number> = {
  zero: 0,
  decode: (json, place) => {
    if (typeof json !== 'number') throw mismatch(kindOf(json), 'float64', place)
    if (!Number.isFinite(json)) throw mismatch('number', 'float64', place)
    return json
  }
}

function integer(type: string, low: number, high: number): Param<number> {
  return {
    zero: 0,
    decode: (json, place) => {
      if (typeof json !== 'number') throw mismatch(kindOf(json), type, place)
      if (!(Number.isInteger(json) && json >= low && json <= high)) throw mismatch(`number ${json}`, type, place)
      return json
    }
  }
}

/** Seconds, bytes and limits of the API. */
export const uint32 = integer('uint32', 0, 0xffff_ffff)
/** Go's `int`, as far as a JavaScript number is exact. */
export const int = integer('int', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
/** Go's `time.Duration`. */
export const duration = integer('time.Duration', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)

/** A list of values. */
export function list<Value>(item: Param<Value>, type: string): Param<readonly Value[]> {
  return {
    zero: [],
    decode: (json, place) => {
      if (!Array.isArray(json)) throw mismatch(kindOf(json), type, place)
      return json.map(entry => (entry === null ? item.zero : item.decode(entry, place)))
    }
  }
}

type Fields = Readonly<Record<string, Param<unknown>>>
/** The values of a struct. */
export type Struct<Of extends Fields> = {
  readonly [Name in keyof Of]: Of[Name] extends Param<infer Value> ? Value : never
}

/** An object with known fields. Unknown ones are ignored, names match in any case, null and absent are the zero value. */
export function struct<const Of extends Fields>(type: string, fields: Of): Param<Struct<Of>> {
  const zero = Object.fromEntries(Object.entries(fields).map(([name, param]) => [name, param.zero])) as Struct<Of>
  const byLowerCase = new Map(Object.keys(fields).map(name => [name.toLowerCase(), name]))
  return {
    zero,
    decode: (json, place) => {
      if (typeof json !== 'object' || json === null || Array.isArray(json)) throw mismatch(kindOf(json), type, place)
      const values: Record<string, unknown> = { ...zero }
      for (const [given, value] of Object.entries(json)) {
        const name = byLowerCase.get(given.toLowerCase())
        const param = name === undefined ? undefined : fields[name]
        if (name === undefined || param === undefined || value === null) continue
        // An exact name wins over one in another case, whatever their order.
        if (given !== name && Object.hasOwn(json, name)) continue
        values[name] = param.decode(value, `${type.replace(/^.*\./, '')}.${name}`)
      }
      return values as Struct<Of>
    }
  }
}
