/**
 * Whether doubling the input takes at most three times the work, in CPU time of this process, which other processes do not add to.
 * Both sizes are measured in turn, and the best of many turns counts; tried again, so that only work that really grows faster fails
 * every time.
 */
export function growsLinearly(run: (size: number) => () => unknown, size: number, attempts = 20): boolean {
  const [small, large] = [run(size), run(2 * size)]
  const timed = (work: () => unknown): number => {
    const from = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(from)
    return user + system
  }
  for (let attempt = 0; attempt < attempts; attempt++) {
    const best = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY }
    for (let turn = 0; turn < 9; turn++) {
      best.small = Math.min(best.small, timed(small))
      best.large = Math.min(best.large, timed(large))
    }
    if (best.large <= 3 * best.small) return true
  }
  return false
}
