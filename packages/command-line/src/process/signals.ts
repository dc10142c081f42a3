const ended = new AbortController()

/** Aborts when the reader of our output has gone (`| head -1`): nothing more is printed, and what only prints ends. */
export const outputEnded: AbortSignal = ended.signal

/** Says that the reader of our output has gone. */
export function endOutput(): void {
  ended.abort()
}

/**
 * Aborts on Ctrl-C, SIGTERM and SIGHUP; a second one ends the process at once. Ctrl-C makes the exit code 130 however
 * the work ends; SIGTERM is how a service is told to stop, and leaves the exit code to the work.
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
  process.on('SIGHUP', stop)
  // A program that another one has started over a channel ends with it, also after `kill -9`.
  process.on('disconnect', stop)
  return controller.signal
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
    const timer = setTimeout(() => finish('timeout'), Math.min(timeoutMs ?? 2 ** 31 - 1, 2 ** 31 - 1))
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
