import type { Direction } from './adapter.ts'
import type { Difference } from './check.ts'

/** What happened to one direction of one case, or to a case of a section that no adapter knows. */
export interface CaseRecord {
  /** Tells it from the summary. */
  readonly kind: 'case'
  /** The vector file, with its `.json` ending. */
  readonly file: string
  /** Of that file. */
  readonly section: string
  /** The case, or its number where it has no name. */
  readonly name: string
  /** Absent when the section is skipped as a whole. */
  readonly direction?: Direction
  /** `skipped`: nothing here checks it. */
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
  /** Tells it from cases. */
  readonly kind: 'summary'
  /** Directions of cases that passed. */
  readonly passed: number
  /** Directions of cases that failed. */
  readonly failed: number
  /** Cases and directions that nothing checked. */
  readonly skipped: number
}

/** One line of a run: a case, or the summary at its end. */
export type ConformanceRecord = CaseRecord | SummaryRecord
