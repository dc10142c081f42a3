import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { patienceMs } from '../cli.ts'
import type { Copy } from './world.ts'

export interface Terminal {
  /** The screen once it fits. */
  readonly until: (pattern: RegExp) => Promise<string>
  readonly type: (line: string) => void
  readonly close: () => void
}

/** One line in a pseudo-terminal of its own; it says the exit code at its end. */
export function openTerminal({ folder, environment }: Pick<Copy, 'folder' | 'environment'>, line: string): Terminal {
  const server = join(folder, 'tmux.sock')
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', server, '-f', '/dev/null', ...args], { encoding: 'utf8' })
  const script = join(folder, 'line.sh')
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}='${value ?? ''}'`)
  writeFileSync(script, `${exports.join('\n')}\nunset CI\n${line}\necho "exit code $?"\nsleep 1000\n`)
  tmux('-u', 'new-session', '-d', '-s', 'one', '-x', '100', '-y', '24', '-c', folder, `sh '${script}'`)
  return {
    until: async pattern => {
      const deadline = Date.now() + patienceMs
      for (;;) {
        const screen = tmux('capture-pane', '-p', '-t', 'one')
        if (pattern.test(screen)) return screen
        if (Date.now() > deadline) throw new Error(`${pattern} never came:\n${screen}`)
        await new Promise(resolve => setTimeout(resolve, 200))
      }
    },
    type: text => {
      tmux('send-keys', '-t', 'one', '-l', text)
      tmux('send-keys', '-t', 'one', 'Enter')
    },
    close: () => void spawnSync('tmux', ['-S', server, 'kill-server'])
  }
}
