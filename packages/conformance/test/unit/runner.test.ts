import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Every module that the entry loads from this package. */
function graphOf(entry: URL, seen = new Map<string, string>()): ReadonlyMap<string, string> {
  if (seen.has(entry.href)) return seen
  const text = readFileSync(entry, 'utf8')
  seen.set(entry.href, text)
  for (const [, path = ''] of text.matchAll(/from '(\.[^']+)'/g)) graphOf(new URL(path, entry), seen)
  return seen
}

test('the entry ./runner needs no file system and no implementation', () => {
  const graph = graphOf(new URL('../../src/runner.ts', import.meta.url))
  expect(graph.size).toBeGreaterThan(5)
  for (const [href, text] of graph) {
    expect(href).not.toMatch(/\.node\.ts$|\/adapters\//)
    const packages = [...text.matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name)
    expect(packages.filter(name => name !== '@status-stack/vectors')).toEqual([])
  }
})
