import { type ChildProcess, spawn } from 'node:child_process'
import type { MessageFact } from '@status-stack/account-rpc/methods'
import { versioned } from '@status-stack/account-rpc/methods'
import { limits } from './limits.ts'
import { safeJson } from './output.ts'

/** What became of one run, where it is worth telling. */
export type HookTrouble = 'failed' | 'timeout' | 'dropped'

export interface HookOptions {
  /** The person's own command line: the shell reads it. What a message holds is no part of it, but comes on stdin. */
  readonly command: string
  readonly told: (trouble: HookTrouble, detail: string) => void
  /** @default limits.hookMs */
  readonly timeoutMs?: number
  readonly environment?: NodeJS.ProcessEnv
}

/** Runs a command for each message. */
export interface MessageHook {
  readonly run: (message: MessageFact) => void
  /** Takes no more; those that run have until `graceMs` to end, and those that wait are dropped. */
  readonly stop: (graceMs: number) => Promise<void>
}

/** Variables that a command of the person's has no use for. */
const secrets = ['STATUS_STACK_PASSWORD', 'STATUS_STACK_POSTGRES_URL']

/** Runs the command in the order of arrival, a few at a time. */
export function createMessageHook({ command, told, timeoutMs = limits.hookMs, environment }: HookOptions): MessageHook {
  // BOUNDED: limits.hooksWaiting; the oldest is dropped
  const waiting: string[] = []
  // BOUNDED: limits.hooksAtOnce
  const running = new Map<ChildProcess, Promise<void>>()
  const env = { ...(environment ?? process.env) }
  for (const name of secrets) delete env[name]
  let stopped = false

  const next = (): void => {
    while (!stopped && running.size < limits.hooksAtOnce) {
      const json = waiting.shift()
      if (json === undefined) return
      begin(json)
    }
  }

  const begin = (json: string): void => {
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
        kill = setTimeout(() => signalGroup(child, 'SIGKILL'), limits.hookKillMs)
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
    child.stdin?.end(`${json}\n`)
  }

  return {
    run: message => {
      if (stopped) return
      waiting.push(safeJson(versioned(message)))
      if (waiting.length > limits.hooksWaiting) {
        waiting.shift()
        told('dropped', `${limits.hooksWaiting} wait already`)
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
