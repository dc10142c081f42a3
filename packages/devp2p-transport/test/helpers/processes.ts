import { type ChildProcess, spawn } from 'node:child_process'
import { once as onceEvent } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Bundles a script of `test/processes` with our sources, so that plain Node can run it; answers its path. */
export async function bundle(name: string): Promise<string> {
  const outDir = `${root}node_modules/.cache/processes/${name}`
  await build({
    config: false,
    silent: true,
    clean: true,
    entry: { [name]: `${root}test/processes/${name}.ts` },
    outDir,
    format: ['esm'],
    platform: 'node',
    target: 'node20',
    dts: false,
    // Optional and lazily loaded packages stay outside; everything of ours goes in.
    noExternal: [/^@status-stack\//, /^snappyjs/, /^@noble\//],
    external: ['@ethereumjs/devp2p', 'secp256k1'],
    outExtension: () => ({ js: '.mjs' }),
    esbuildOptions: options => {
      options.conditions = ['status-stack-source', 'node', 'import', 'module', 'default']
    }
  })
  return `${outDir}/${name}.mjs`
}

export type Line = Readonly<Record<string, unknown>> & { readonly event: string }

/** A process that takes a JSON line for each command and answers with JSON lines. */
export interface Running {
  readonly process: ChildProcess
  readonly lines: Line[]
  readonly say: (command: Readonly<Record<string, unknown>>) => void
  /** The first line that fits, past or to come. */
  readonly line: (fits: (line: Line) => boolean) => Promise<Line>
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>
}

export function run(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines: Line[] = []
  const waiting = new Set<{ fits: (line: Line) => boolean; resolve: (line: Line) => void }>()
  createInterface({ input: child.stdout }).on('line', text => {
    const line = JSON.parse(text) as Line
    lines.push(line)
    for (const entry of [...waiting]) {
      if (!entry.fits(line)) continue
      waiting.delete(entry)
      entry.resolve(line)
    }
  })
  child.stdin.on('error', () => undefined)
  return {
    process: child,
    lines,
    say: command => {
      child.stdin.write(`${JSON.stringify(command)}\n`)
    },
    line: fits => {
      const found = lines.find(fits)
      return found === undefined ? new Promise(resolve => waiting.add({ fits, resolve })) : Promise.resolve(found)
    },
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = onceEvent(child, 'exit')
      child.kill(signal)
      await gone
    }
  }
}
