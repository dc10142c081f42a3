import { checkOptionalFlag, checkOptionalText, checkOptions, checkRecords } from '../arguments.ts'
import type { CaseRecord, ConformanceRecord, SummaryRecord } from './record.ts'

/** How {@link formatRecords} spells a run. */
export interface ReportOptions {
  /** Show every field compared of the cases with this name, and the first difference in full. */
  readonly explain?: string | undefined
  /** One JSON object a line instead of text. */
  readonly json?: boolean | undefined
}

/**
 * Text lines of a run, without line ends: one line per section, the failures below it, and last the summary
 * `N passed, N failed, N skipped`.
 *
 * @throws ConformanceError `invalid-argument`
 * @example
 * ```ts
 * for await (const line of formatRecords(runConformance())) console.log(line)
 * ```
 */
export async function* formatRecords(
  records: AsyncIterable<ConformanceRecord> | Iterable<ConformanceRecord>,
  options: ReportOptions = {}
): AsyncGenerator<string, void, undefined> {
  checkRecords(records)
  checkOptions('options', options, ['explain', 'json'])
  checkOptionalText('explain', options.explain)
  checkOptionalFlag('json', options.json)
  if (options.json === true) {
    for await (const record of records) yield JSON.stringify(record)
    return
  }
  let group: CaseRecord[] = []
  let explained = 0
  for await (const record of records) {
    const first = group[0]
    if (first !== undefined && (record.kind === 'summary' || !sameSection(first, record))) {
      yield* sectionLines(group)
      group = []
    }
    if (record.kind === 'summary') {
      if (options.explain !== undefined && explained === 0) yield `no case is named ${options.explain}`
      yield formatSummary(record)
      continue
    }
    if (options.explain === undefined) group.push(record)
    else if (record.name === options.explain) {
      explained++
      yield* explainRecord(record)
    }
  }
}

/**
 * `N passed, N failed, N skipped`.
 *
 * @example
 * ```ts
 * console.log(formatSummary(summary))
 * ```
 */
export function formatSummary(summary: SummaryRecord): string {
  return `${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`
}

/**
 * Lines that say what a record compared and where it first differed.
 *
 * @example
 * ```ts
 * for (const line of explainRecord(record)) console.log(line)
 * ```
 */
export function explainRecord(record: CaseRecord): readonly string[] {
  const lines = [`${record.outcome}  ${titleOf(record)}`]
  const compared = record.outcome === 'failed' ? record.fields.slice(0, -1) : record.fields
  if (compared.length > 0) lines.push(`  equal: ${countRepeats(compared).join(', ')}`)
  const { difference } = record
  if (difference !== undefined) {
    const where = difference.offset === undefined ? '' : ` at byte ${difference.offset}`
    lines.push(`  first difference: ${difference.field}${where}`)
    lines.push(`    expected ${difference.expected}`)
    lines.push(`    got      ${difference.actual}`)
  }
  if (record.reason !== undefined) lines.push(`  ${record.reason}`)
  return lines
}

function sectionLines(records: readonly CaseRecord[]): readonly string[] {
  const [first] = records
  if (first === undefined) return []
  const count = (outcome: CaseRecord['outcome']): number => records.filter(record => record.outcome === outcome).length
  const counts = (['passed', 'failed', 'skipped'] as const).filter(outcome => count(outcome) > 0)
  const mark = count('failed') > 0 ? 'FAIL' : count('passed') > 0 ? 'ok  ' : 'skip'
  const reasons = new Set(records.filter(record => record.outcome === 'skipped').map(record => record.reason))
  const why = reasons.size > 0 ? ` (${[...reasons].join('; ')})` : ''
  const total = counts.map(outcome => `${count(outcome)} ${outcome}`).join(', ')
  const failures = records.filter(record => record.outcome === 'failed').map(failureLine)
  return [`${mark} ${first.file} ${first.section}: ${total}${why}`, ...failures]
}

function failureLine(record: CaseRecord): string {
  const { difference } = record
  if (difference === undefined) return `  failed ${record.name} (${record.direction}): ${record.reason}`
  const where = difference.offset === undefined ? '' : ` at byte ${difference.offset}`
  return `  failed ${record.name} (${record.direction}): ${difference.field}${where}: expected ${difference.expected}, got ${difference.actual}`
}

const sameSection = (a: CaseRecord, b: CaseRecord): boolean => a.file === b.file && a.section === b.section

const titleOf = (record: CaseRecord): string =>
  `${record.file} ${record.section} ${record.name}${record.direction === undefined ? '' : ` (${record.direction})`}`

function countRepeats(fields: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1)
  return [...counts].map(([field, count]) => (count === 1 ? field : `${field} ×${count}`))
}
