import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Reply, Request } from './protocol.ts'

export interface Fact {
  readonly event: string
  readonly [field: string]: unknown
}

/** A child process of this program that prints JSON lines. */
export interface Person {
  readonly name: string
  readonly pid: number
  /** Facts printed so far, oldest first. */
  readonly facts: readonly Fact[]
  /** The first fact at or after `from` that fits; rejects at the deadline or when the process ends. */
  readonly until: (fits: (fact: Fact) => boolean, timeoutMs: number, from?: number) => Promise<Fact>
  readonly ask: (request: Request, timeoutMs: number) => Promise<Reply>
  readonly end: () => Promise<void>
}

const mainFile = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : './main.js', import.meta.url))
const stderrKept = 4000
/** Facts that an error names. */
const shownFacts = 12

/** What came instead of what was waited for, without contents. */
function lastOf(facts: readonly Fact[]): string {
  const said = facts
    .slice(-shownFacts)
    .map(({ event, state, layer, reason, did }) =>
      [event, state, layer, reason, did].filter(word => typeof word === 'string').join(' ')
    )
  return said.length === 0 ? '; it said nothing' : `; the last of what it said: ${said.join(' · ')}`
}

/** The arguments of Node that this process runs with: from sources the child needs them too. */
export function startPerson(name: string, args: readonly string[], environment: NodeJS.ProcessEnv): Person {
  const child: ChildProcess = spawn(process.execPath, [...process.execArgv, mainFile, '--json', ...args], {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: environment
  })
  const facts: Fact[] = []
  const watchers = new Set<() => void>()
  let ended: string | undefined
  let errors = ''
  const changed = (): void => {
    for (const watcher of [...watchers]) watcher()
  }
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', line => {
      facts.push(JSON.parse(line) as Fact)
      changed()
    })
  }
  child.stderr?.on('data', chunk => {
    errors = (errors + String(chunk)).slice(-stderrKept)
  })
  const exited = new Promise<void>(resolve => {
    child.on('close', (code, signal) => {
      ended = `${name} ended with ${signal ?? `exit code ${code}`}${errors === '' ? '' : `: ${errors.trim()}`}`
      changed()
      resolve()
    })
  })
  const until: Person['until'] = (fits, timeoutMs, from = 0) =>
    new Promise((resolve, reject) => {
      let next = from
      const look = (): void => {
        for (; next < facts.length; next++) {
          const fact = facts[next]
          if (fact !== undefined && fits(fact)) {
            finish(() => resolve(fact))
            return
          }
        }
        if (ended !== undefined) finish(() => reject(new Error(ended)))
      }
      const timer = setTimeout(
        () =>
          finish(() => reject(new Error(`${name}: nothing fitting came within ${timeoutMs / 1000} s${lastOf(facts)}`))),
        timeoutMs
      )
      const finish = (then: () => void): void => {
        clearTimeout(timer)
        watchers.delete(look)
        then()
      }
      watchers.add(look)
      look()
    })
  let requests = 0
  return {
    name,
    pid: child.pid ?? 0,
    facts,
    until,
    ask: async (request, timeoutMs) => {
      const id = ++requests
      child.stdin?.write(`${JSON.stringify({ id, ...request })}\n`)
      const reply = (await until(fact => fact.event === 'reply' && fact['id'] === id, timeoutMs)) as Reply
      if (!reply.ok) throw new Error(`${name}: ${reply.message}`)
      return reply
    },
    end: async () => {
      child.stdin?.end()
      if (ended === undefined) child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000)
      await exited
      clearTimeout(kill)
    }
  }
}
