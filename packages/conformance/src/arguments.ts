import type { VectorFile } from '@status-stack/vectors'
import { ConformanceError } from './errors.ts'
import type { Adapter } from './runner/adapter.ts'

/** What callers pass. By hand, so that `./runner` needs no package of the stack that it may be judging. Each throws `invalid-argument`. */

/** @returns an error that names the argument and says what was expected */
export function invalidArgument(argument: string, expectation: string): ConformanceError {
  return new ConformanceError('invalid-argument', `${argument}: ${expectation}`, {
    origin: 'caller',
    details: { argument }
  })
}

/** An object with no other names than these: one that is misspelt would be ignored, and everything be run instead of one section. */
export function checkOptions(name: string, value: unknown, known: readonly string[]): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument(name, 'expected an object')
  for (const [given, of] of Object.entries(value))
    if (of !== undefined && !known.includes(given))
      throw invalidArgument(name, `no option is called ${given.slice(0, 40)}; there are ${known.join(', ')}`)
}

export function checkTexts(name: string, value: unknown): asserts value is readonly string[] {
  if (!Array.isArray(value) || value.some(each => typeof each !== 'string'))
    throw invalidArgument(name, 'expected an array of texts')
}

export function checkOptionalText(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string') throw invalidArgument(name, 'expected a text')
}

export function checkOptionalFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalidArgument(name, 'expected true or false')
}

function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidArgument(name, 'expected a function')
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A step that is no function would be reported as a failing vector. */
export function checkAdapters(value: unknown): asserts value is readonly Adapter[] {
  if (!Array.isArray(value)) throw invalidArgument('adapters', 'expected an array')
  for (const [at, adapter] of value.entries()) {
    const name = `adapters[${at}]`
    if (!isObject(adapter)) throw invalidArgument(name, 'expected an object')
    const { file, sections } = adapter as Partial<Adapter>
    if (typeof file !== 'string') throw invalidArgument(`${name}.file`, 'expected a text')
    if (!isObject(sections)) throw invalidArgument(`${name}.sections`, 'expected an object')
    for (const [section, steps] of Object.entries(sections)) {
      if (!isObject(steps)) throw invalidArgument(`${name}.sections.${section}`, 'expected an object')
      for (const [direction, step] of Object.entries(steps))
        checkFunction(`${name}.sections.${section}.${direction}`, step)
    }
  }
}

/** Vector files in memory; those of a disk are looked at where they are read. */
export function checkFiles(value: unknown): asserts value is readonly VectorFile[] {
  if (!Array.isArray(value)) throw invalidArgument('files', 'expected an array')
  for (const [at, file] of value.entries()) {
    const sections = isObject(file) ? (file as Partial<VectorFile>).sections : undefined
    const isFile =
      isObject(sections) &&
      Object.values<unknown>(sections).every(
        cases => Array.isArray(cases) && cases.every(one => isObject(one) && 'name' in one)
      )
    if (!isFile) throw invalidArgument(`files[${at}]`, 'expected sections of cases with names')
  }
}

/** Records of a run, as they come or all at once. */
export function checkRecords(value: unknown): void {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = (value ?? {}) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >
  if (typeof later !== 'function' && typeof now !== 'function')
    throw invalidArgument('records', 'expected something iterable')
}
