import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { Adapter, SectionSteps, Step } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import type { Answer, OperationRequest } from './messages.ts'
import { asksOf, inputOf, isValidInput, type Operation } from './operation.ts'
import { operations as allOperations } from './operations.ts'
import { spotsOf } from './paths.ts'

/** Sends one request to the implementation and waits for its answer. */
export type Ask = (request: Omit<OperationRequest, 'id'>) => Promise<Answer>

/** The name of an operation, as implementations claim it. */
const nameOf = ({ file, section, op }: Operation): string => `${file.replace(/\.json$/, '')}/${section}/${op}`

const fits = (claim: string, operation: Operation): boolean =>
  nameOf(operation) === claim || nameOf(operation).startsWith(`${claim}/`)

/** Claims that mean no operation of the protocol: a typing error would go unnoticed otherwise. */
export function unknownClaims(claims: readonly string[]): readonly string[] {
  return claims.filter(claim => !allOperations.some(operation => fits(claim, operation)))
}

/**
 * Adapters to an implementation that is reached by requests and answers, over whatever carries them. It never sees what is asked for:
 * the answer is compared here. What it does not claim is skipped, and says so.
 *
 * @param claims sections and operations that it has: `whisper-misc/topic_to_bloom`, `whisper-envelope/valid/decode`
 * @example
 * ```ts
 * const adapters = remoteAdapters(['whisper-misc/topic_to_bloom'], request => callMyImplementation(request))
 * for await (const line of formatRecords(runVectors(files, { adapters }))) console.log(line)
 * ```
 */
export function remoteAdapters(claims: readonly string[], ask: Ask): readonly Adapter[] {
  const files = new Map<string, Record<string, Record<string, Step>>>()
  for (const operation of allOperations) {
    const { file, section, op } = operation
    const sections = files.get(file) ?? {}
    files.set(file, sections)
    const steps = sections[section] ?? {}
    sections[section] = steps
    steps[op] = claims.some(claim => fits(claim, operation)) ? stepOf(operation, ask) : notClaimed
  }
  return [...files].map(
    ([file, sections]): Adapter => ({ file, sections: sections satisfies Record<string, SectionSteps> })
  )
}

const notClaimed: Step = (_, check) => check.skip('not run: the implementation does not claim it')

function stepOf(operation: Operation, ask: Ask): Step {
  const { file, section, op } = operation
  return async (vector, check) => {
    const asked = asksOf(operation, vector)
    // Of some cases nothing is stated that could be withheld.
    if (asked.length === 0 && operation.valid === undefined) check.skip('not run: nothing of it can be asked for')
    const answer = await ask({
      op,
      file,
      section,
      case: vector.name,
      input: inputOf(operation, vector),
      asks: asked.map(({ path }) => path)
    })
    if (answer.kind === 'unsupported') check.skip(`not run: ${answer.why}`)
    if (answer.kind === 'error') throw new Error(answer.why)
    check.equal('valid', isValidInput(operation, vector), answer.kind === 'output')
    if (answer.kind !== 'output') return
    compare(operation, vector, answer.output, check)
  }
}

function compare(
  operation: Operation,
  vector: VectorCase,
  output: Readonly<Record<string, unknown>>,
  check: Check
): void {
  const pathsOf = (patterns: readonly string[]): ReadonlySet<string> =>
    new Set(patterns.flatMap(pattern => spotsOf(vector, pattern).map(({ path }) => path)))
  const [floats, sets] = [pathsOf(operation.floats), pathsOf(operation.sets)]
  for (const { path, value } of asksOf(operation, vector)) {
    const actual = Object.hasOwn(output, path) ? output[path] : undefined
    if (floats.has(path)) check.equal(path, numberOf(value), numberOf(actual))
    else if (sets.has(path)) check.equal(path, sorted(value), sorted(actual))
    else compareField(path, value, actual, check)
  }
}

/** Bytes are compared as bytes, whatever the case of their digits; for lists, null is empty. */
function compareField(path: string, expected: unknown, actual: unknown, check: Check): void {
  if (isHex(expected) && isHex(actual)) check.bytes(path, expected, vectorBytes(actual))
  else if (Array.isArray(expected) && actual === null) check.equal(path, expected, [])
  else if (expected === null && Array.isArray(actual)) check.equal(path, [], actual)
  else check.equal(path, expected, actual)
}

const isHex = (value: unknown): value is string => typeof value === 'string' && /^0x([0-9a-f]{2})*$/i.test(value)

/** A number, or its decimal text; Go writes infinity as `+Inf`. */
function numberOf(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value
  return value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value ?? []
  return [...value].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}
