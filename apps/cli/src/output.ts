import type { Writable } from 'node:stream'
import { outputEnded } from './signals.ts'
import { printableLines, safeJson } from './terminal-text.ts'

export { printable, safeJson } from './terminal-text.ts'

/** One fact for a program: `event` names its kind; the other fields are documented in docs/json-output.md. */
export type JsonEvent = { readonly event: string } & Readonly<Record<string, unknown>>

/** Within one format fields and events are added; none is renamed, taken away or given another meaning. */
export const jsonFormat = 1

/** The object as it leaves the program, on stdout or through the daemon. */
export function versioned(event: JsonEvent): JsonEvent {
  return { format: jsonFormat, ...event }
}

/**
 * The one place that prints. Data goes to stdout, talk to stderr. With `--json` every fact is one JSON object per line on
 * stdout and nothing else is printed there; without it the same fact is the text given beside it. Whatever a text holds that
 * was chosen elsewhere (a peer, a file, an argument), nothing of it acts on the terminal.
 */
export interface Output {
  readonly json: boolean
  readonly color: boolean
  /** A result or something that arrived. */
  readonly data: (event: JsonEvent, text: string) => void
  /** The same for text of the program's own making (a drawing with colours, a script, JSON), which is printed as it is. */
  readonly verbatim: (event: JsonEvent, text: string) => void
  /** A fact about the run: text on stderr, an object with `--json`. */
  readonly note: (event: JsonEvent, text: string) => void
  /** Talk for people that holds no fact of its own; nothing with `--json`. */
  readonly hint: (text: string) => void
  /** Only for people who asked for more. */
  readonly verbose: (text: string) => void
}

export interface OutputOptions {
  readonly json: boolean
  readonly verbose: boolean
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  /** Something was printed above a prompt that must be drawn again. */
  readonly afterPrint?: (() => void) | undefined
  readonly beforePrint?: (() => void) | undefined
}

export function createOutput(options: OutputOptions): Output {
  const { json, stdout, stderr } = options
  const print = (stream: Writable, line: string): void => {
    if (outputEnded.aborted) return
    options.beforePrint?.()
    stream.write(`${line}\n`)
    options.afterPrint?.()
  }
  return {
    json,
    color: !json && stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
    data: (event, text) => print(stdout, json ? safeJson(versioned(event)) : printableLines(text)),
    verbatim: (event, text) => print(stdout, json ? safeJson(versioned(event)) : text),
    note: (event, text) => {
      if (json) print(stdout, safeJson(versioned(event)))
      else print(stderr, printableLines(text))
    },
    hint: text => {
      if (!json) print(stderr, printableLines(text))
    },
    verbose: text => {
      if (options.verbose) print(stderr, printableLines(text))
    }
  }
}
