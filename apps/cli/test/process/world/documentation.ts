import { readFileSync } from 'node:fs'

/** Event → its fields, as docs/json-output.md has them: a heading names events, the rows below it fields. */
function documented(): ReadonlyMap<string, ReadonlySet<string>> {
  const text = readFileSync(new URL('../../../docs/json-output.md', import.meta.url), 'utf8')
  const events = new Map<string, Set<string>>()
  let current: Set<string>[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      current = [...line.matchAll(/`([^`]+)`/g)].map(([, name = '']) => {
        const fields = events.get(name) ?? new Set()
        events.set(name, fields)
        return fields
      })
    }
    const cell = /^\| ([^|]+) \|/.exec(line)?.[1] ?? ''
    for (const [, field = ''] of cell.matchAll(/`([^`]+)`/g)) for (const fields of current) fields.add(field)
  }
  return events
}

/** A field, and for lists and objects what is in them: `legs[].state`. A row `tree.*` stands for all below it. */
function pathsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return [path, ...value.flatMap(one => pathsOf(one, `${path}[]`))]
  if (typeof value !== 'object' || value === null) return [path.replace(/\[\]$/, '')]
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, `${path}.${name}`))
}

const events = documented()

/** The events and fields of these lines that the documentation does not have. */
export function undocumented(lines: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const missing = new Set<string>()
  for (const { event, format: _format, ...fields } of lines) {
    const known = events.get(String(event))
    if (known === undefined) missing.add(String(event))
    else
      for (const [name, value] of Object.entries(fields))
        for (const path of pathsOf(value, name)) if (!covers(known, path)) missing.add(`${String(event)} ${path}`)
  }
  return [...missing]
}

function covers(known: ReadonlySet<string>, path: string): boolean {
  if (known.has(path) || known.has('*')) return true
  const above = path.split(/\.|\[\]/)
  return above.some((_, count) => known.has(`${above.slice(0, count + 1).join('.')}.*`))
}
