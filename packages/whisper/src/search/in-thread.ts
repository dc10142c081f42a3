import { prepareNonceSearch } from '@status-stack/crypto'
import { timeSlicer } from '@status-stack/utils'
import type { Clock } from '../ports.ts'
import { powTargetBits } from '../pow.ts'
import type { PowEstimate, PowSearcher, SearchOptions } from './searcher.ts'

/** Nonces before the first look around: small targets are done by then. */
const firstBatch = 256
/** How long one batch may keep the thread, roughly. */
const batchMs = 8
const largestBatch = 1 << 20
/** Milliseconds between two progress reports. */
const progressMs = 50
/** Bytes hashed by the calibration, as for a small signed message. */
const calibrationLength = 324
const calibrationTries = 1024
const calibrationMs = 10

/** Grows batches until they take about `batchMs`, by the machine's own clock: a virtual one stands still meanwhile. */
function nextBatch(batch: number, tookMs: number): number {
  return tookMs < batchMs / 2
    ? Math.min(largestBatch, batch * 2)
    : tookMs > 2 * batchMs
      ? Math.max(16, batch >> 1)
      : batch
}

/** A part of the nonces. */
interface NonceRange {
  /** @default 0 */
  readonly firstNonce?: number
  /** @default no end */
  readonly mostNonces?: number
}

/** What the thread pool asks of the calling thread: a first part of the nonces, or the rest of them. */
export interface InThreadSearcher extends PowSearcher {
  readonly search: (
    prefix: Uint8Array,
    bits: number,
    options: SearchOptions & NonceRange
  ) => Promise<bigint | undefined>
}

/** Runs batches until `step` answers, the time is over or the signal fires. */
async function inBatches<T>(
  clock: Clock,
  options: SearchOptions & NonceRange,
  expected: number,
  step: (start: number, count: number) => T | undefined
): Promise<T | undefined> {
  const end = clock.nowMs() + options.timeMs
  const last = (options.firstNonce ?? 0) + (options.mostNonces ?? Number.MAX_SAFE_INTEGER / 2)
  let batch = firstBatch
  let reported = performance.now()
  for (let start = options.firstNonce ?? 0; start < last && clock.nowMs() < end; ) {
    options.signal?.throwIfAborted()
    const began = performance.now()
    const count = Math.min(batch, last - start)
    const found = step(start, count)
    if (found !== undefined) return found
    const now = performance.now()
    if (options.onProgress !== undefined && now - reported >= progressMs) {
      reported = now
      options.onProgress({ tries: start + count, expected })
    }
    start += count
    if (start < last) await timeSlicer.pause()
    batch = nextBatch(batch, now - began)
  }
  return undefined
}

/** Measures nonces per second on this thread, once its code is warm. */
function calibrate(): number {
  const search = prepareNonceSearch(new Uint8Array(calibrationLength - 8))
  const run = (): number => {
    const began = performance.now()
    for (let tries = 0; ; ) {
      search.search(256, tries, calibrationTries)
      tries += calibrationTries
      const ms = performance.now() - began
      if (ms >= calibrationMs) return (tries / ms) * 1000
    }
  }
  run()
  return run()
}

/** {@link PowEstimate} from a measured speed. */
export function estimateAt(triesPerSecond: number, target: number, size: number, ttlSeconds: number): PowEstimate {
  const bits = target > 0 ? powTargetBits(target, size - 20, ttlSeconds) : 0
  const tries = target > 0 ? 2 ** bits : 0
  return { bits, tries, triesPerSecond, averageMs: (tries / triesPerSecond) * 1000 }
}

/** A searcher that works between other tasks of the calling thread. */
export function createInThreadSearcher(clock: Clock): InThreadSearcher {
  let speed: number | undefined
  return {
    search: async (prefix, bits, options) => {
      const { search } = prepareNonceSearch(prefix)
      return inBatches(clock, options, 2 ** bits, (start, count) => {
        const nonce = search(bits, start, count)
        return nonce < 0 ? undefined : BigInt(nonce)
      })
    },
    best: async (prefix, options) => {
      const search = prepareNonceSearch(prefix)
      let best = { nonce: 0n, bits: search.bitsOf(0) }
      await inBatches(clock, options, Number.POSITIVE_INFINITY, (start, count) => {
        const better = search.search(best.bits + 1, start, count)
        if (better >= 0) {
          const found = search.best(start, count)
          if (found.bits > best.bits) best = found
        }
        return undefined
      })
      return best
    },
    estimate: async (target, size, ttlSeconds) => {
      speed ??= calibrate()
      return estimateAt(speed, target, size, ttlSeconds)
    },
    stop: async () => undefined
  }
}
