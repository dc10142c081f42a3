import { ConformanceError } from './errors.ts'
import { type ConformanceLimits, conformanceLimits } from './limits.ts'
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
  /** Bounds on the input. @default {@link conformanceLimits} */
  readonly limits?: Partial<ConformanceLimits> | undefined
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

/** @throws ConformanceError `invalid-option` for a value outside its range. */
export function resolveOptions(options: ConformanceOptions): ResolvedOptions {
  const limits = { ...conformanceLimits, ...options.limits }
  for (const [name, value] of Object.entries(limits)) assertRange(`limits.${name}`, value, 1, Number.MAX_SAFE_INTEGER)
  const caseTimeoutMs = options.caseTimeoutMs ?? 60_000
  assertRange('caseTimeoutMs', caseTimeoutMs, 1, 3_600_000)
  return Object.freeze({
    section: options.section,
    name: options.name,
    caseTimeoutMs,
    limits: Object.freeze(limits),
    signal: options.signal
  })
}

/** @throws ConformanceError `invalid-option` */
export function assertRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new ConformanceError('invalid-option', `${name}: expected an integer from ${least} to ${most}, got ${value}`, {
    origin: 'caller',
    details: { least, most }
  })
}
