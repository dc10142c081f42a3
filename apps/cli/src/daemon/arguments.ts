/** Reads named parameters of a call; what does not fit is the caller's fault. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
}

export interface Arguments {
  readonly text: (name: string) => string
  readonly optionalText: (name: string) => string | undefined
  readonly texts: (name: string) => readonly string[]
  /** A list of anything; empty when it is not there. */
  readonly list: (name: string) => readonly unknown[]
  readonly optionalTexts: (name: string) => readonly string[] | undefined
  readonly optionalChoice: <T extends string>(name: string, choices: readonly T[]) => T | undefined
  /** From base64. */
  readonly optionalBytes: (name: string) => Uint8Array | undefined
  /** Needed where there is no fallback. */
  readonly count: (name: string, fallback: number | undefined, most: number) => number
  readonly flag: (name: string, fallback: boolean) => boolean
}

/** @throws ArgumentError when `params` is not an object, or has a name that is not among `known`. */
export function readArguments(params: unknown, known: readonly string[]): Arguments {
  if (params !== undefined && (typeof params !== 'object' || params === null || Array.isArray(params))) {
    throw new ArgumentError('params: expected an object of named parameters')
  }
  const record = (params ?? {}) as Readonly<Record<string, unknown>>
  for (const name of Object.keys(record)) {
    if (!known.includes(name))
      throw new ArgumentError(`params: no parameter ${name.slice(0, 64)}; there are ${known.join(', ') || 'none'}`)
  }
  const optional = (name: string): string | undefined => {
    const value = record[name]
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw new ArgumentError(`${name}: expected a string`)
    return value
  }
  const texts = (name: string): readonly string[] => {
    const value = record[name]
    if (!Array.isArray(value) || !value.every(one => typeof one === 'string'))
      throw new ArgumentError(`${name}: expected a list of strings`)
    return value
  }
  return {
    optionalText: optional,
    text: name => {
      const value = optional(name)
      if (value === undefined) throw new ArgumentError(`${name}: missing`)
      return value
    },
    texts,
    optionalChoice: (name, choices) => {
      const text = optional(name)
      const choice = choices.find(candidate => candidate === text)
      if (text !== undefined && choice === undefined)
        throw new ArgumentError(`${name}: expected one of ${choices.join(', ')}`)
      return choice
    },
    optionalBytes: name => {
      const text = optional(name)
      if (text === undefined) return undefined
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
        throw new ArgumentError(`${name}: expected base64`)
      return new Uint8Array(Buffer.from(text, 'base64'))
    },
    list: name => {
      const value = record[name] ?? []
      if (!Array.isArray(value)) throw new ArgumentError(`${name}: expected a list`)
      return value
    },
    optionalTexts: name => (record[name] === undefined ? undefined : texts(name)),
    count: (name, fallback, most) => {
      const value = record[name] ?? fallback
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
        throw new ArgumentError(`${name}: expected a whole number from 1 to ${most}`)
      }
      return value
    },
    flag: (name, fallback) => {
      const value = record[name] ?? fallback
      if (typeof value !== 'boolean') throw new ArgumentError(`${name}: expected true or false`)
      return value
    }
  }
}
