/** Longest share of one turn of the event loop that work over many items takes before it lets others run. */
export const sliceMs = 10

/** Shortest slice, milliseconds: below it, changing turns would cost more than the work. */
const shortestSliceMs = 1

/** What a slicer runs on; everything is optional and has the platform's own as default. */
export interface TimeSlicerOptions {
  /** Milliseconds of work before `due` says so. @default 10 */
  readonly budgetMs?: number | undefined
  /** A monotonic clock, milliseconds. @default performance.now */
  readonly nowMs?: (() => number) | undefined
  /** Runs a callback in a later turn of the event loop, after waiting input has been handled. @default setImmediate, or a message channel in browsers */
  readonly nextTurn?: ((callback: () => void) => void) | undefined
}

/**
 * Divides long work into slices, so that one packet, one page or one pool costs others a bounded wait.
 *
 * The budget belongs to the turn, not to the caller: everything that asks the same slicer within one turn of the event loop
 * shares it, and those who pause continue one per turn, in the order in which they paused. When many wait, their slices become
 * shorter, down to a millisecond: the last one in the queue waits for milliseconds then too, and not for a full slice of each.
 */
export interface TimeSlicer {
  /** Whether the work of this turn has used its budget. Cheap enough to ask once per item. */
  readonly due: () => boolean
  /** Resolves in a later turn, when it is this caller's. @throws the signal's reason once it has fired */
  readonly pause: (signal?: AbortSignal) => Promise<void>
  /** `due` and `pause` in one: `undefined` when the work may go on at once, so that the common case costs no promise. */
  readonly yielded: (signal?: AbortSignal) => Promise<void> | undefined
  /**
   * The same budget for work that can wait, such as bringing a new peer up to date: what pauses here continues when nothing else
   * waits, and in every fourth turn when something does, so that it goes on too.
   */
  readonly background: TimeSlicer
}

/** Turns that others have before background work has one. */
const turnsBeforeBackground = 3

function platformTurn(): (callback: () => void) => void {
  if (typeof setImmediate === 'function') return callback => void setImmediate(callback)
  if (typeof MessageChannel !== 'function') return callback => void setTimeout(callback, 0)
  // Nested timeouts are clamped to 4 ms in browsers; a message is not.
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return callback => {
    waiting.push(callback)
    port2.postMessage(0)
  }
}

let ownTurn: ((callback: () => void) => void) | undefined

/**
 * Runs a callback in a later turn of the event loop: `setImmediate` in Node, a message channel in browsers, where a timeout would
 * wait for milliseconds.
 *
 * @example
 * ```ts
 * nextTurn(() => flush())
 * ```
 */
export function nextTurn(callback: () => void): void {
  ownTurn ??= platformTurn()
  ownTurn(callback)
}

/**
 * A slicer of its own, for tests and simulations. Packages use {@link timeSlicer}, which all share.
 *
 * @example
 * ```ts
 * const slicer = createTimeSlicer({ budgetMs: 5 })
 * for (const item of items) {
 *   work(item)
 *   await slicer.yielded()
 * }
 * ```
 */
export function createTimeSlicer(options: TimeSlicerOptions = {}): TimeSlicer {
  const { budgetMs = sliceMs, nowMs = () => performance.now() } = options
  let nextTurn = options.nextTurn
  /** When the work of this turn began; `undefined` before the first call in it. */
  let begunAt: number | undefined
  let scheduled = false
  // BOUNDED: one entry per task in progress; tasks are bounded by their owners (links, pages, requests).
  const [waiting, waitingBehind]: [(() => void)[], (() => void)[]] = [[], []]
  let turnsOfOthers = 0

  const next = (): (() => void) | undefined => {
    const isBehind = waitingBehind.length > 0 && (waiting.length === 0 || turnsOfOthers >= turnsBeforeBackground)
    turnsOfOthers = isBehind ? 0 : turnsOfOthers + 1
    return (isBehind ? waitingBehind : waiting).shift()
  }
  const turn = (): void => {
    scheduled = false
    begunAt = undefined
    const resume = next()
    if (resume === undefined) return
    // The one who resumes has this turn's budget, and the next turn is booked before it can use it up.
    begunAt = nowMs()
    schedule()
    resume()
  }
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    nextTurn ??= platformTurn()
    nextTurn(turn)
  }
  const due = (): boolean => {
    const now = nowMs()
    if (begunAt === undefined) {
      begunAt = now
      schedule()
      return false
    }
    return (
      now - begunAt >=
      Math.max(Math.min(budgetMs, shortestSliceMs), budgetMs / (1 + waiting.length + waitingBehind.length))
    )
  }
  const pausing =
    (queue: (() => void)[]) =>
    async (signal?: AbortSignal): Promise<void> => {
      signal?.throwIfAborted()
      await new Promise<void>(resolve => {
        queue.push(resolve)
        schedule()
      })
      signal?.throwIfAborted()
    }
  const slicerOf = (queue: (() => void)[]) => {
    const pause = pausing(queue)
    return { due, pause, yielded: (signal?: AbortSignal) => (due() ? pause(signal) : undefined) }
  }
  const background: TimeSlicer = {
    ...slicerOf(waitingBehind),
    get background() {
      return background
    }
  }
  return { ...slicerOf(waiting), background }
}

/**
 * The slicer that every package shares: one budget of 10 ms per turn for all work over what a peer, a page, a file or a pool
 * can make long.
 *
 * @example
 * ```ts
 * for (const envelope of packet) {
 *   judge(envelope)
 *   const pause = timeSlicer.yielded()
 *   if (pause !== undefined) await pause
 * }
 * ```
 */
export const timeSlicer: TimeSlicer = /* @__PURE__ */ createTimeSlicer()

/**
 * Work of its own, milliseconds, that a loop may do in a turn whose budget others have used up. Without it a short loop would wait a
 * turn for every item while the machine is busy; with it a turn is longer by at most this much for each loop in progress.
 */
const ownMs = 1

/**
 * Runs `work` on each item in order and yields whenever the turn's budget is used and the loop has had a millisecond of its own.
 *
 * @throws the signal's reason once it has fired; items already handled stay handled
 * @example
 * ```ts
 * await forEachSliced(envelopes, envelope => pool.add(envelope))
 * ```
 */
export async function forEachSliced<T>(
  items: Iterable<T>,
  work: (item: T) => void | Promise<void>,
  {
    slicer = timeSlicer,
    signal,
    nowMs = () => performance.now()
  }: {
    readonly slicer?: TimeSlicer
    readonly signal?: AbortSignal | undefined
    /** A monotonic clock, milliseconds. @default performance.now */
    readonly nowMs?: () => number
  } = {}
): Promise<void> {
  let since = nowMs()
  for (const item of items) {
    const done = work(item)
    if (done !== undefined) await done
    if (!slicer.due() || nowMs() - since < ownMs) continue
    await slicer.pause(signal)
    since = nowMs()
  }
}
