/** One clause of a contract. Knows no test runner: `run` rejects, saying what was expected, when the clause is broken. */
export interface ComplianceCase {
  /** The clause as a sentence: the title of a test. */
  readonly name: string
  /** Plays the case on a fresh fixture. @throws ComplianceFailure when the clause is broken */
  readonly run: () => Promise<void>
}

/**
 * A clause that does not hold.
 *
 * @example
 * ```ts
 * const isBroken = (error: unknown): boolean => error instanceof ComplianceFailure
 * ```
 */
export class ComplianceFailure extends Error {
  override readonly name = 'ComplianceFailure'
}

/**
 * Fails a case unless what was expected holds. @throws ComplianceFailure unless `holds`.
 *
 * @example
 * ```ts
 * check(received.length === 1, 'one packet to arrive')
 * ```
 */
export function check(holds: boolean, expected: string): asserts holds {
  if (!holds) throw new ComplianceFailure(`expected ${expected}`)
}

/**
 * Fails a case unless the bytes are those expected. @throws ComplianceFailure unless both hold the same bytes.
 *
 * @example
 * ```ts
 * checkBytes('payload', packet.payload, Uint8Array.of(1, 2, 3))
 * ```
 */
export function checkBytes(name: string, actual: Uint8Array | undefined, expected: Uint8Array): void {
  const shown = (bytes: Uint8Array): string => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  check(
    actual !== undefined && actual.length === expected.length && actual.every((byte, at) => byte === expected[at]),
    `${name} to be ${shown(expected)}, got ${actual === undefined ? 'nothing' : shown(actual)}`
  )
}

/**
 * Whether a promise rejects.
 *
 * @example
 * ```ts
 * check(await rejects(link.send(999, payload)), 'an unknown code to be refused')
 * ```
 */
export async function rejects(promise: Promise<unknown>): Promise<boolean> {
  try {
    await promise
    return false
  } catch {
    return true
  }
}

/** Longest wait for something that has to happen: generous, because it only ends runs of broken implementations. */
const patienceMs = 60_000

/**
 * The promise's value. @throws ComplianceFailure when nothing happens in time: broken implementations hang more often than they throw.
 *
 * @example
 * ```ts
 * const packet = await eventually(reader.next(), 'a packet')
 * ```
 */
export async function eventually<T>(promise: Promise<T>, expected: string, waitMs = patienceMs): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ComplianceFailure(`expected ${expected} within ${waitMs} ms`)), waitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
