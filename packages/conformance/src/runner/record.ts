import type { Direction } from './adapter.ts'
import type { Difference } from './check.ts'

/** What happened to one direction of one case, or to a case of a section that no adapter knows. */
export interface CaseRecord {
  readonly kind: 'case'
  readonly file: string
  readonly section: string
  readonly name: string
  /** Absent when the section is skipped as a whole. */
  readonly direction?: Direction
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Of a failure: where the first difference is. */
  readonly difference?: Difference
  /** Of a failure without a difference, or of a skip: why. */
  readonly reason?: string
  /** Every field compared, in order, the failing one last. */
  readonly fields: readonly string[]
}

/** The last record of every run. */
export interface SummaryRecord {
  readonly kind: 'summary'
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** One line of a run: a case, or the summary at its end. */
export type ConformanceRecord = CaseRecord | SummaryRecord
