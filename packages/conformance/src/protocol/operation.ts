import type { VectorCase } from '@status-stack/vectors'
import { spotsOf, without } from './paths.ts'

/** One operation that a process can be asked for. */
export interface Operation {
  /** The vector file that it is about, with its `.json` ending. */
  readonly file: string
  /** Of that file. */
  readonly section: string
  /** As a request names it. */
  readonly op: string
  /** Patterns of the fields that are withheld and asked for. */
  readonly asks: readonly string[]
  /** Whether the input is valid: always, never, or where this field is true (or, when it is no boolean, not null). The field is withheld too. */
  readonly valid: 'never' | { readonly field: string } | undefined
  /** Patterns of fields that hold a floating-point number as a decimal string: compared as numbers. */
  readonly floats: readonly string[]
  /** Patterns of lists whose order says nothing. */
  readonly sets: readonly string[]
  /** Patterns of what a right answer to this case does not show, withheld all the same: Go's own texts and defects. */
  readonly hides: readonly string[]
}

/** Text for people, and what says whether a vector is a negative one. */
const neverGiven = ['description', 'source', 'error', 'note']

/** Whether this case is valid input. */
export function isValidInput({ valid }: Operation, vector: VectorCase): boolean {
  if (valid === undefined) return true
  if (valid === 'never') return false
  const value: unknown = vector[valid.field]
  return typeof value === 'boolean' ? value : value !== null && value !== undefined
}

/** What the process gets of a case. */
export function inputOf(operation: Operation, vector: VectorCase): Readonly<Record<string, unknown>> {
  const { asks, hides, valid } = operation
  const verdict = typeof valid === 'object' ? [valid.field] : []
  const { name: _, ...given } = without(vector, [...neverGiven, ...asks, ...hides, ...verdict])
  return given
}

/** The fields that it is asked for, by exact path. */
export function asksOf({ asks }: Operation, vector: VectorCase): readonly { path: string; value: unknown }[] {
  return asks.flatMap(pattern => spotsOf(vector, pattern))
}
