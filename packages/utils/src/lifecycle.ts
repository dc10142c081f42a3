/** Starting something and stopping it, as often as one likes. */
export interface Lifecycle<Args extends readonly unknown[] = []> {
  /** Rejects with what beginning rejects with; it may be tried again. */
  readonly start: (...args: Args) => Promise<void>
  /** Rejects with what ending rejects with. */
  readonly stop: () => Promise<void>
}

/**
 * Begins and ends in the order of the calls, so that what was asked for last is what holds in the end: a start in the middle of a stop begins when
 * that is over, and a stop behind it ends it again. Calls of one kind that follow each other are one. The first call begins in the call.
 *
 * @param begin does nothing where it has begun
 * @param end does nothing where it has ended
 * @example
 * ```ts
 * const { start, stop } = createLifecycle(
 *   async () => store.open(),
 *   async () => store.close()
 * )
 * await Promise.all([start(), stop()]) // closed
 * ```
 */
export function createLifecycle<Args extends readonly unknown[] = []>(
  begin: (...args: Args) => Promise<void>,
  end: () => Promise<void>
): Lifecycle<Args> {
  let last: { readonly kind: 'start' | 'stop'; readonly done: Promise<void> } | undefined
  const ask = (kind: 'start' | 'stop', work: () => Promise<void>): Promise<void> => {
    if (last?.kind === kind) return last.done
    const done = last === undefined ? work() : last.done.then(work, work)
    const asked = { kind, done }
    last = asked
    const forget = (): void => {
      if (last === asked) last = undefined
    }
    done.then(forget, forget)
    return done
  }
  return { start: (...args) => ask('start', () => begin(...args)), stop: () => ask('stop', end) }
}
