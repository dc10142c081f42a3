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
  /** An object that is neither null nor an array. */
  readonly object: (name: string, value: unknown) => asserts value is object
  /** An array, of whatever entries. */
  readonly array: (name: string, value: unknown) => asserts value is readonly unknown[]
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
        fail(name, `an integer from ${min} to ${max}`, shownNumber(value))
      }
    },
    number: (name, value, min, max) => {
      if (!(isNumber(value) && value >= min && value <= max))
        fail(name, `a number from ${min} to ${max}`, shownNumber(value))
    },
    boolean: (name, value) => {
      if (typeof value !== 'boolean') fail(name, 'true or false', kindOf(value))
    },
    function: (name, value) => {
      if (typeof value !== 'function') fail(name, 'a function', kindOf(value))
    },
    oneOf: (name, value, choices) => {
      if (!choices.includes(value as never)) fail(name, choices.map(choice => `'${choice}'`).join(', '), kindOf(value))
    },
    object: (name, value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(name, 'an object', kindOf(value))
    },
    array: (name, value) => {
      if (!Array.isArray(value)) fail(name, 'an array', kindOf(value))
    }
  }
}
