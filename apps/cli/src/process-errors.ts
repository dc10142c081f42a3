import { endOutput } from '@status-stack/command-line/process'
import { describeError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { createOutput } from './output.ts'

let fatal: ((error: unknown) => void) | undefined

/** Until the answered function is called, `fail` gets errors that were not caught: the owner of the terminal gives it back first. */
export function onFatalError(fail: (error: unknown) => void): () => void {
  fatal = fail
  return () => {
    fatal = undefined
  }
}

/**
 * What no command can catch where it happens: a reader that has gone ends the output quietly, output that cannot be
 * written and errors that were not awaited become one sentence and exit code 1.
 */
export function catchProcessErrors(json: boolean): { readonly failed: () => boolean } {
  const { stdout, stderr } = process
  let failed = false
  stdout.on('error', error => {
    endOutput()
    const { code, message } = describeError(error)
    if (failed || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return
    failed = true
    process.exitCode = exitCodes.failed
    stderr.write(`status-stack: the output cannot be written: ${message}\n`)
  })
  // There is no way left to tell.
  stderr.on('error', () => {})
  const unexpected = (error: unknown): void => {
    if (fatal !== undefined) {
      fatal(error)
      return
    }
    const { code, message } = describeError(error)
    const output = createOutput({ json, verbose: false, stdout, stderr })
    output.note({ event: 'error', code, message }, `status-stack: ${message}`)
    process.exit(exitCodes.failed)
  }
  process.on('uncaughtException', unexpected)
  process.on('unhandledRejection', unexpected)
  return { failed: () => failed }
}
