// Fields of a case by pattern: `topic`, `steps[].plaintext`, `keys.*.address`. Exact paths are spelled the same way, with an
// index or a name: `steps[3].plaintext`.

/** One field of a case. */
export interface Spot {
  readonly path: string
  readonly value: unknown
}

interface Holder {
  readonly path: string
  readonly holder: Record<string | number, unknown>
  readonly key: string | number
}

const segmentsOf = (pattern: string): readonly string[] => pattern.replaceAll('[]', '.[]').split('.')

function* holdersOf(value: unknown, segments: readonly string[], path = ''): Generator<Holder> {
  const [segment = '', ...rest] = segments
  if (typeof value !== 'object' || value === null) return
  const holder = value as Record<string | number, unknown>
  for (const key of keysOf(holder, segment)) {
    const at = segment === '[]' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${key}`
    if (rest.length === 0) yield { path: at, holder, key }
    else yield* holdersOf(holder[key], rest, at)
  }
}

function keysOf(holder: object, segment: string): readonly (string | number)[] {
  if (segment === '[]') return Array.isArray(holder) ? [...holder.keys()] : []
  if (segment === '*') return Array.isArray(holder) ? [] : Object.keys(holder)
  return Object.hasOwn(holder, segment) ? [segment] : []
}

/** The fields that a pattern means in this case: none, one or many. */
export function spotsOf(value: unknown, pattern: string): readonly Spot[] {
  return [...holdersOf(value, segmentsOf(pattern))].map(({ path, holder, key }) => ({ path, value: holder[key] }))
}

/** A copy without the fields that the patterns mean. */
export function without<T>(value: T, patterns: readonly string[]): T {
  const copy = structuredClone(value)
  for (const pattern of patterns) {
    for (const { holder, key } of [...holdersOf(copy, segmentsOf(pattern))]) delete holder[key]
  }
  return copy
}
