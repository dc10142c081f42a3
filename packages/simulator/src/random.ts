import { sha256, utf8Bytes } from '@status-stack/crypto'
import type { Random } from '@status-stack/interface'

/** Numbers that look random and are the same for the same seed. Never for keys that protect anything. */
export interface SimulatedRandom extends Random {
  /** At least 0, below 1. */
  readonly next: () => number
  /** A whole number from 0, below `limit`. */
  readonly below: (limit: number) => number
  /** True with this probability. */
  readonly chance: (probability: number) => boolean
  /** A waiting time with this mean, as between events that know nothing of each other. */
  readonly exponential: (mean: number) => number
  /** The items in another order; the given ones stay as they are. */
  readonly shuffled: <T>(items: readonly T[]) => T[]
}

/** Small fast counting generator with 128 bits of state. */
function sfc32(seed: Uint8Array): () => number {
  const view = new DataView(seed.buffer, seed.byteOffset, 16)
  let [a, b, c, counter] = [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)]
  return () => {
    const t = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return t >>> 0
  }
}

/**
 * The stream of a seed and a name: what one part of a simulation draws does not move what another one gets.
 *
 * @example
 * ```ts
 * const random = createSimulatedRandom('1', 'weather')
 * random.chance(0.5)
 * ```
 */
export function createSimulatedRandom(seed: string, name: string): SimulatedRandom {
  const uint32 = sfc32(sha256(utf8Bytes(`${seed}\n${name}`)))
  const next = (): number => uint32() / 2 ** 32
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    bytes: length => {
      const out = new Uint8Array(length)
      for (let at = 0; at < length; at += 4) {
        const word = uint32()
        for (let byte = 0; byte < 4 && at + byte < length; byte++) out[at + byte] = word >>> (8 * byte)
      }
      return out
    },
    next,
    below,
    chance: probability => next() < probability,
    exponential: mean => -mean * Math.log(1 - next()),
    shuffled: items => {
      const out = [...items]
      for (let at = out.length - 1; at > 0; at--) {
        const other = below(at + 1)
        const [one, two] = [out[at], out[other]]
        if (one !== undefined && two !== undefined) [out[at], out[other]] = [two, one]
      }
      return out
    }
  }
}
