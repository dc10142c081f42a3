/** What a caller without types passes by mistake. */
export const nonsense: readonly unknown[] = [undefined, null, 7, 'deadbeef', [], {}, new Uint8Array(3), () => undefined]

/**
 * What a call throws or rejects with; `nothing thrown` where it does neither.
 *
 * @example
 * ```ts
 * await outcome(async () => 'an answer') // 'nothing thrown'
 * ```
 */
export async function outcome(call: () => unknown): Promise<unknown> {
  try {
    await call()
    return 'nothing thrown'
  } catch (error) {
    return error
  }
}

/** What decides which answers to nonsense are right. */
export interface NonsenseRules {
  /** Whether this is how the package refuses. */
  readonly isRefusal: (error: unknown) => boolean
  /** Functions for which some of `nonsense` is a fine argument. */
  readonly takes: Readonly<Record<string, readonly unknown[]>>
}

/**
 * Calls every function of an API with `nonsense`; answers the calls that were not refused as they should be, in words.
 *
 * @example
 * ```ts
 * await takenNonsense({ createHost }, { isRefusal: TransportError.is, takes: {} }) // []
 * ```
 */
export async function takenNonsense(
  api: Readonly<Record<string, unknown>>,
  { isRefusal, takes }: NonsenseRules
): Promise<readonly string[]> {
  const odd: string[] = []
  for (const [name, value] of Object.entries(api)) {
    if (typeof value !== 'function') continue
    for (const argument of nonsense) {
      if (takes[name]?.includes(argument) === true) continue
      const error = await outcome(() => value(argument))
      if (!isRefusal(error)) odd.push(`${name}(${String(argument)}): ${String(error)}`)
    }
  }
  return odd
}
