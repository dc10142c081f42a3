// Files that import each other in a circle, be it types alone: none of them can be read, moved or tested without the others.

/**
 * The circles of a graph, file → files that it imports: of every group of files that reach each other, one shortest circle through its
 * first file in alphabetical order. Imports of files that are not in the graph are passed over.
 */
export function circlesOf(imports) {
  const found = []
  const seen = new Set()
  for (const start of [...imports.keys()].sort()) {
    if (seen.has(start)) continue
    const circle = shortestCircle(imports, start)
    if (circle === undefined) continue
    found.push(circle)
    for (const file of groupOf(imports, start)) seen.add(file)
  }
  return found
}

/** The way from a file back to itself through the fewest files; `undefined` where there is none. */
function shortestCircle(imports, start) {
  const ways = new Map([[start, [start]]])
  for (const [file, way] of ways) {
    for (const target of imports.get(file) ?? []) {
      if (target === start) return way
      if (imports.has(target) && !ways.has(target)) ways.set(target, [...way, target])
    }
  }
  return undefined
}

/** All that a file reaches and that reaches it. */
function groupOf(imports, start) {
  const importers = new Map([...imports.keys()].map(file => [file, []]))
  for (const [file, targets] of imports) for (const target of targets) importers.get(target)?.push(file)
  const after = reachedFrom(imports, start)
  const before = reachedFrom(importers, start)
  return [...after].filter(file => before.has(file))
}

function reachedFrom(graph, start) {
  const reached = new Set([start])
  for (const file of reached) for (const target of graph.get(file) ?? []) if (graph.has(target)) reached.add(target)
  return reached
}
