import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

const interop = fileURLToPath(new URL('../../interop/', import.meta.url))

/** A line that a Go program said. */
export interface GoEvent {
  readonly event: string
  readonly [fact: string]: unknown
}

/** A node of go-ethereum in a process of its own. */
export interface GoProgram {
  readonly enode: string
  /** 64 hex digits. */
  readonly peerId: string
  readonly events: readonly GoEvent[]
  /** The first event, from the beginning, of which this holds; waits for it. */
  readonly event: (what: string, holds: (event: GoEvent) => boolean) => Promise<GoEvent>
  readonly tell: (command: Readonly<Record<string, unknown>>) => void
  readonly stop: () => Promise<void>
}

/** Why a Go program cannot be had, or where it is. */
export type GoBuild = { readonly program: string } | { readonly missing: string }

/**
 * Builds a program of `interop/<module>`; the first build compiles go-ethereum, after that Go's own cache has it. Downloading the
 * modules counts as part of it: without them there is no program.
 */
export function buildGo(module: string, name: string, path = '.'): GoBuild {
  const version = spawnSync('go', ['version'], { encoding: 'utf8' })
  if (version.status !== 0) return { missing: 'Go is not installed' }
  const folder = join(tmpdir(), 'status-stack-interop')
  mkdirSync(folder, { recursive: true })
  const program = join(folder, process.platform === 'win32' ? `${name}.exe` : name)
  const sources = join(interop, module)
  const changed = Math.max(
    ...readdirSync(sources, { recursive: true, encoding: 'utf8' }).map(file => statSync(join(sources, file)).mtimeMs)
  )
  if (existsSync(program) && statSync(program).mtimeMs > changed) return { program }
  const build = spawnSync('go', ['build', '-o', program, path], { cwd: sources, encoding: 'utf8', timeout: 600_000 })
  if (build.status === 0) return { program }
  return { missing: `${name} cannot be built: ${(build.stderr || String(build.error)).trim().split('\n').at(-1)}` }
}

/** Lines of a program's errors that are told when it has ended before its time: a trace of Go's is longer, and begins with what matters. */
const errorsTold = 30

/** Starts a program and waits until it says that it listens, by the event `first`. */
export async function startGo(program: string, args: readonly string[], first = 'listening'): Promise<GoProgram> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const events: GoEvent[] = []
  // BOUNDED: errorsTold. status-go logs there while all is well, and at times crashes when it is told to end.
  const errors: string[] = []
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  createInterface({ input: child.stdout }).on('line', line => events.push(JSON.parse(line)))
  createInterface({ input: child.stderr }).on('line', line => {
    if (/^(panic|fatal error): /.test(line)) errors.length = 0
    if (errors.length < errorsTold) errors.push(line)
  })
  const event: GoProgram['event'] = async (what, holds) => {
    await until(what, () => {
      if (ended) throw new Error(`the Go program ended while it was waited for: ${what}\n${errors.join('\n')}`)
      return events.some(holds)
    })
    return events.find(holds) as GoEvent
  }
  const listening = await event('the Go program to listen', ({ event: kind }) => kind === first)
  return {
    enode: String(listening['enode']),
    peerId: String(listening['id']),
    events,
    event,
    tell: command => {
      child.stdin.write(`${JSON.stringify(command)}\n`)
    },
    stop: async () => {
      child.stdin.end()
      await until('the Go program to end', () => ended)
    }
  }
}
