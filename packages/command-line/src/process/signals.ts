import { isatty } from 'node:tty'
import { longestDelayMs } from '@status-stack/utils'

const ended = new AbortController()

/** Aborts when the reader of our output has gone (`| head -1`): nothing more is printed, and what only prints ends. */
export const outputEnded: AbortSignal = ended.signal

/** Says that the reader of our output has gone. */
export function endOutput(): void {
  ended.abort()
}

/** Which of our streams were a terminal when we began to listen for its end. */
let terminals: readonly number[] = []

/**
 * Aborts on Ctrl-C, SIGTERM and SIGHUP; a second one ends the process at once. Ctrl-C makes the exit code 130 however
 * the work ends; SIGTERM is how a service is told to stop, and leaves the exit code to the work. A terminal that is closed is told twice, by the
 * system and by the shell, and leaves the time to end in order.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', () => {
    process.exitCode = 130
    stop()
  })
  process.on('SIGTERM', stop)
  terminals = [0, 1, 2].filter(isatty)
  process.on('SIGHUP', () => {
    if (isHungUp()) controller.abort()
    else stop()
  })
  // A program that another one has started over a channel ends with it, also after `kill -9`.
  process.on('disconnect', stop)
  return controller.signal
}

/** Whether the terminal that we were started on was closed. */
const isHungUp = (): boolean => terminals.some(stream => !isatty(stream))

/**
 * The last thing that a process does: if its terminal was closed, it ends of that signal (128 + 1 for a shell). Node would abort, with a dump of the
 * process, because it cannot give settings back to a terminal that is gone.
 */
export function endOfHangup(): void {
  if (!isHungUp()) return
  process.removeAllListeners('SIGHUP')
  process.kill(process.pid, 'SIGHUP')
}

/**
 * Ends the process so long after the signal at the latest, whatever is not done by then: what told us to end waits for it. What is cut
 * off is what a crash would cut off, and stores are made for that.
 */
export function endWithin(signal: AbortSignal, ms: number, late: () => void): void {
  const begin = (): void => {
    setTimeout(() => {
      late()
      process.exit()
    }, ms).unref()
  }
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
}

/** Resolves when the signal aborts, or after `timeoutMs`; says which. */
export function waitFor(signal: AbortSignal, timeoutMs?: number): Promise<'aborted' | 'timeout'> {
  return new Promise(resolve => {
    // A process that only waits must stay alive: this timer is the one that keeps it so.
    const timer = setTimeout(() => finish('timeout'), Math.min(timeoutMs ?? longestDelayMs, longestDelayMs))
    const onAbort = (): void => finish('aborted')
    const finish = (why: 'aborted' | 'timeout'): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      resolve(why)
    }
    if (signal.aborted) finish('aborted')
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
