/** Aborts on Ctrl-C, SIGTERM, or when stdin's other side closes; a second Ctrl-C ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  return controller.signal
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
