import { InvalidArgumentError, Option } from 'commander'
import { setWordKind } from './word-kinds.ts'

/** How the value of a flag is read. */
export interface FlagValue<Words extends string = string> {
  /** @throws InvalidArgumentError */
  readonly parse?: (text: string, previous: never) => unknown
  /** All values there are. */
  readonly choices?: readonly string[]
  /** What it is where the flag is left out. */
  readonly fallback?: unknown
  /** The command does not run without it. */
  readonly required?: boolean
  /** Of which kind its values are, where only the running program knows them: see `definitions`. */
  readonly words?: Words
}

/**
 * One flag: `--limit <number>`, what it means, and how its value is read.
 *
 * @example
 * ```ts
 * import { count, flag } from '@status-stack/command-line'
 *
 * const limit = flag('--limit <number>', 'at most so many', { parse: count, fallback: 20 })
 * ```
 */
export function flag<Words extends string = string>(
  usage: string,
  what: string,
  { parse, choices, fallback, required, words }: FlagValue<Words> = {}
): Option {
  const option = new Option(usage, what)
  if (parse !== undefined) option.argParser(parse as (text: string, previous: unknown) => unknown)
  if (choices !== undefined) option.choices([...choices])
  if (fallback !== undefined) option.default(fallback)
  if (words !== undefined) setWordKind(option, words)
  return option.makeOptionMandatory(required === true)
}

/** For flags that may be repeated. */
export const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value
]

/** @throws InvalidArgumentError */
export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0')
  return value
}

/** @throws InvalidArgumentError */
export function count(text: string): number {
  const value = positive(text)
  if (!Number.isInteger(value)) throw new InvalidArgumentError('expected a whole number above 0')
  return value
}

/** A part of a whole. @throws InvalidArgumentError */
export function share(text: string): number {
  const value = positive(text)
  if (value > 1) throw new InvalidArgumentError('expected a number above 0, at most 1')
  return value
}
