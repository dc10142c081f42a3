import type { Writable } from 'node:stream'
import { outputEnded } from './signals.ts'

/** One fact for a program: `event` names its kind; the other fields are documented in docs/json-output.md. */
export type JsonEvent = { readonly event: string } & Readonly<Record<string, unknown>>

/** Within one format fields and events are added; none is renamed, taken away or given another meaning. */
export const jsonFormat = 1

/** The object as it leaves the program, on stdout or through the daemon. */
export function versioned(event: JsonEvent): JsonEvent {
  return { format: jsonFormat, ...event }
}

/**
 * The one place that prints. Data goes to stdout, talk to stderr. With `--json` every fact is one JSON object a line on
 * stdout and nothing else is printed there; without it the same fact is the text given beside it.
 */
export interface Output {
  readonly json: boolean
  readonly color: boolean
  /** A result or something that arrived. */
  readonly data: (event: JsonEvent, text: string) => void
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
    data: (event, text) => print(stdout, json ? JSON.stringify(versioned(event)) : text),
    note: (event, text) => {
      if (json) print(stdout, JSON.stringify(versioned(event)))
      else print(stderr, text)
    },
    hint: text => {
      if (!json) print(stderr, text)
    },
    verbose: text => {
      if (options.verbose) print(stderr, text)
    }
  }
}

/** What a terminal would act on, or a person could not see: controls, line separators, reordering, zero-width, lone surrogates. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
/** Invisible tags, allowed only behind the black flag: some flags are written so. */
const tags = /(\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f})|[\u{e0000}-\u{e007f}]/gu
/** BOUNDED: marks on one letter; piled up they cover the lines above. */
const piled = /(\p{M}{8})\p{M}+/gu

/** Makes text from others safe for a terminal: one line, with a mark where something was that must not reach it. */
export function printable(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replaceAll('\n', ' \u23ce ')
    .replace(unsafe, '\u00b7')
    .replace(tags, (_, flag: string | undefined) => flag ?? '\u00b7')
    .replace(piled, '$1')
}
