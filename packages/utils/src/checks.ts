import { slipsBetween } from './slips.ts'

/** How long bytes may be: exactly that many, or a range of which either end may be open. */
export type ByteLength = number | { readonly min?: number; readonly max?: number }

/**
 * Checks for the entrance of a package: each refuses a value of the wrong type, length or range with the package's own error.
 * Types do not check values at run time: callers in JavaScript, and those who read settings or JSON, pass strings where bytes are
 * meant, and forget arguments.
 */
export interface ArgumentChecks {
  /** A `Uint8Array` (a Node Buffer is one) of the length that is asked for, if one is. */
  readonly bytes: (name: string, value: unknown, length?: ByteLength) => asserts value is Uint8Array
  /** A string of at most `maxCharacters` UTF-16 units, if that is given. */
  readonly text: (name: string, value: unknown, maxCharacters?: number) => asserts value is string
  /** An integer from `min` to `max`, both included. */
  readonly integer: (name: string, value: unknown, min: number, max: number) => asserts value is number
  /** A number, not NaN, from `min` to `max`, both included. */
  readonly number: (name: string, value: unknown, min: number, max: number) => asserts value is number
  /** `true` or `false`, nothing that merely counts as one of them. */
  readonly boolean: (name: string, value: unknown) => asserts value is boolean
  /** Something that can be called. */
  readonly function: (name: string, value: unknown) => void
  /** One of a list of texts. */
  readonly oneOf: <T extends string>(name: string, value: unknown, choices: readonly T[]) => asserts value is T
  /** An object that is neither null nor an array, and no bytes. */
  readonly object: (name: string, value: unknown) => asserts value is object
  /** An array, of whatever entries. */
  readonly array: (name: string, value: unknown) => asserts value is readonly unknown[]
  /**
   * An object of options with no other names than these: one that is misspelt would be ignored, and its default be taken without a word. A
   * name whose value is `undefined` says nothing and is passed over.
   */
  readonly options: (name: string, value: unknown, known: readonly string[]) => asserts value is object
  /** Ports that may be absent: each an object with the functions of its name in the table. */
  readonly ports: (given: object, functions: Readonly<Record<string, readonly string[]>>) => void
  /** Absent, or something that can be waited for to be aborted. */
  readonly signal: (name: string, value: unknown) => asserts value is AbortSignal | undefined
}

/** Names that an error may repeat: what a person mistyped, not a key or a whole text that landed in its place. */
const shownName = /^[\w-]{1,40}$/

/** What was probably meant: the name that fewest slips lead to, if they are few for its length. */
function meantBy(given: string, known: readonly string[]): string | undefined {
  if (!shownName.test(given)) return undefined
  const near = known
    .map(name => ({ name, slips: slipsBetween(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, slips }) => slips <= Math.max(1, Math.floor(name.length / 3)))
  return near.sort((a, b) => a.slips - b.slips)[0]?.name
}

/** Signals of another realm are signals too. */
function isSignal(value: unknown): boolean {
  if (value instanceof AbortSignal) return true
  const { aborted, addEventListener } = (value ?? {}) as Partial<AbortSignal>
  return typeof aborted === 'boolean' && typeof addEventListener === 'function'
}

/**
 * What a refusal is about, from a sentence that begins with its name, as those of {@link ArgumentChecks} do: for the `details` of an error that a
 * package words itself.
 *
 * @example
 * ```ts
 * argumentIn('listen.port: expected an integer from 0 to 65535') // { argument: 'listen.port' }
 * argumentIn('not connected') // {}
 * ```
 */
export function argumentIn(sentence: string): { readonly argument?: string } {
  const argument = /^([\w.[\]-]+): /.exec(sentence)?.[1]
  return argument === undefined ? {} : { argument }
}

/** Makes the package's error of a sentence that names the argument, what was expected and what came. */
export type ArgumentRefusal = (message: string, details: Readonly<Record<string, string | number>>) => Error

/** What a value is, in a word or two, without showing what is in it. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (ArrayBuffer.isView(value)) return isBytes(value) ? `${value.length} bytes` : 'another typed array'
  return value === undefined ? 'nothing' : `a value of type ${typeof value}`
}

/** A number is no secret and says most about what is wrong with it. */
const shownNumber = (value: unknown): string => (typeof value === 'number' ? String(value) : kindOf(value))

/** Arrays of another realm (a frame, a `vm` context) are bytes too; they are looked at only when `instanceof` says no. */
function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')
  )
}

function lengthText(length: ByteLength | undefined): string {
  if (length === undefined) return 'bytes'
  if (typeof length === 'number') return `${length} bytes`
  const { min = 0, max } = length
  if (max === undefined) return `at least ${min} bytes`
  return min === 0 ? `at most ${max} bytes` : `${min} to ${max} bytes`
}

/** The largest numbers there are stand for no bound. */
const rangeText = (min: number, max: number): string =>
  max >= Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`

function lengthFits(got: number, length: ByteLength | undefined): boolean {
  if (length === undefined) return true
  return typeof length === 'number'
    ? got === length
    : got >= (length.min ?? 0) && got <= (length.max ?? Number.POSITIVE_INFINITY)
}

/**
 * The checks of one package.
 *
 * @param refuse makes the package's error; its origin is `caller`
 * @example
 * ```ts
 * const check: ArgumentChecks = createArgumentChecks(
 *   (message, details) => new EchoError('invalid-argument', message, { origin: 'caller', details })
 * )
 * export function topicOf(name: Uint8Array): Uint8Array {
 *   check.bytes('name', name, { max: 255 })
 *   return name.slice(0, 4)
 * }
 * ```
 */
export function createArgumentChecks(refuse: ArgumentRefusal): ArgumentChecks {
  const fail = (name: string, expected: string, got: string): never => {
    throw refuse(`${name}: expected ${expected}, got ${got}`, { argument: name })
  }
  const object = (name: string, value: unknown): void => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
    if (!isObject) fail(name, 'an object', kindOf(value))
  }
  const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value)
  return {
    bytes: (name, value, length) => {
      if (!isBytes(value)) return fail(name, `a Uint8Array (${lengthText(length)})`, kindOf(value))
      if (!lengthFits(value.length, length)) {
        const message = `${name}: expected ${lengthText(length)}, got ${value.length}`
        throw refuse(message, { argument: name, got: value.length })
      }
    },
    text: (name, value, maxCharacters = Number.POSITIVE_INFINITY) => {
      if (typeof value !== 'string') return fail(name, 'a text', kindOf(value))
      if (value.length > maxCharacters) fail(name, `at most ${maxCharacters} characters`, String(value.length))
    },
    integer: (name, value, min, max) => {
      if (!(Number.isInteger(value) && isNumber(value) && value >= min && value <= max)) {
        fail(name, `an integer ${rangeText(min, max)}`, shownNumber(value))
      }
    },
    number: (name, value, min, max) => {
      if (!(isNumber(value) && value >= min && value <= max))
        fail(name, `a number ${rangeText(min, max)}`, shownNumber(value))
    },
    boolean: (name, value) => {
      if (typeof value !== 'boolean') fail(name, 'true or false', kindOf(value))
    },
    function: (name, value) => {
      if (typeof value !== 'function') fail(name, 'a function', kindOf(value))
    },
    oneOf: (name, value, choices) => {
      if (choices.includes(value as never)) return
      const meant = typeof value === 'string' ? meantBy(value, choices) : undefined
      const hint = meant === undefined ? '' : `; did you mean '${meant}'?`
      fail(name, choices.map(choice => `'${choice}'`).join(', '), `${kindOf(value)}${hint}`)
    },
    object,
    array: (name, value) => {
      if (!Array.isArray(value)) fail(name, 'an array', kindOf(value))
    },
    options: (name, value, known) => {
      object(name, value)
      for (const [given, of] of Object.entries(value as object)) {
        if (of === undefined || known.includes(given)) continue
        const argument = shownName.test(given) ? given : 'so'
        const meant = meantBy(argument, known)
        const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`
        throw refuse(`${name}: no option is called ${argument}; ${hint}`, { argument })
      }
    },
    ports: (given, functions) => {
      for (const [name, calls] of Object.entries(functions)) {
        const port = (given as Readonly<Record<string, unknown>>)[name]
        if (port === undefined) continue
        object(name, port)
        for (const call of calls) {
          const value = (port as Readonly<Record<string, unknown>>)[call]
          if (typeof value !== 'function') fail(`${name}.${call}`, 'a function', kindOf(value))
        }
      }
    },
    signal: (name, value) => {
      if (value !== undefined && !isSignal(value)) fail(name, 'an AbortSignal', kindOf(value))
    }
  }
}
