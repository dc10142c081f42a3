import { prepareNonceSearch } from '@status-stack/crypto'
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
const calibrationTries = 2048

/** One turn of the event loop, so that a search does not stop everything else. */
function breathe(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0))
}

/** Grows batches until they take about `batchMs`, by the machine's own clock: a virtual one stands still meanwhile. */
function nextBatch(batch: number, tookMs: number): number {
  return tookMs < batchMs / 2
    ? Math.min(largestBatch, batch * 2)
    : tookMs > 2 * batchMs
      ? Math.max(16, batch >> 1)
      : batch
}

/** Runs batches until `step` answers, the time is over or the signal fires. */
async function inBatches<T>(
  clock: Clock,
  options: SearchOptions,
  expected: number,
  step: (start: number, count: number) => T | undefined
): Promise<T | undefined> {
  const end = clock.nowMs() + options.timeMs
  let batch = firstBatch
  let reported = performance.now()
  for (let start = 0; clock.nowMs() < end; start += batch) {
    options.signal?.throwIfAborted()
    const began = performance.now()
    const found = step(start, batch)
    if (found !== undefined) return found
    const now = performance.now()
    if (options.onProgress !== undefined && now - reported >= progressMs) {
      reported = now
      options.onProgress({ tries: start + batch, expected })
    }
    await breathe()
    const next = nextBatch(batch, now - began)
    start += batch - next
    batch = next
  }
  return undefined
}

/** Tries a second of this thread. */
export function calibrate(): number {
  const search = prepareNonceSearch(new Uint8Array(calibrationLength - 8))
  search.search(256, 0, calibrationTries)
  const began = performance.now()
  search.search(256, 0, calibrationTries)
  return calibrationTries / Math.max(1e-3, (performance.now() - began) / 1000)
}

/** {@link PowEstimate} from a measured speed. */
export function estimateAt(triesPerSecond: number, target: number, size: number, ttlSeconds: number): PowEstimate {
  const bits = target > 0 ? powTargetBits(target, size - 20, ttlSeconds) : 0
  const tries = target > 0 ? 2 ** bits : 0
  return { bits, tries, triesPerSecond, averageMs: (tries / triesPerSecond) * 1000 }
}

/** A searcher that works between other tasks of the calling thread. */
export function createInThreadSearcher(clock: Clock): PowSearcher {
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
