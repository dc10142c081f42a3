import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from './environment.ts'
import { ChatError } from './errors.ts'
import { makePrivateFolder, privateFolder } from './private-folder.ts'
import type { Surroundings } from './surroundings.ts'

/** What the system opens files with. */
const systemOpener = process.platform === 'darwin' ? 'open' : 'xdg-open'

/** Files of messages that other programs show. */
export interface OpenedFiles {
  /** @throws ChatError `opener` when the program cannot be run */
  readonly open: (name: string, bytes: Uint8Array) => Promise<void>
  /** Removes the files. */
  readonly remove: () => void
}

/** Hands files to `opener`, else to the system's. They are readable by their owner alone, and go when the chat ends. */
export function createOpenedFiles(
  profile: Pick<Surroundings, 'folder'>,
  opener: string | undefined,
  environment: Environment
): OpenedFiles {
  const folder = privateFolder(profile, 'open', environment)
  let remove: (() => void) | undefined
  return {
    open: async (name, bytes) => {
      remove ??= makePrivateFolder(folder)
      const file = join(folder, name)
      if (!existsSync(file)) writeFileSync(file, bytes, { mode: 0o600, flag: 'wx' })
      await run(opener ?? systemOpener, file, environment)
    },
    remove: () => remove?.()
  }
}

function run(command: string, file: string, environment: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    // As with an editor: the setting is a command with its own arguments, the file comes last.
    const child = spawn('/bin/sh', ['-c', `${command} "$1"`, 'sh', file], {
      stdio: 'ignore',
      detached: true,
      env: environment
    })
    const failed = (why: string): void =>
      reject(new ChatError('environment', 'opener', why, 'name another with the setting opener, or use /save'))
    child.once('error', () => failed('no program can be run'))
    child.once('exit', code => {
      if (code === 127) failed('no program was found to open files')
      else if (code !== 0) failed('the program that opens files has failed')
      else resolve()
    })
    // One that goes on, as a viewer does, is left to itself.
    child.once('spawn', () => setTimeout(resolve, viewerMs).unref())
    child.unref()
  })
}

/** How long a program may take to say that it cannot show a file, milliseconds. */
const viewerMs = 1000
