import { describeError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { createOutput } from './output.ts'
import { endOutput } from './signals.ts'

let inOrder: ((error: unknown) => void) | undefined

/** The owner of the terminal gives it back before the sentence is printed: `fail` ends the program in order. Undone by the answer. */
export function endInOrder(fail: (error: unknown) => void): () => void {
  inOrder = fail
  return () => {
    inOrder = undefined
  }
}

/**
 * What no command can catch where it happens: a reader that has gone ends the output quietly, output that cannot be
 * written and errors that were not awaited become one sentence and exit code 1.
 */
export function guardProcess(json: boolean): { readonly failed: () => boolean } {
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
    if (inOrder !== undefined) {
      inOrder(error)
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
