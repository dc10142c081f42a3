import { base64ToBytes } from './base64.ts'
import { ArgumentError } from './errors.ts'
import type { ChatJson } from './facts.ts'
import { momentForms, parseMoment } from './moment.ts'

/** How one parameter of a method is read: what a caller may give, and what the method gets. */
export interface Param<Given, Value> {
  readonly optional: boolean
  /** @throws ArgumentError naming the parameter and what was expected */
  readonly read: (name: string, raw: unknown) => Value
  /** Only for the type. */
  readonly given?: Given
}

/** The parameters of a method, by name. */
export type Params = Readonly<Record<string, Param<unknown, unknown>>>

/** What a caller gives: named parameters. */
export type GivenParams<P extends Params> = {
  readonly [K in keyof P as P[K] extends OptionalParam ? never : K]: GivenOf<P[K]>
} & { readonly [K in keyof P as P[K] extends OptionalParam ? K : never]?: GivenOf<P[K]> | undefined }

type OptionalParam = { readonly optional: true }
type GivenOf<T> = T extends Param<infer Given, unknown> ? Given : never

/** What the method gets. */
export type ReadParams<P extends Params> = {
  readonly [K in keyof P]: P[K] extends Param<unknown, infer Value> ? Value : never
}

type Required<Given, Value = Given> = Param<Given, Value> & { readonly optional: false }
type Optional<Given, Value> = Param<Given, Value> & { readonly optional: true }

const required = <Given, Value = Given>(read: (name: string, raw: unknown) => Value): Required<Given, Value> => ({
  optional: false,
  read: (name, raw) => {
    if (raw === undefined) throw new ArgumentError(`${name}: missing`)
    return read(name, raw)
  }
})

/** A text, or `null` where that says something of its own. */
export const textOrNull = required<string | null>((name, raw) => {
  if (raw !== null && typeof raw !== 'string') throw new ArgumentError(`${name}: expected a string or null`)
  return raw
})

/** Which field of the object form of a conversation says which one. */
const chatFields = { 'one-to-one': 'publicKey', public: 'name', group: 'id' } as const

function readChat(name: string, raw: unknown): string | ChatJson {
  if (typeof raw === 'string') return raw
  const given = (typeof raw === 'object' && raw !== null ? raw : {}) as Readonly<Record<string, unknown>>
  const kind = Object.hasOwn(chatFields, String(given['kind'])) ? (given['kind'] as ChatJson['kind']) : undefined
  const field = kind === undefined ? undefined : chatFields[kind]
  if (field === undefined || typeof given[field] !== 'string' || Object.keys(given).length !== 2)
    throw new ArgumentError(
      `${name}: expected a string, or the \`chat\` of an event: \`kind\` (${Object.keys(chatFields).join(', ')}) and its publicKey, name or id`
    )
  return raw as ChatJson
}

/** A conversation as people write it, or as events name it. */
export const chat = required<string | ChatJson>(readChat)

/** Several of them. */
export const chats = required<readonly (string | ChatJson)[]>((name, raw) => {
  if (!Array.isArray(raw)) throw new ArgumentError(`${name}: expected a list of conversations`)
  return raw.map((one: unknown) => readChat(name, one))
})

/** What names a person. */
export type PersonGiven = string | { readonly publicKey: string }

function readPerson(name: string, raw: unknown): string {
  const isObject = typeof raw === 'object' && raw !== null && Object.hasOwn(raw, 'publicKey')
  const value: unknown = isObject ? Reflect.get(raw, 'publicKey') : raw
  if (typeof value !== 'string') throw new ArgumentError(`${name}: expected a string, or an object with publicKey`)
  return value
}

/** A person: a public key or a contact link, or an object with `publicKey`, as contacts and conversations with one person are. */
export const person = required<PersonGiven, string>(readPerson)

/** Several people. */
export const people = required<readonly PersonGiven[], readonly string[]>((name, raw) => {
  if (!Array.isArray(raw)) throw new ArgumentError(`${name}: expected a list of public keys`)
  return raw.map((one: unknown) => readPerson(name, one))
})

/** A parameter that may be left out. */
export function optional<Given, Value>(param: Required<Given, Value>): Optional<Given, Value | undefined> {
  return withDefault(param, undefined)
}

/** The same with a value that stands in for it. */
export function withDefault<Given, Value, Fallback>(
  param: Required<Given, Value>,
  fallback: Fallback
): Optional<Given, Value | Fallback> {
  return { optional: true, read: (name, raw) => (raw === undefined ? fallback : param.read(name, raw)) }
}

export const text = required<string>((name, raw) => {
  if (typeof raw !== 'string') throw new ArgumentError(`${name}: expected a string`)
  return raw
})

export const texts = required<readonly string[]>((name, raw) => {
  if (!Array.isArray(raw) || !raw.every(one => typeof one === 'string'))
    throw new ArgumentError(`${name}: expected a list of strings`)
  return raw
})

export const choice = <T extends string>(...choices: readonly T[]) =>
  required<T>((name, raw) => {
    const found = choices.find(candidate => candidate === raw)
    if (found === undefined) throw new ArgumentError(`${name}: expected one of ${choices.join(', ')}`)
    return found
  })

/** Bytes as base64. */
const bytes = required<string, Uint8Array>((name, raw) => {
  const found = typeof raw === 'string' ? base64ToBytes(raw) : undefined
  if (found === undefined) throw new ArgumentError(`${name}: expected base64`)
  return found
})

/** Named, so that its declaration does not spell the type argument that `Uint8Array` has since TypeScript 5.7. */
export interface OptionalBytes extends Param<string, Uint8Array | undefined> {
  readonly optional: true
}

/** The same, or nothing. */
export const optionalBytes: OptionalBytes = optional(bytes)

/** A whole number from 1 to `max`. */
export const count = (max: number) =>
  required<number>((name, raw) => {
    if (typeof raw !== 'number' || !Number.isInteger(raw) || raw < 1 || raw > max)
      throw new ArgumentError(`${name}: expected a whole number from 1 to ${max}`)
    return raw
  })

export const flag = required<boolean>((name, raw) => {
  if (typeof raw !== 'boolean') throw new ArgumentError(`${name}: expected true or false`)
  return raw
})

/** A time in the past as text, or as Unix seconds. */
export const moment = required<string | number, number>((name, raw) => {
  const given = typeof raw === 'number' ? raw : typeof raw === 'string' ? parseMoment(raw, Date.now()) : undefined
  if (given === undefined || !Number.isSafeInteger(given) || given < 0)
    throw new ArgumentError(`${name}: ${momentForms}, not in the future`)
  return given
})

/**
 * Reads the named parameters of a call.
 * @throws ArgumentError when `given` is not an object, has a name that is not in the table, or a value that does not fit
 */
export function readParams<P extends Params>(params: P, given: unknown): ReadParams<P> {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given)))
    throw new ArgumentError('params: expected an object of named parameters')
  const record = (given ?? {}) as Readonly<Record<string, unknown>>
  const known = Object.keys(params)
  for (const name of Object.keys(record)) {
    if (!known.includes(name))
      throw new ArgumentError(`params: no parameter ${name.slice(0, 64)}; there are ${known.join(', ') || 'none'}`)
  }
  const read = known.map(name => [
    name,
    params[name]?.read(name, Object.hasOwn(record, name) ? record[name] : undefined)
  ])
  return Object.fromEntries(read) as ReadParams<P>
}
