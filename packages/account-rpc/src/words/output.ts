import type { JsonEvent } from '../methods.ts'

/**
 * Where facts are told. Data goes to stdout, talk to stderr. With `--json` every fact is one JSON object per line on
 * stdout and nothing else is printed there; without it the same fact is the text given beside it. Whatever a text holds that
 * was chosen elsewhere (a peer, a file, an argument), nothing of it acts on the terminal.
 */
export interface Output {
  /** Facts are printed as JSON lines, and nothing else is. */
  readonly json: boolean
  /** Colours may be used: people read it on a terminal that has them. */
  readonly color: boolean
  /** A result or something that arrived. */
  readonly data: (event: JsonEvent, text: string) => void
  /** The same for text of the program's own making (a drawing with colours, a script, JSON), which is printed as it is. */
  readonly verbatim: (event: JsonEvent, text: string) => void
  /** A fact about the run: text on stderr, an object with `--json`. With `--quiet` people are told only of what went wrong. */
  readonly note: (event: JsonEvent, text: string) => void
  /** Talk for people that holds no fact of its own; nothing with `--json`. */
  readonly hint: (text: string) => void
  /** Only for people who asked for more. */
  readonly verbose: (text: string) => void
}
