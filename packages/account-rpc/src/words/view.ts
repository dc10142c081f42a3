import type { JsonEvent } from '../methods.ts'

/** One fact for a program and for people: the object for `--json` and the line beside it. Every command prints through these. */
export interface View {
  /** For `--json`, without its format. */
  readonly event: JsonEvent
  /** For people, one line; what others chose in it is made safe for a terminal. */
  readonly text: string
}
