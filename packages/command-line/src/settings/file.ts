import { parse } from 'smol-toml'
import type { SettingValue } from './kinds.ts'
import { tomlString, tomlValue } from './toml.ts'

/** A table of tables, and the name of one in it: `[profiles.work]`. */
export interface Section {
  readonly table: string
  readonly name: string
}

/** What is to be changed in a settings file. */
export interface SettingChange {
  readonly key: string
  /** Where it stands; above all tables without. */
  readonly section?: Section | undefined
  /** Undefined takes it out. */
  readonly value: SettingValue
}

/**
 * The text of a settings file with one setting changed, or taken out: every other line, comments among them, stays as it was. The parser
 * decides where a value ends, and whether the outcome is what was meant.
 *
 * @returns undefined where the file is written in a way that cannot be changed without guessing
 * @example
 * ```ts
 * import { withSetting } from '@status-stack/command-line/settings-file'
 *
 * withSetting('timeout = 20 # seconds\n', { key: 'timeout', value: 30 }) // 'timeout = 30 # seconds\n'
 * ```
 */
export function withSetting(text: string, { key, section, value }: SettingChange): string | undefined {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const [begin, end] = sectionOf(lines, section)
  const entry = value === undefined ? [] : [`${key} = ${tomlValue(value)}`]
  const found = begin === -1 ? undefined : entryOf(lines, begin, end, key)
  let changed: string[]
  if (found !== undefined) changed = lines.toSpliced(found.at, found.length, ...withComments(entry, lines, found))
  else if (value === undefined) return text
  else if (begin === -1)
    changed = [
      ...lines,
      ...(lines.length > 0 ? [''] : []),
      ...(section === undefined ? [] : [headerOf(section)]),
      ...entry
    ]
  else changed = lines.toSpliced(lastOf(lines, begin, end), 0, ...entry)
  const result = changed.length === 0 ? '' : `${changed.join('\n')}\n`
  return isMeant(text, result, { key, section, value }) ? result : undefined
}

const tableKey = (name: string): string => (/^[A-Za-z0-9_-]+$/.test(name) ? name : tomlString(name))

const headerOf = ({ table, name }: Section): string => `[${table}.${tableKey(name)}]`

/** The lines of the top, or of a table: from `begin` up to `end`. -1 where there is no such table. */
function sectionOf(lines: readonly string[], section: Section | undefined): readonly [number, number] {
  const headers = lines.flatMap((line, at) => (/^\s*\[/.test(line) ? [at] : []))
  if (section === undefined) return [0, headers[0] ?? lines.length]
  const names = [headerOf(section), `[${section.table}.${tomlString(section.name)}]`]
  const header = headers.find(at => names.includes((lines[at] ?? '').replace(/\s*#.*$/, '').trim()))
  if (header === undefined) return [-1, -1]
  return [header + 1, headers.find(at => at > header) ?? lines.length]
}

/** Where a setting stands, and over how many lines: as many as its value needs to be one. */
function entryOf(lines: readonly string[], begin: number, end: number, key: string) {
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
  { at, length }: { readonly at: number; readonly length: number }
): readonly string[] {
  const old = lines.slice(at, at + length)
  const comments = old.map((_, index) => commentOf(old, index))
  const behind = comments.pop() ?? ''
  const above = comments.filter(comment => comment !== '').map(comment => comment.trim())
  const [value] = entry
  // What is taken out takes along what was said of it.
  if (value === undefined) return []
  return [...above, `${value}${behind}`]
}

/** The comment of one line, with the blanks in front of it: the longest end that changes nothing when it is left out. */
function commentOf(entry: readonly string[], index: number): string {
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
function isMeant(before: string, after: string, { key, section, value }: SettingChange): boolean {
  try {
    const wanted: Record<string, unknown> = parse(before)
    const tables =
      section === undefined ? {} : ((wanted[section.table] ?? {}) as Record<string, Record<string, unknown>>)
    const table = section === undefined ? wanted : (tables[section.name] ?? {})
    if (value === undefined) delete table[key]
    else table[key] = value
    if (section !== undefined) {
      tables[section.name] = table
      wanted[section.table] = tables
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
