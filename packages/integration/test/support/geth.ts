import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

const sources = fileURLToPath(new URL('../../interop/go', import.meta.url))

/** A line that the Go node said. */
export interface GethEvent {
  readonly event: string
  readonly [fact: string]: unknown
}

/** Whose Whisper the Go program runs: go-ethereum 1.9.5's, or the one of status-go (v6.2.6), on the same transport. */
export type Implementation = 'geth' | 'status-go'

/** A Whisper node of another implementation in a process of its own. */
export interface Geth {
  readonly enode: string
  /** 64 hex digits. */
  readonly peerId: string
  readonly events: readonly GethEvent[]
  /** The first event, from the beginning, of which this holds; waits for it. */
  readonly event: (what: string, holds: (event: GethEvent) => boolean) => Promise<GethEvent>
  readonly tell: (command: Readonly<Record<string, unknown>>) => void
  readonly stop: () => Promise<void>
}

/**
 * Builds the Go program; answers where it is, or why it cannot be had. The first build compiles go-ethereum; after that
 * Go's own cache has it.
 */
export function buildGeth(): { readonly program: string } | { readonly missing: string } {
  const version = spawnSync('go', ['version'], { encoding: 'utf8' })
  if (version.status !== 0) return { missing: 'Go is not installed' }
  const folder = join(tmpdir(), 'status-stack-interop')
  mkdirSync(folder, { recursive: true })
  const program = join(folder, process.platform === 'win32' ? 'shh.exe' : 'shh')
  const changed = Math.max(
    ...readdirSync(sources, { recursive: true, encoding: 'utf8' }).map(file => statSync(join(sources, file)).mtimeMs)
  )
  const fresh = existsSync(program) && statSync(program).mtimeMs > changed
  if (fresh) return { program }
  const build = spawnSync('go', ['build', '-o', program, '.'], { cwd: sources, encoding: 'utf8', timeout: 300_000 })
  if (build.status === 0) return { program }
  return {
    missing: `the Go program cannot be built: ${(build.stderr || String(build.error)).trim().split('\n').at(-1)}`
  }
}

/** @param options further flags of the program: `-minpow`, `-maxsize` */
export async function startGeth(
  program: string,
  implementation: Implementation,
  options: readonly string[] = []
): Promise<Geth> {
  const child: ChildProcess = spawn(program, ['-implementation', implementation, ...options], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const events: GethEvent[] = []
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  if (child.stdout === null || child.stdin === null) throw new Error('the Go program has no streams')
  createInterface({ input: child.stdout }).on('line', line => events.push(JSON.parse(line)))
  const { stdin } = child
  const event: Geth['event'] = async (what, holds) => {
    await until(what, () => {
      if (ended) throw new Error(`the Go node ended while it was waited for: ${what}`)
      return events.some(holds)
    })
    return events.find(holds) as GethEvent
  }
  const listening = await event('the Go node to listen', ({ event: kind }) => kind === 'listening')
  return {
    // Discovery is off, which its URL spells as port 0.
    enode: String(listening['enode']).replace('?discport=0', ''),
    peerId: String(listening['id']),
    events,
    event,
    tell: command => {
      stdin.write(`${JSON.stringify(command)}\n`)
    },
    stop: async () => {
      stdin.end()
      await until('the Go node to end', () => ended)
    }
  }
}
