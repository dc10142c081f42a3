import type { Operation } from '../operation.ts'

/** One operation: patterns between blanks. */
export interface OperationRow {
  readonly asks: string
  readonly valid?: Operation['valid']
  readonly floats?: string
  readonly sets?: string
  readonly hides?: string
}

/** By file, section and operation; a text alone is what is asked for. */
export type OperationTable = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string | OperationRow>>>>>
>
