/**
 * Whether doubling the input takes at most three times the work, measured side by side. Best of several runs, tried
 * again while the machine is busy with something else: only work that really grows faster fails every time.
 */
export function growsLinearly(run: (size: number) => () => unknown, size: number, attempts = 8): boolean {
  const [small, large] = [run(size), run(2 * size)]
  const best = (work: () => unknown): number => {
    let least = Number.POSITIVE_INFINITY
    for (let turn = 0; turn < 5; turn++) {
      const from = performance.now()
      work()
      least = Math.min(least, performance.now() - from)
    }
    return least
  }
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (best(large) <= 3 * best(small)) return true
  }
  return false
}
