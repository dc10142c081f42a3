import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach } from 'vitest'
import { createSandbox, patienceMs, type Sandbox } from './cli.ts'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** Real terminals: tmux, where it is installed. */
export const hasTerminal = spawnSync('tmux', ['-V']).status === 0

/** Terminals of one test, in a server of their own. */
export function createTerminals(sandbox: Sandbox) {
  const server = join(sandbox.folder, 'tmux.sock')
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-S', server, '-f', '/dev/null', ...args], { encoding: 'utf8' })

  /** A shell without settings of its own in a pseudo-terminal. */
  function openShell(name: string, width: number, height: number, command = 'sh') {
    tmux('-u', 'new-session', '-d', '-s', name, '-x', String(width), '-y', String(height), command)
    const screen = (): string => tmux('capture-pane', '-p', '-t', name)
    const format = (text: string): string => tmux('display-message', '-p', '-t', name, text).trim()
    return {
      screen,
      /** With the escape sequences of its styles. */
      styled: (): string => tmux('capture-pane', '-p', '-e', '-t', name),
      until: async (pattern: RegExp): Promise<string> => {
        const deadline = Date.now() + patienceMs
        for (;;) {
          const now = screen()
          if (pattern.test(now)) return now
          if (Date.now() > deadline) throw new Error(`${pattern} never came:\n${now}`)
          await new Promise(resolve => setTimeout(resolve, 100))
        }
      },
      type: (text: string): void => void tmux('send-keys', '-t', name, '-l', text),
      press: (...keys: string[]): void => void tmux('send-keys', '-t', name, ...keys),
      paste: (text: string): void => {
        tmux('set-buffer', text)
        tmux('paste-buffer', '-p', '-t', name)
      },
      resize: (columns: number, rows: number): void =>
        void tmux('resize-window', '-t', name, '-x', String(columns), '-y', String(rows)),
      /** What the terminal was left in, as far as tmux tells: the other screen, the cursor, wrapping. */
      modes: (): string => format('other screen #{alternate_on}, cursor #{cursor_flag}, wrap #{wrap_flag}'),
      /** Everything that is written to the terminal from now on goes to a file as well. */
      record: (file: string): void => void tmux('pipe-pane', '-t', name, `cat >> '${file}'`),
      /** The window is closed: what runs in it is told to hang up. */
      hangUp: (): void => void tmux('kill-session', '-t', name),
      ended: async (): Promise<void> => {
        const deadline = Date.now() + patienceMs
        while (spawnSync('tmux', ['-S', server, 'has-session', '-t', name]).status === 0) {
          if (Date.now() > deadline) throw new Error(`${name} did not end`)
          await new Promise(resolve => setTimeout(resolve, 100))
        }
      }
    }
  }

  /** The command line of the program, for a shell. */
  const programLine = (args: readonly string[], environment = 'NO_COLOR=1'): string => {
    const shared = ['--data-dir', sandbox.dataFolder, '--password-file', join(sandbox.folder, 'password.txt')]
    const words = [process.execPath, main, ...shared, ...args].map(word => `'${word}'`)
    return `env -u CI -u XDG_RUNTIME_DIR LC_ALL=C.UTF-8 ${environment} ${words.join(' ')}`
  }

  return {
    openShell,
    programLine,
    /** `chat` of a profile, with nothing around it. */
    openChat: (profile: string, args: readonly string[], width = 100, environment?: string) =>
      openShell(profile, width, 24, programLine(['--profile', profile, 'chat', ...args], environment)),
    dispose: (): void => void spawnSync('tmux', ['-S', server, 'kill-server'])
  }
}

/** For each test a sandbox with terminals, handed to `ready`, and gone afterwards; says what is not tested where there are none. */
export function useTerminals(
  untested: string,
  ready: (sandbox: Sandbox, terminals: ReturnType<typeof createTerminals>) => void | Promise<void>
): void {
  if (!hasTerminal) console.warn(`tmux is not installed: ${untested}`)
  let dispose = async (): Promise<void> => {}
  beforeEach(async () => {
    const sandbox = createSandbox()
    const terminals = createTerminals(sandbox)
    dispose = async () => {
      terminals.dispose()
      await sandbox.dispose()
    }
    await ready(sandbox, terminals)
  })
  afterEach(() => dispose())
}
