import type { VectorCase, VectorFile } from '@status-stack/vectors'
import { invalidArgument } from '../arguments.ts'
import { ConformanceError } from '../errors.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Adapter, CaseContext, Step } from './adapter.ts'
import { createCheck, Mismatch, Skipped, textOf } from './check.ts'
import type { CaseRecord, ConformanceRecord } from './record.ts'

/** A vector file in memory and the files without sections that lay next to it. */
export interface LoadedVectors {
  /** The file, parsed. */
  readonly vectors: VectorFile
  /** Parsed, by their file names. */
  readonly companions: ReadonlyMap<string, unknown>
}

/**
 * Runs every case of `files` in each direction that an adapter offers, one record each and a summary at the end.
 * A failing case never ends the run.
 *
 * @throws ConformanceError `too-large` when the files hold more cases than the limits allow, before anything runs.
 */
export async function* runLoaded(
  files: readonly LoadedVectors[],
  adapters: readonly Adapter[],
  options: ResolvedOptions
): AsyncGenerator<ConformanceRecord, void, undefined> {
  assertCaseCount(files, options.limits.maxCases)
  assertSomething(files, options)
  const tally = { passed: 0, failed: 0, skipped: 0 }
  for (const file of files) {
    const adapter = adapters.find(other => other.file === file.vectors.file)
    for await (const record of runFile(file, adapter, options)) {
      tally[record.outcome]++
      yield record
    }
  }
  yield { kind: 'summary', ...tally }
}

async function* runFile(
  { vectors, companions }: LoadedVectors,
  adapter: Adapter | undefined,
  options: ResolvedOptions
): AsyncGenerator<CaseRecord, void, undefined> {
  for (const [section, cases] of Object.entries(vectors.sections)) {
    if (options.section !== undefined && options.section !== section) continue
    const steps =
      adapter !== undefined && Object.hasOwn(adapter.sections, section) ? adapter.sections[section] : undefined
    const context: CaseContext = {
      section: cases,
      cases: other => (Object.hasOwn(vectors.sections, other) ? (vectors.sections[other] ?? []) : []),
      companion: fileName => companions.get(fileName),
      limits: options.limits
    }
    for (const vector of cases) {
      if (options.name !== undefined && options.name !== vector.name) continue
      const at = { kind: 'case', file: vectors.file, section, name: vector.name } as const
      if (steps === undefined) {
        yield { ...at, outcome: 'skipped', reason: 'no adapter knows this section', fields: [] }
        continue
      }
      for (const [direction, step] of Object.entries(steps)) {
        options.signal?.throwIfAborted()
        yield { ...at, direction, ...(await runStep(step, vector, context, options.caseTimeoutMs)) }
      }
    }
  }
}

type StepOutcome = Pick<CaseRecord, 'outcome' | 'difference' | 'reason' | 'fields'>

async function runStep(step: Step, vector: VectorCase, context: CaseContext, timeoutMs: number): Promise<StepOutcome> {
  const { check, fields } = createCheck()
  try {
    // A copy, so that no adapter can change what the next direction sees.
    await withTimeout(async () => step(structuredClone(vector), check, context), timeoutMs)
  } catch (cause) {
    if (cause instanceof Skipped) return { outcome: 'skipped', reason: cause.message, fields }
    if (cause instanceof Mismatch) return { outcome: 'failed', difference: cause.difference, fields }
    return { outcome: 'failed', reason: `the adapter threw: ${textOf(cause)}`, fields }
  }
  if (fields.length === 0) return { outcome: 'failed', reason: 'the adapter compared nothing', fields }
  return { outcome: 'passed', fields }
}

async function withTimeout(action: () => Promise<void>, timeoutMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([action(), timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** What a filter lets through is something: nothing at all, reported as no failure, would look like success. */
function assertSomething(files: readonly LoadedVectors[], { section, name }: ResolvedOptions): void {
  const sections = files.flatMap(({ vectors }) => Object.entries(vectors.sections))
  const chosen = sections.filter(([known]) => section === undefined || known === section)
  if (section !== undefined && chosen.length === 0)
    throw invalidArgument('section', `no file has a section called ${section.slice(0, 40)}`)
  if (name !== undefined && !chosen.some(([, cases]) => cases.some(vector => vector.name === name)))
    throw invalidArgument('name', `no case is called ${name.slice(0, 80)}`)
}

function assertCaseCount(files: readonly LoadedVectors[], maxCases: number): void {
  let count = 0
  for (const { vectors } of files) for (const cases of Object.values(vectors.sections)) count += cases.length
  if (count <= maxCases) return
  throw new ConformanceError('too-large', `vectors: expected at most ${maxCases} cases, got ${count}`, {
    origin: 'peer',
    details: { expected: maxCases, got: count }
  })
}
