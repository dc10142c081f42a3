/**
 * How many slips lead from one word to the other: letters left out, put in, exchanged or swapped with their neighbour. The work grows with
 * the product of both lengths.
 *
 * @example
 * ```ts
 * slipsBetween('lsit', 'list') // 1
 * ```
 */
export function slipsBetween(from: string, to: string): number {
  let older: readonly number[] = []
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const change = from[i - 1] === to[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + change,
          swapped ? (older[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
        )
      )
    }
    older = row
    row = next
  }
  return row[to.length] ?? 0
}
