import { type CommandName, commandRows } from './command-table.ts'

/** The command that was meant by a name that does not exist: one that begins so, else one that differs by a slip. */
export function meantCommand(name: string): CommandName | undefined {
  const names = commandRows.map(([known]) => known)
  const longer = name.length < 2 ? undefined : names.find(known => known.startsWith(name))
  if (longer !== undefined) return longer
  const [nearest] = names
    .map(known => ({ known, distance: slips(name.toLowerCase(), known) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(name.length / 3))
    ? nearest.known
    : undefined
}

/** Letters left out, put in, exchanged or swapped with their neighbour that lead from one word to the other. */
function slips(from: string, to: string): number {
  let older: readonly number[] = []
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + same,
          swapped ? (older[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
        )
      )
    }
    older = row
    row = next
  }
  return row[to.length] ?? 0
}
