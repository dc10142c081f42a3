import { monitorEventLoopDelay } from 'node:perf_hooks'

/** A whole collection stops its process: no more of them than the slope needs. */
const samples = 120
const leastEveryMs = 5000
/** By then everything that is bounded is full: pools, what is remembered of the expired, the messages of a chat. */
const warmMinutes = 5

/** How a figure went over the time after the warm-up. */
export interface Course {
  readonly mean: number
  readonly last: number
  readonly most: number
  /** Slope of the line of least squares, of the mean. */
  readonly growthPercentPerTenMinutes: number
}

/** What a process was like while it worked. */
export interface SampledFacts {
  /** 99 % of the event-loop turns began within this time, 10 ms of which are the interval of the measurement. */
  readonly delayP99Ms: number
  readonly delayMaxMs: number
  /** CPU time for each second, its collector and helpers included. */
  readonly coresUsed: number
  /** Heap and what it holds outside, megabytes, after a collection. */
  readonly memory: Course
  /** Megabytes. */
  readonly resident: Course
  /** What was under way at the same moments. */
  readonly backlog: Course
  /** Minutes that the three leave out. */
  readonly warmMinutes: number
  /** Heap and what it holds outside before the work began, megabytes, after a collection. */
  readonly memoryBefore: number
}

interface Point {
  readonly minute: number
  readonly memory: number
  readonly resident: number
  readonly backlog: number
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The line of least squares through the points: how much y grows with each x. */
function slopeOf(xs: readonly number[], ys: readonly number[]): number {
  const [x, y] = [mean(xs), mean(ys)]
  const over = xs.reduce((sum, at, i) => sum + (at - x) * ((ys[i] ?? y) - y), 0)
  const under = xs.reduce((sum, at) => sum + (at - x) ** 2, 0)
  return under === 0 ? 0 : over / under
}

function courseOf(points: readonly Point[], of: (point: Point) => number): Course {
  const values = points.map(of)
  const level = mean(values)
  const minutes = points.map(({ minute }) => minute)
  return {
    mean: Number(level.toFixed(1)),
    last: Number((values.at(-1) ?? 0).toFixed(1)),
    most: Number(Math.max(...values).toFixed(1)),
    growthPercentPerTenMinutes: level === 0 ? 0 : Number(((1000 * slopeOf(minutes, values)) / level).toFixed(2))
  }
}

const megabyte = 2 ** 20

/** Megabytes that are in use. */
export function memoryNow(): number {
  ;(globalThis as { readonly gc?: () => void }).gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return Number(((heapUsed + external) / megabyte).toFixed(1))
}

export interface Sampler {
  readonly step: () => void
  readonly finish: () => SampledFacts
}

/**
 * Watches its own process.
 *
 * @param backlog what waits at the moment. Memory that grows with it is not leaked
 */
export function createSampler(minutes: number, backlog: () => number): Sampler {
  const points: Point[] = []
  const memoryBefore = memoryNow()
  const began = Date.now()
  const everyMs = Math.max(leastEveryMs, (minutes * 60_000) / samples)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const before = process.cpuUsage()
  let next = began + everyMs
  delay.enable()
  return {
    step: () => {
      if (Date.now() < next) return
      next = Date.now() + everyMs
      const memory = memoryNow()
      const resident = process.memoryUsage.rss() / megabyte
      points.push({ minute: (Date.now() - began) / 60_000, memory, resident, backlog: backlog() })
    },
    finish: () => {
      delay.disable()
      const { user, system } = process.cpuUsage(before)
      const coresUsed = (user + system) / 1000 / (Date.now() - began)
      const warm = Math.min(warmMinutes, minutes / 2)
      const after = points.filter(({ minute }) => minute >= warm)
      return {
        delayP99Ms: Number((delay.percentile(99) / 1e6).toFixed(1)),
        delayMaxMs: Math.round(delay.max / 1e6),
        coresUsed: Number(coresUsed.toFixed(2)),
        memory: courseOf(after, ({ memory }) => memory),
        resident: courseOf(after, ({ resident }) => resident),
        backlog: courseOf(after, point => point.backlog),
        warmMinutes: warm,
        memoryBefore
      }
    }
  }
}
