/**
 * Whether doubling the input takes at most three times the work. Both sizes are measured in turn, so that a busy machine slows
 * both, and the best of many turns counts; tried again while the machine is busy, so only work that really grows faster fails
 * every time.
 */
export function growsLinearly(run: (size: number) => () => unknown, size: number, attempts = 8): boolean {
  const [small, large] = [run(size), run(2 * size)]
  const timed = (work: () => unknown): number => {
    const from = performance.now()
    work()
    return performance.now() - from
  }
  for (let attempt = 0; attempt < attempts; attempt++) {
    const best = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY }
    for (let turn = 0; turn < 5; turn++) {
      best.small = Math.min(best.small, timed(small))
      best.large = Math.min(best.large, timed(large))
    }
    if (best.large <= 3 * best.small) return true
  }
  return false
}
