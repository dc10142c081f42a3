import { type ChildProcess, spawn } from 'node:child_process'
import { kill, platform } from 'node:process'
import { type Line, linesOf } from '@status-stack/utils'
import { ConformanceError } from '../errors.ts'
import type { ConformanceLimits } from '../limits.ts'
import {
  type Answer,
  BadLine,
  type Hello,
  type OperationRequest,
  parseAnswer,
  parseHello,
  protocolVersion
} from './messages.ts'
import { unknownClaims } from './remote.ts'

/** An implementation that answers requests on its standard input and output. */
export interface TestedProcess {
  readonly hello: Hello
  /** Requests wait for one another. Rejects when the process breaks, breaks the protocol or is late; the next call starts it anew. */
  readonly ask: (request: Omit<OperationRequest, 'id'>) => Promise<Answer>
  /** Closes its input and ends it when it stays. */
  readonly stop: () => Promise<void>
}

interface ProcessOptions {
  readonly limits: ConformanceLimits
  readonly answerTimeoutMs: number
}

/**
 * Starts a program, without a shell, and asks it what it can do.
 *
 * @param command the program and its arguments
 * @throws ConformanceError `process-failed` when it does not start, does not answer, or claims what the protocol does not have
 */
export async function startProcess(command: readonly string[], options: ProcessOptions): Promise<TestedProcess> {
  const { limits, answerTimeoutMs } = options
  let failures = 0
  let current: Running | undefined
  let lastId = 0

  const greet = async (): Promise<Hello> => {
    current = run(command, limits)
    const line = await current.exchange(
      JSON.stringify({ id: 0, op: 'hello', protocol: protocolVersion }),
      limits.processStartMs
    )
    return parseHello(line, 0)
  }
  const end = async (): Promise<void> => {
    const ending = current
    current = undefined
    await ending?.kill()
  }
  const hello = await greet().catch(async cause => {
    const said = current?.said() ?? ''
    await end()
    throw failure(`the process ${cause.message}${said}`, cause)
  })
  const unknown = unknownClaims(hello.sections)
  if (unknown.length > 0) {
    await end()
    throw failure(`the process claims what the protocol does not have: ${unknown.slice(0, 3).join(', ').slice(0, 200)}`)
  }

  const askNow: TestedProcess['ask'] = async request => {
    if (failures > limits.maxProcessFailures)
      throw new Error(`the process failed ${failures} times and is not started again`)
    try {
      if (current === undefined) await greet()
      const id = ++lastId
      return parseAnswer(
        await (current as unknown as Running).exchange(JSON.stringify({ id, ...request }), answerTimeoutMs),
        id
      )
    } catch (cause) {
      failures++
      const said = current?.said() ?? ''
      await end()
      throw new Error(`the process ${(cause as Error).message}${said}`, { cause })
    }
  }
  // One after the other: a case that was given up must not leave its answer to the next.
  let last: Promise<unknown> = Promise.resolve()
  const ask: TestedProcess['ask'] = request => {
    const answer = last.then(() => askNow(request))
    last = answer.catch(() => undefined)
    return answer
  }
  const stop = async (): Promise<void> => {
    const ending = current
    current = undefined
    await ending?.close(limits.processEndMs)
  }
  return { hello, ask, stop }
}

interface Running {
  /** Writes a line and waits for one. */
  readonly exchange: (line: string, timeoutMs: number) => Promise<string>
  /** The end of what it wrote to its standard error, for messages; empty when it wrote nothing. */
  readonly said: () => string
  readonly kill: () => Promise<void>
  readonly close: (graceMs: number) => Promise<void>
}

function run(command: readonly string[], limits: ConformanceLimits): Running {
  const [program = '', ...args] = command
  // A group of its own, so that what it starts ends with it. Windows has no groups.
  const ownGroup = platform !== 'win32'
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: ownGroup, windowsHide: true })
  let failed: Error | undefined
  const exited = new Promise<void>(resolve => {
    child.once('error', cause => {
      failed = new BadLine(`cannot be started: ${cause.message}`)
      resolve()
    })
    child.once('exit', (code, signal) => {
      failed ??= new BadLine(`ended with ${signal ?? `exit code ${code}`}`)
      resolve()
    })
  })
  // BOUNDED: processMessageLength
  let tail = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-limits.processMessageLength)
  })
  // A process that ends while it is written to is reported by its end.
  child.stdin.on('error', () => undefined)
  // BOUNDED: maxLineBytes
  const lines = linesOf(child.stdout, limits.maxLineBytes)

  const nextLine = async (): Promise<string> => {
    const { done, value } = await lines.next()
    if (done !== true) return textOf(value, limits)
    await exited
    throw failed
  }
  const end = async (): Promise<void> => {
    endGroup(child, ownGroup)
    await exited
    child.stdout.destroy()
    child.stderr.destroy()
  }
  return {
    exchange: (line, timeoutMs) => {
      child.stdin.write(`${line}\n`)
      return within(timeoutMs, nextLine(), exited, () => failed)
    },
    said: () => (tail.trim() === '' ? '' : `; it wrote: ${tail.trim()}`),
    kill: end,
    close: async graceMs => {
      child.stdin.end()
      let timer: ReturnType<typeof setTimeout> | undefined
      await Promise.race([
        exited,
        new Promise(resolve => {
          timer = setTimeout(resolve, graceMs)
        })
      ])
      clearTimeout(timer)
      await end()
    }
  }
}

function textOf(line: Line, { maxLineBytes }: ConformanceLimits): string {
  if (line.kind === 'text') return line.text
  throw new BadLine(
    line.kind === 'too-long'
      ? `answered a line of more than ${maxLineBytes} bytes`
      : 'answered a line that is not UTF-8'
  )
}

function endGroup(child: ChildProcess, ownGroup: boolean): void {
  try {
    if (ownGroup && child.pid !== undefined) kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch {
    // It has ended.
  }
}

async function within(
  timeoutMs: number,
  line: Promise<string>,
  exited: Promise<void>,
  failure: () => Error | undefined
): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BadLine(`gave no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  // What it wrote before it ended still counts: its output is read to the end, unless it never started.
  const neverStarted = exited.then(() =>
    failure()?.message.startsWith('cannot') === true ? Promise.reject(failure()) : line
  )
  line.catch(() => undefined)
  neverStarted.catch(() => undefined)
  try {
    return await Promise.race([line, neverStarted, late])
  } finally {
    clearTimeout(timer)
  }
}

function failure(message: string, cause?: unknown): ConformanceError {
  return new ConformanceError('process-failed', message, { origin: 'peer', cause })
}
