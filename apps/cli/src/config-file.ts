import type { SettingKind, SettingValue } from './setting-values.ts'

/** A value as it stands in the file. */
export function tomlValue(value: Exclude<SettingValue, undefined>): string {
  // A string of JSON is a basic string of TOML: both escape alike what may not stand there as it is.
  return typeof value === 'string'
    ? tomlString(value)
    : Array.isArray(value)
      ? `[${value.map(tomlString).join(', ')}]`
      : String(value)
}

// DEL is the one character that JSON leaves as it is and TOML does not take.
const tomlString = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\u007F')

type Parse = (text: string) => unknown

/**
 * The text of a settings file with one setting changed, or taken out where `value` is undefined: every other line, comments among
 * them, stays as it was. In the table of a profile where `profile` is given.
 *
 * @param parse reads TOML; it decides where a value ends, and whether the outcome is what was meant
 * @returns undefined where the file is written in a way that cannot be changed without guessing
 */
export function withSetting(
  text: string,
  {
    key,
    profile,
    value
  }: { readonly key: string; readonly profile?: string | undefined; readonly value: SettingValue },
  parse: Parse
): string | undefined {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const [begin, end] = sectionOf(lines, profile)
  const entry = value === undefined ? [] : [`${key} = ${tomlValue(value)}`]
  const found = begin === -1 ? undefined : entryOf(lines, begin, end, key, parse)
  let changed: string[]
  if (found !== undefined)
    changed = lines.toSpliced(found.at, found.length, ...withComments(entry, lines, found, parse))
  else if (value === undefined) return text
  else if (begin === -1)
    changed = [...lines, ...(lines.length > 0 ? [''] : []), `[profiles.${tableKey(profile ?? '')}]`, ...entry]
  else changed = lines.toSpliced(lastOf(lines, begin, end), 0, ...entry)
  const result = changed.length === 0 ? '' : `${changed.join('\n')}\n`
  return isMeant(text, result, { key, profile, value }, parse) ? result : undefined
}

const tableKey = (name: string): string => (/^[A-Za-z0-9_-]+$/.test(name) ? name : tomlString(name))

/** The lines of the top, or of the table of a profile: from `begin` up to `end`. -1 where there is no such table. */
function sectionOf(lines: readonly string[], profile: string | undefined): readonly [number, number] {
  const headers = lines.flatMap((line, at) => (/^\s*\[/.test(line) ? [at] : []))
  if (profile === undefined) return [0, headers[0] ?? lines.length]
  const names = [`[profiles.${tableKey(profile)}]`, `[profiles.${tomlString(profile)}]`]
  const header = headers.find(at => names.includes((lines[at] ?? '').replace(/\s*#.*$/, '').trim()))
  if (header === undefined) return [-1, -1]
  return [header + 1, headers.find(at => at > header) ?? lines.length]
}

/** Where a setting stands, and over how many lines: as many as its value needs to be one. */
function entryOf(lines: readonly string[], begin: number, end: number, key: string, parse: Parse) {
  const at = lines.findIndex((line, index) => index >= begin && index < end && keyOf(line) === key)
  if (at === -1) return undefined
  for (let length = 1; at + length <= lines.length; length++) {
    try {
      parse(lines.slice(at, at + length).join('\n'))
      return { at, length }
    } catch {
      // The value goes on in the next line.
    }
  }
  return undefined
}

/** What takes the place of an entry, with its comments: the one behind its end stays there, those between its lines come above. */
function withComments(
  entry: readonly string[],
  lines: readonly string[],
  { at, length }: { readonly at: number; readonly length: number },
  parse: Parse
): readonly string[] {
  const old = lines.slice(at, at + length)
  const comments = old.map((_, index) => commentOf(old, index, parse))
  const behind = comments.pop() ?? ''
  const above = comments.filter(comment => comment !== '').map(comment => comment.trim())
  const [value] = entry
  // What is taken out takes along what was said of it.
  if (value === undefined) return []
  return [...above, `${value}${behind}`]
}

/** The comment of one line, with the blanks in front of it: the longest end that changes nothing when it is left out. */
function commentOf(entry: readonly string[], index: number, parse: Parse): string {
  const line = entry[index] ?? ''
  const meaning = canonical(parse(entry.join('\n')))
  for (let at = line.indexOf('#'); at !== -1; at = line.indexOf('#', at + 1)) {
    const start = line.slice(0, at).trimEnd().length
    try {
      if (canonical(parse(entry.with(index, line.slice(0, start)).join('\n'))) === meaning) return line.slice(start)
    } catch {
      // It stands in a text.
    }
  }
  return ''
}

const keyOf = (line: string): string | undefined =>
  /^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*=/
    .exec(line)
    ?.slice(1)
    .find(part => part !== undefined)

/** Behind the last line of a section that says something: comments below it belong to the table that follows. */
function lastOf(lines: readonly string[], begin: number, end: number): number {
  let last = end
  while (last > begin && /^\s*(#|$)/.test(lines[last - 1] ?? '')) last--
  return last
}

/** Whether the outcome says the same as before but for the one setting. */
function isMeant(
  before: string,
  after: string,
  {
    key,
    profile,
    value
  }: { readonly key: string; readonly profile?: string | undefined; readonly value: SettingValue },
  parse: Parse
): boolean {
  try {
    const wanted = parse(before) as Record<string, unknown>
    const tables = (wanted['profiles'] ?? {}) as Record<string, Record<string, unknown>>
    const table = profile === undefined ? wanted : (tables[profile] ?? {})
    if (value === undefined) delete table[key]
    else table[key] = value
    if (profile !== undefined) {
      tables[profile] = table
      wanted['profiles'] = tables
    }
    return canonical(parse(after)) === canonical(wanted)
  } catch {
    return false
  }
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner
  )

/** A file with every setting, each a comment that says what it is for, what fits and what is so without it. */
export function configTemplate(kinds: Readonly<Record<string, SettingKind<SettingValue>>>): string {
  const entries = Object.values(kinds).map(({ key, help, expected, fallback, variable }) =>
    [
      `# ${help}`,
      `# ${expected}; ${variable}`,
      `#${key} = ${fallback === undefined ? '' : tomlValue(fallback)}`.trimEnd()
    ].join('\n')
  )
  return [
    '# Settings of status-stack: take away the # in front of those that you change. A flag wins over a variable, that over this file.',
    ...entries,
    '# What holds for one profile alone stands in a table of its own, behind everything else:\n#[profiles.work]\n#peers = []'
  ].join('\n\n')
}
