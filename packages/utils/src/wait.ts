import type { Scheduler } from '@status-stack/interface'

/** What waits for a signal, behind the one listener that it has. */
interface Waiters {
  readonly tasks: Set<() => void>
  readonly unlisten: () => void
}

const waitersOf = new WeakMap<AbortSignal, Waiters>()

function listen(signal: AbortSignal): Waiters {
  const tasks = new Set<() => void>()
  const abort = (): void => {
    for (const task of tasks) task()
  }
  const unlisten = (): void => {
    waitersOf.delete(signal)
    signal.removeEventListener('abort', abort)
  }
  const waiters = { tasks, unlisten }
  waitersOf.set(signal, waiters)
  signal.addEventListener('abort', abort, { once: true })
  return waiters
}

/**
 * Does something when the signal fires; at once when it has. Answers a function that calls it off. However many wait for one signal, it has
 * one listener: a hundred calls under the signal of a whole program are no leak, and Node, which warns of eleven, has no reason to.
 *
 * @param signal without one nothing is ever done
 * @param task must not throw: others wait behind it
 * @example
 * ```ts
 * const callOff = whenAborted(signal, () => socket.destroy())
 * ```
 */
export function whenAborted(signal: AbortSignal | undefined, task: () => void): () => void {
  if (signal === undefined) return () => undefined
  if (signal.aborted) {
    task()
    return () => undefined
  }
  const { tasks, unlisten } = waitersOf.get(signal) ?? listen(signal)
  // Two callers may bring one function.
  const own = (): void => task()
  tasks.add(own)
  return () => {
    if (tasks.delete(own) && tasks.size === 0) unlisten()
  }
}

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
      callOff()
      resolve()
    }
    const cancel = scheduler.after(ms, done)
    const callOff = whenAborted(signal, done)
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
  const callOff = whenAborted(signal, () => over.abort())
  try {
    return await Promise.race([promise, delay(scheduler, ms, over.signal).then(() => undefined)])
  } finally {
    over.abort()
    callOff()
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
  let callOff: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    callOff = whenAborted(signal, () => reject(signal.reason))
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    callOff()
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
  const callOffs = signals.map(signal => whenAborted(signal, () => either.abort(signal?.reason)))
  try {
    return await work(either.signal)
  } finally {
    for (const callOff of callOffs) callOff()
  }
}
