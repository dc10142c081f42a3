import { checkAdapters, checkOptionalText, checkOptions, invalidArgument } from './arguments.ts'
import { ConformanceError } from './errors.ts'
import { type ConformanceLimits, defaultLimits } from './limits.ts'
import type { Adapter } from './runner/adapter.ts'

/** Options of a run. */
export interface ConformanceOptions {
  /** Run only sections of this name. @default every section */
  readonly section?: string | undefined
  /** Run only cases of this name. @default every case */
  readonly name?: string | undefined
  /** Adapters to the implementation under test. @default adapters to the `@status-stack` packages */
  readonly adapters?: readonly Adapter[] | undefined
  /** Most time one direction of one case may wait for; milliseconds, 1 … 3 600 000. @default 60000 */
  readonly caseTimeoutMs?: number | undefined
  /** Bounds on the input. @default {@link defaultLimits} */
  readonly limits?: { readonly [Name in keyof ConformanceLimits]?: number | undefined } | undefined
  /** Ends the run between two cases. */
  readonly signal?: AbortSignal | undefined
}

/** The options of a run with every default filled in. */
export interface ResolvedOptions {
  readonly section: string | undefined
  readonly name: string | undefined
  readonly caseTimeoutMs: number
  readonly limits: ConformanceLimits
  readonly signal: AbortSignal | undefined
}

/** @throws ConformanceError `invalid-argument` for a value outside its range. */
export function resolveOptions(options: ConformanceOptions): ResolvedOptions {
  checkOptions('options', options, ['section', 'name', 'adapters', 'caseTimeoutMs', 'limits', 'signal'])
  checkOptionalText('section', options.section)
  checkOptionalText('name', options.name)
  if (options.adapters !== undefined) checkAdapters(options.adapters)
  const { signal, caseTimeoutMs = 60_000 } = options
  if (signal !== undefined && typeof signal?.aborted !== 'boolean')
    throw invalidArgument('signal', 'expected an AbortSignal')
  const limits = resolveLimits(options.limits)
  assertRange('caseTimeoutMs', caseTimeoutMs, 1, 3_600_000)
  return Object.freeze({
    section: options.section,
    name: options.name,
    caseTimeoutMs,
    limits,
    signal
  })
}

/** @throws ConformanceError `invalid-argument` */
export function resolveLimits(given: ConformanceOptions['limits'] = {}): ConformanceLimits {
  checkOptions('limits', given, Object.keys(defaultLimits))
  const limits: { -readonly [Name in keyof ConformanceLimits]: number } = { ...defaultLimits }
  for (const name of Object.keys(limits) as (keyof ConformanceLimits)[]) {
    const value = given[name]
    if (value === undefined) continue
    assertRange(`limits.${name}`, value, 1, Number.MAX_SAFE_INTEGER)
    limits[name] = value
  }
  return Object.freeze(limits)
}

/** @throws ConformanceError `invalid-argument` */
export function assertRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new ConformanceError(
    'invalid-argument',
    `${name}: expected an integer from ${least} to ${most}, got ${value}`,
    {
      origin: 'caller',
      details: { argument: name, least, most }
    }
  )
}
