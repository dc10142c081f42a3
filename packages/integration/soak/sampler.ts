const everyMs = 5000

/** The line of least squares through the points: how much y grows with each x. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))]
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0)
  const under = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)
  return under === 0 ? 0 : over / under
}

/** Memory over time; its first half is warm-up: pools fill until the first envelopes expire. */
export function createSampler(minutes: number) {
  const points: [minute: number, bytes: number][] = []
  const began = Date.now()
  let next = began
  return {
    step: (): void => {
      if (Date.now() < next) return
      next = Date.now() + everyMs
      ;(globalThis as { readonly gc?: () => void }).gc?.()
      points.push([(Date.now() - began) / 60_000, process.memoryUsage().heapUsed])
    },
    finish: () => {
      const warm = points.filter(([minute]) => minute >= minutes / 2)
      const [, last = 0] = warm.at(-1) ?? []
      const perTenMinutes = slopeOf(warm) * 10
      return {
        heapMegabytes: Math.round(last / 2 ** 20),
        heapGrowthPercentPerTenMinutes: last === 0 ? 0 : Number(((100 * perTenMinutes) / last).toFixed(2)),
        peakResidentMegabytes: Math.round(process.resourceUsage().maxRSS / 1024)
      }
    }
  }
}
