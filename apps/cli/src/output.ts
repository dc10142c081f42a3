import type { Writable } from 'node:stream'
import { versioned } from '@status-stack/account-rpc/methods'
import type { Output } from '@status-stack/account-rpc/words'
import { outputEnded } from '@status-stack/command-line/process'
import { printableLines, safeJson } from '@status-stack/utils'

export type { JsonEvent } from '@status-stack/account-rpc/methods'
export type { Output } from '@status-stack/account-rpc/words'
export { printable, safeJson } from '@status-stack/utils'

export interface OutputOptions {
  readonly json: boolean
  readonly verbose: boolean
  /** People are told of problems alone. @default false */
  readonly quiet?: boolean | undefined
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  /** Something was printed above a prompt that must be drawn again. */
  readonly afterPrint?: (() => void) | undefined
  readonly beforePrint?: (() => void) | undefined
}

/** Facts that something went wrong: told whatever was asked for. */
const problems: ReadonlySet<string> = new Set([
  'error',
  'warning',
  'archive-failed',
  'archive-given-up',
  'cleaning-failed',
  'unknown-variable'
])

/** By the convention, any value of `NO_COLOR` that is not empty turns colours off; a dumb terminal has none. */
const wantsColor = ({ NO_COLOR: off = '', TERM: term }: NodeJS.ProcessEnv): boolean => off === '' && term !== 'dumb'

/** The one place that prints. */
export function createOutput(options: OutputOptions): Output {
  const { json, stdout, stderr, quiet = false } = options
  const print = (stream: Writable, line: string): void => {
    if (outputEnded.aborted) return
    options.beforePrint?.()
    stream.write(`${line}\n`)
    options.afterPrint?.()
  }
  return {
    json,
    color: !json && stdout.isTTY === true && wantsColor(process.env),
    data: (event, text) => print(stdout, json ? safeJson(versioned(event)) : printableLines(text)),
    verbatim: (event, text) => print(stdout, json ? safeJson(versioned(event)) : text),
    note: (event, text) => {
      if (json) print(stdout, safeJson(versioned(event)))
      else if (!quiet || problems.has(event.event)) print(stderr, printableLines(text))
    },
    hint: text => {
      if (!json && !quiet) print(stderr, printableLines(text))
    },
    verbose: text => {
      if (options.verbose) print(stderr, printableLines(text))
    }
  }
}
