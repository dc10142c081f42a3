import type { VectorCase } from '@status-stack/vectors'
import type { ConformanceLimits } from '../limits.ts'
import type { Check } from './check.ts'

/**
 * What a step does with a case. `reproduce` makes the same bytes from the inputs, `decode` accepts the bytes and gets
 * the stated fields; an adapter may add directions of its own (`alias`, for what needs the word lists).
 */
export type Direction = string

/** What a step may look at besides its case. */
export interface CaseContext {
  /** Every case of the section, for sections that build on one another. */
  readonly section: readonly VectorCase[]
  /** Cases of another section of the same file. */
  readonly cases: (section: string) => readonly VectorCase[]
  /** A JSON file without sections that lies next to the vector file, by its name; undefined when there is none. */
  readonly companion: (fileName: string) => unknown
  /** Bounds of the run. */
  readonly limits: ConformanceLimits
}

/**
 * Runs one direction of one case. Whatever it throws fails the case, and so does a step that compares nothing.
 * `skip` of the context's {@link Check} reports the case as skipped.
 */
export type Step = (vector: VectorCase, check: Check, context: CaseContext) => void | Promise<void>

/** The directions of one section. */
export type SectionSteps = Readonly<Record<Direction, Step>>

/** Connects one vector file to an implementation. */
export interface Adapter {
  /** The `file` of the vector file, with its `.json` ending. */
  readonly file: string
  /** What is done with each case of a section, by direction; sections that are not named are skipped. */
  readonly sections: Readonly<Record<string, SectionSteps>>
}
