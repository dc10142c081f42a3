import { type ChildProcess, spawn } from 'node:child_process'

/** Every bound on what the runs of one command may cost. */
export const hookLimits = Object.freeze({
  /** Runs at a time: each is a process. */
  atOnce: 4,
  /** Lines that wait for one of them; of a flood that is faster than the command the oldest are dropped. */
  waiting: 1000,
  /** Milliseconds that one run may take: long enough for a program that asks another machine. */
  runMs: 30_000,
  /** Milliseconds between telling it to end and ending it. */
  killMs: 2_000
})

/** What became of one run, where it is worth telling. */
export type HookTrouble = 'failed' | 'timeout' | 'dropped'

/** Whose command is run, and how. */
export interface HookOptions {
  /** The person's own command line: the shell reads it. What a line holds is no part of it, but comes on stdin. */
  readonly command: string
  readonly told: (trouble: HookTrouble, detail: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Variables that a command of the person's has no use for. */
  readonly secrets: readonly string[]
  /** @default hookLimits.runMs */
  readonly timeoutMs?: number
}

/** A command that is run for each of many lines. */
export interface Hook {
  /** Gives it a line, now or when its turn comes. */
  readonly run: (line: string) => void
  /** Takes no more; those that run have until `graceMs` to end, and those that wait are dropped. */
  readonly stop: (graceMs: number) => Promise<void>
}

/** Runs the command in the order of arrival, a few at a time. */
export function createHook({ command, told, environment, secrets, timeoutMs = hookLimits.runMs }: HookOptions): Hook {
  // BOUNDED: hookLimits.waiting; the oldest is dropped
  const waiting: string[] = []
  // BOUNDED: hookLimits.atOnce
  const running = new Map<ChildProcess, Promise<void>>()
  const env = { ...environment }
  for (const name of secrets) delete env[name]
  let stopped = false

  const next = (): void => {
    while (!stopped && running.size < hookLimits.atOnce) {
      const line = waiting.shift()
      if (line === undefined) return
      begin(line)
    }
  }

  const begin = (line: string): void => {
    // A group of its own: what the command has started ends with it.
    const child = spawn('/bin/sh', ['-c', command], {
      stdio: ['pipe', 'ignore', 'inherit'],
      detached: true,
      env
    })
    const over = new Promise<void>(resolve => {
      let timedOut = false
      let kill: NodeJS.Timeout | undefined
      const timer = setTimeout(() => {
        timedOut = true
        signalGroup(child, 'SIGTERM')
        kill = setTimeout(() => signalGroup(child, 'SIGKILL'), hookLimits.killMs)
      }, timeoutMs)
      const ended = (why: string | undefined): void => {
        clearTimeout(timer)
        clearTimeout(kill)
        running.delete(child)
        if (timedOut) told('timeout', `${timeoutMs / 1000} s`)
        else if (why !== undefined && !stopped) told('failed', why)
        resolve()
        next()
      }
      child.once('error', error => ended(error.message))
      child.once('exit', (code, signal) =>
        ended(code === 0 ? undefined : signal === null ? `exit code ${code}` : signal)
      )
    })
    running.set(child, over)
    // A command need not read what it gets.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(`${line}\n`)
  }

  return {
    run: line => {
      if (stopped) return
      waiting.push(line)
      if (waiting.length > hookLimits.waiting) {
        waiting.shift()
        told('dropped', `${hookLimits.waiting} wait already`)
      }
      next()
    },
    stop: async graceMs => {
      stopped = true
      waiting.length = 0
      const all = [...running]
      const timer = setTimeout(() => all.forEach(([child]) => void signalGroup(child, 'SIGKILL')), graceMs)
      await Promise.all(all.map(([, over]) => over))
      clearTimeout(timer)
    }
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It has ended just now.
  }
}
