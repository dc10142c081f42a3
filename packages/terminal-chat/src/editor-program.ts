/**
 * The editor that a person has chosen, on a file of theirs, and what is left of such files.
 *
 * @packageDocumentation
 */

import { spawn } from 'node:child_process'
import type { Environment } from './environment.ts'
import { ChatError } from './errors.ts'

export { removeLeftovers } from './private-folder.ts'

/**
 * The command that edits a file: `$VISUAL`, else `$EDITOR`, else `vi`.
 *
 * @example
 * ```ts
 * const command = editorCommand(environment)
 * ```
 */
export const editorCommand = (environment: Environment): string =>
  environment['VISUAL'] || environment['EDITOR'] || 'vi'

/**
 * Runs an editor on a file, in the terminal. @throws ChatError `editor`
 *
 * @param environment all that it gets: leave out what is secret
 * @example
 * ```ts
 * await runEditor(editorCommand(environment), './draft.txt', signal, environment)
 * ```
 */
export function runEditor(command: string, file: string, signal: AbortSignal, environment: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    // As git does: the setting is a command with its own arguments, the file comes last.
    // The shell gives way to it, so that a signal to it reaches it; not where it begins with a variable.
    const line = `${/^\s*\w+=/.test(command) ? '' : 'exec '}${command} "$1"`
    const child = spawn('/bin/sh', ['-c', line, 'sh', file], { stdio: 'inherit', signal, env: environment })
    const failed = (what: string): void => reject(new ChatError('environment', 'editor', what, 'the text is as it was'))
    child.once('error', () => failed('the editor cannot be run'))
    child.once('exit', code => {
      if (code === 0) resolve()
      else failed(code === 127 ? 'the editor was not found: set EDITOR' : 'the editor reported a failure')
    })
  })
}

/**
 * Ctrl+C in the editor is the editor's.
 *
 * @example
 * ```ts
 * const release = holdInterrupts()
 * await runEditor(command, file, signal, environment)
 * release()
 * ```
 */
export function holdInterrupts(): () => void {
  const listeners = process.listeners('SIGINT')
  const ignore = (): void => {}
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', ignore)
  return () => {
    process.off('SIGINT', ignore)
    for (const listener of listeners) process.on('SIGINT', listener)
  }
}
