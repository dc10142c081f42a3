import { monitorEventLoopDelay } from 'node:perf_hooks'

/** A whole collection stops its process: no more of them than the slope needs. */
const samples = 60
const leastEveryMs = 10_000

/** What a process was like while it worked. */
export interface SampledFacts {
  /** 99 % of the event-loop turns began within this time. */
  readonly delayP99Ms: number
  readonly delayMaxMs: number
  /** CPU time for each second, its collector and helpers included. */
  readonly coresUsed: number
  /** Heap and buffers after the last collection. */
  readonly memoryMegabytes: number
  readonly memoryGrowthPercentPerTenMinutes: number
  readonly peakResidentMegabytes: number
}

/** The line of least squares through the points: how much y grows with each x. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))]
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0)
  const under = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)
  return under === 0 ? 0 : over / under
}

export interface Sampler {
  readonly step: () => void
  readonly finish: () => SampledFacts
}

/** Watches its own process. The first half of the time is warm-up for the memory: pools fill until the first envelopes expire. */
export function createSampler(minutes: number): Sampler {
  const points: [minute: number, bytes: number][] = []
  const began = Date.now()
  const everyMs = Math.max(leastEveryMs, (minutes * 60_000) / samples)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const before = process.cpuUsage()
  let next = began
  delay.enable()
  return {
    step: () => {
      if (Date.now() < next) return
      next = Date.now() + everyMs
      ;(globalThis as { readonly gc?: () => void }).gc?.()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      points.push([(Date.now() - began) / 60_000, heapUsed + arrayBuffers])
    },
    finish: () => {
      delay.disable()
      const { user, system } = process.cpuUsage(before)
      const coresUsed = (user + system) / 1000 / (Date.now() - began)
      const warm = points.filter(([minute]) => minute >= minutes / 2)
      const [, last = 0] = warm.at(-1) ?? []
      const perTenMinutes = slopeOf(warm) * 10
      return {
        delayP99Ms: Math.round(delay.percentile(99) / 1e6),
        delayMaxMs: Math.round(delay.max / 1e6),
        coresUsed: Number(coresUsed.toFixed(2)),
        memoryMegabytes: Math.round(last / 2 ** 20),
        memoryGrowthPercentPerTenMinutes: last === 0 ? 0 : Number(((100 * perTenMinutes) / last).toFixed(2)),
        peakResidentMegabytes: Math.round(process.resourceUsage().maxRSS / 1024)
      }
    }
  }
}
