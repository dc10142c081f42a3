import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
if (!existsSync(main)) throw new Error('apps/cli is not built: run `pnpm build` first')

/** A watchdog for one thing that is waited for: beside busy processes everything takes many times as long. */
export const patienceMs = 280_000
// A test of processes waits for many such things, one after the other.
vi.setConfig({ testTimeout: 4 * patienceMs, hookTimeout: 4 * patienceMs })

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** One running command of the built program. */
export interface Running {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves with the match once stdout and stderr together fit. */
  readonly until: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly type: (line: string) => void
  readonly ended: Promise<Ended>
}

/** A folder of its own for one test, with a password in it; everything it started is gone afterwards. */
export function createSandbox(password = 'correct horse battery staple') {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-cli-'))
  const passwordFile = join(folder, 'password.txt')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  const children = new Set<ChildProcess>()

  function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(
      process.execPath,
      [main, '--data-dir', join(folder, 'data'), '--password-file', passwordFile, ...args],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, NO_COLOR: '1', ...environment }
      }
    )
    children.add(child)
    let stdout = ''
    let stderr = ''
    let wake = new Set<() => void>()
    const changed = (): void => {
      const all = wake
      wake = new Set()
      for (const look of all) look()
    }
    child.stdout.setEncoding('utf8').on('data', chunk => {
      stdout += chunk
      changed()
    })
    child.stderr.setEncoding('utf8').on('data', chunk => {
      stderr += chunk
      changed()
    })
    const ended = new Promise<Ended>(resolve => {
      child.on('close', code => {
        children.delete(child)
        resolve({ code, stdout, stderr })
        changed()
      })
    })
    return {
      child,
      stdout: () => stdout,
      stderr: () => stderr,
      type: line => void child.stdin.write(`${line}\n`),
      ended,
      until: async pattern => {
        const deadline = Date.now() + patienceMs
        for (;;) {
          const match = pattern.exec(stdout) ?? pattern.exec(stderr)
          if (match) return match
          if (child.exitCode !== null || Date.now() > deadline) {
            throw new Error(`${pattern} never came from ${args.join(' ')}\nstdout: ${stdout}\nstderr: ${stderr}`)
          }
          await new Promise<void>(resolve => {
            wake.add(resolve)
            setTimeout(resolve, 1000).unref()
          })
        }
      }
    }
  }

  return {
    folder,
    dataFolder: join(folder, 'data'),
    start,
    run: async (args: readonly string[], input?: string): Promise<Ended> => {
      const running = start(args)
      running.child.stdin?.end(input ?? '')
      return running.ended
    },
    dispose: async (): Promise<void> => {
      const closing = [...children].map(
        child =>
          new Promise<void>(resolve => {
            child.once('close', () => resolve())
            child.kill('SIGKILL')
          })
      )
      await Promise.all(closing)
      await removed(folder)
    }
  }
}

/**
 * What a terminal had started may write its last meanwhile, a shell its history: the retries of `rmSync` remove a folder again but do
 * not look again what is in it.
 */
async function removed(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true })
      return
    } catch (error) {
      if (attempt === 20) throw error
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}

export type Sandbox = ReturnType<typeof createSandbox>

/** The JSON objects a command printed. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Record<string, unknown>)
}

/** Makes a profile; answers its public key as `zQ3sh…`. */
export async function makeIdentity(sandbox: Sandbox, profile: string): Promise<string> {
  const { stdout } = await sandbox.run(['--json', '--profile', profile, 'init', '--light-kdf'])
  return String(jsonLines(stdout)[0]?.['text'])
}
