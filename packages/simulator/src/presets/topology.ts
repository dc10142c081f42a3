import type { SimulatedRandom } from '../random.ts'

/** Pairs of a random graph in which every node has `degree` neighbours, as nearly as chance lets it, and all are connected. */
export function randomGraph(
  random: SimulatedRandom,
  nodes: number,
  degree: number
): readonly (readonly [number, number])[] {
  const neighbours = Array.from({ length: nodes }, () => new Set<number>())
  const pairs: (readonly [number, number])[] = []
  const add = (a: number, b: number): void => {
    if (a === b || neighbours[a]?.has(b) === true) return
    neighbours[a]?.add(b)
    neighbours[b]?.add(a)
    pairs.push([a, b])
  }
  // A ring through everybody keeps the graph in one piece.
  const ring = random.shuffled(Array.from({ length: nodes }, (_, at) => at))
  for (const [at, node] of ring.entries()) add(node, ring[(at + 1) % nodes] ?? 0)
  for (let tries = 0; tries < 20; tries++) {
    const open = random.shuffled(
      neighbours.flatMap((set, node) => Array.from({ length: Math.max(0, degree - set.size) }, () => node))
    )
    for (let at = 0; at + 1 < open.length; at += 2) add(open[at] ?? 0, open[at + 1] ?? 0)
  }
  return pairs
}
