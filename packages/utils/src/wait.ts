import type { Scheduler } from '@status-stack/interface'

/**
 * Resolves after `ms`, or at once when the signal fires. Never rejects.
 *
 * @example
 * ```ts
 * await delay(scheduler, 300, signal)
 * ```
 */
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

/**
 * The promise's value, or `undefined` once `ms` have passed or the signal has fired.
 *
 * @example
 * ```ts
 * const answer = await withTimeout(request, scheduler, 5000)
 * if (answer === undefined) giveUp()
 * ```
 */
export async function withTimeout<T>(
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

/**
 * The promise's value. @throws the signal's reason when it fires first
 *
 * @example
 * ```ts
 * const page = await raceAbort(server.page(cursor), signal)
 * ```
 */
export async function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
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

/**
 * Runs work under a signal that fires as soon as one of several does. Once the work has ended they are as they were before;
 * `AbortSignal.any` leaves a note in each of them for as long as they live, which adds up where one lives as long as the program.
 *
 * @example
 * ```ts
 * const nonce = await withSignals([call.signal, stopping], signal => search(prefix, { signal }))
 * ```
 */
export async function withSignals<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  const either = new AbortController()
  const stops = signals.flatMap(signal => {
    if (signal === undefined) return []
    const abort = (): void => either.abort(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    return [() => signal.removeEventListener('abort', abort)]
  })
  try {
    return await work(either.signal)
  } finally {
    for (const stop of stops) stop()
  }
}
