import { concatBytes } from '@status-stack/crypto'

/** One decoder with valid inputs to begin from; `run` gives a value or throws our error. */
export interface FuzzTarget {
  /** Names the target in failures. */
  readonly name: string
  /** At least one valid input. */
  readonly seeds: readonly Uint8Array[]
  /** Decodes; a throw of anything but our own error is a finding. */
  readonly run: (bytes: Uint8Array) => unknown
}

/**
 * A small generator whose whole state is its seed.
 *
 * @example
 * ```ts
 * const random = seededRandom(7)
 * random(6) // 0 to 5, the same in each run
 * ```
 */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const interesting = [0, 1, 0x7f, 0x80, 0x81, 0xb7, 0xb8, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xfc, 0xfe, 0xff]

/**
 * A changed copy: bits, bytes, cuts, repeats, inserted lengths.
 *
 * @example
 * ```ts
 * const input = mutate(packet, seededRandom(7))
 * ```
 */
export function mutate(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes: Uint8Array = seed.slice()
  for (let rounds = 1 + random(4); rounds > 0; rounds--) {
    const at = random(bytes.length + 1)
    switch (random(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
        break
      case 1:
        if (at < bytes.length) bytes[at] = interesting[random(interesting.length)] ?? 0
        break
      case 2:
        bytes = bytes.slice(0, at)
        break
      case 3:
        bytes = concatBytes(bytes.subarray(0, at), bytes.subarray(at + random(8)))
        break
      case 4:
        bytes = concatBytes(bytes.subarray(0, at), bytes.subarray(at, at + random(32)), bytes.subarray(at))
        break
      case 5:
        bytes = concatBytes(
          bytes.subarray(0, at),
          Uint8Array.from({ length: random(9) }, () => random(256)),
          bytes.subarray(at)
        )
        break
      default:
        for (let i = at; i < Math.min(at + random(5), bytes.length); i++) bytes[i] = random(256)
    }
  }
  return bytes.slice(0, 4096)
}

/** What became of the inputs of a fuzz run: how many gave a value, and how many a typed refusal. */
export interface FuzzOutcome {
  /** Inputs that were read. */
  readonly values: number
  /** Inputs that were refused with our own error. */
  readonly refusals: number
}

/**
 * Runs `count` mutated inputs of a target; throws for anything that is neither a value nor our own error.
 *
 * @example
 * ```ts
 * const target = { name: 'hello', seeds: [encodeHello(hello)], run: decodeHello }
 * fuzz(target, 10_000, 7, TransportError.is)
 * ```
 */
export function fuzz(
  target: FuzzTarget,
  count: number,
  seed: number,
  isOurs: (error: unknown) => boolean
): FuzzOutcome {
  const next = seededRandom(seed)
  let values = 0
  let refusals = 0
  for (let i = 0; i < count; i++) {
    const start = target.seeds[next(target.seeds.length)] ?? new Uint8Array(0)
    const input = mutate(start, next)
    try {
      target.run(input)
      values++
    } catch (error) {
      if (!isOurs(error)) {
        throw new Error(`${target.name}: input ${i} of seed ${seed} threw ${String(error)}`, { cause: error })
      }
      refusals++
    }
  }
  return { values, refusals }
}
