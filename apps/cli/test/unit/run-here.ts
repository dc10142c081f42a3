import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { run } from '../../src/program.ts'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The program in this process, with a home of its own: for what ends before anything is opened. */
export function createHome() {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-usage-'))
  const data = join(folder, 'data')
  // Whatever is typed may be the name of a file to write: it lands here, not in the repository.
  const cwd = process.cwd()
  const working = join(folder, 'working')
  mkdirSync(working)
  process.chdir(working)
  vi.stubEnv('XDG_DATA_HOME', data)
  vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'config'))
  vi.stubEnv('STATUS_STACK_PASSWORD_FILE', join(folder, 'no-such-file'))
  vi.stubEnv('STATUS_STACK_PASSWORD', '')
  return {
    folder,
    profile: join(data, 'status-stack', 'default'),
    /** Names, times and contents of everything there is. */
    state: (): string => stateOf(folder),
    run: async (args: readonly string[]): Promise<Ended> => {
      let [stdout, stderr] = ['', '']
      const out = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
        stdout += String(text)
        return true
      })
      const err = vi.spyOn(process.stderr, 'write').mockImplementation(text => {
        stderr += String(text)
        return true
      })
      const before = process.exitCode
      try {
        return { code: await run(args), stdout, stderr }
      } finally {
        process.exitCode = before
        out.mockRestore()
        err.mockRestore()
      }
    },
    dispose: (): void => {
      vi.unstubAllEnvs()
      process.chdir(cwd)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

export type Home = ReturnType<typeof createHome>

function stateOf(path: string): string {
  if (!existsSync(path)) return ''
  const found = statSync(path)
  if (!found.isDirectory()) {
    return `${path} ${found.mtimeMs} ${createHash('sha256').update(readFileSync(path)).digest('hex')}\n`
  }
  return `${path}\n${readdirSync(path)
    .sort()
    .map(name => stateOf(join(path, name)))
    .join('')}`
}
