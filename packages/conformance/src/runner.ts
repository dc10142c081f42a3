// The runner without adapters and without a file system: runs anywhere, with anyone's adapters. Exported as `./runner`.
import type { VectorFile } from '@status-stack/vectors'
import { checkAdapters, checkFiles } from './arguments.ts'
import { type ConformanceOptions, resolveOptions } from './options.ts'
import type { Adapter } from './runner/adapter.ts'
import type { ConformanceRecord } from './runner/record.ts'
import { runLoaded } from './runner/run.ts'

export { ConformanceError, type ConformanceErrorCode } from './errors.ts'
export { type ConformanceLimits, defaultLimits } from './limits.ts'
export type { ConformanceOptions } from './options.ts'
export type { Answer, Hello, HelloRequest, OperationRequest } from './protocol/messages.ts'
export type { Operation } from './protocol/operation.ts'
export { operations } from './protocol/operations.ts'
export { type Ask, remoteAdapters } from './protocol/remote.ts'
export type { Adapter, CaseContext, Direction, SectionSteps, Step } from './runner/adapter.ts'
export type { Check, Difference, Part } from './runner/check.ts'
export type { CaseRecord, ConformanceRecord, SummaryRecord } from './runner/record.ts'
export { explainRecord, formatRecords, formatSummary, type ReportOptions } from './runner/report.ts'

/** Options of {@link runVectors}: the adapters are not optional here. */
export type RunnerOptions = ConformanceOptions & { readonly adapters: readonly Adapter[] }

/**
 * Runs vector files that are in memory already through the given adapters: one record per case and direction, and a
 * summary as the last one. `companions` are the files without sections, by name (`alias-words.json`).
 *
 * @throws ConformanceError `invalid-argument`, `too-large`
 *
 * @example
 * ```ts
 * for await (const record of runVectors([vectors], { adapters })) report(record)
 * ```
 */
export function runVectors(
  files: readonly VectorFile[],
  options: RunnerOptions,
  companions: ReadonlyMap<string, unknown> = new Map()
): AsyncGenerator<ConformanceRecord, void, undefined> {
  checkFiles(files)
  const resolved = resolveOptions(options)
  // Without adapters there is nothing to judge.
  checkAdapters(options.adapters)
  return runLoaded(
    files.map(vectors => ({ vectors, companions })),
    options.adapters,
    resolved
  )
}
