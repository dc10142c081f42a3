import type { Scheduler } from './ports.ts'

/** Resolves after `ms`, or at once when the signal fires. Never rejects. */
export function delay(scheduler: Scheduler, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const done = (): void => {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const cancel = scheduler.after(ms, done)
    signal?.addEventListener('abort', done, { once: true })
  })
}

/** The promise's value, or `undefined` once `ms` have passed or the signal has fired. */
export async function within<T>(
  promise: Promise<T>,
  scheduler: Scheduler,
  ms: number,
  signal?: AbortSignal
): Promise<T | undefined> {
  const over = new AbortController()
  const abort = (): void => over.abort()
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted === true) over.abort()
  try {
    return await Promise.race([promise, delay(scheduler, ms, over.signal).then(() => undefined)])
  } finally {
    over.abort()
    signal?.removeEventListener('abort', abort)
  }
}

/** Rejects with the signal's reason when it fires first. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let stop: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    stop = () => signal.removeEventListener('abort', abort)
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    stop()
  }
}

/** One turn of the event loop, so that long work does not stop everything else. */
export function breathe(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0))
}
