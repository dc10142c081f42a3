import { CommandLineError } from '../errors.ts'
import { closest } from '../usage.ts'
import type { SettingKind, SettingKinds, SettingValue, ValuesOf } from './kinds.ts'

/** Where a value came from, strongest first. */
export type Origin = 'flag' | 'environment' | 'file' | 'default'

/** What a program says of its settings. */
export interface SettingsPlan<Kinds extends SettingKinds> {
  readonly kinds: Kinds
  /** What its variables begin with. */
  readonly prefix: string
  /** Variables that are no settings of their own. */
  readonly otherVariables: readonly string[]
  /** `[table.NAME]` of the file holds where the setting `chosenBy` is NAME, and wins over what stands above the tables. */
  readonly sections: { readonly table: string; readonly chosenBy: keyof Kinds & string }
  /** How a person sees which settings there are: `tool config show lists them`. */
  readonly listing: string
}

/** Settings in force. */
export interface Resolved<Kinds extends SettingKinds> {
  readonly values: ValuesOf<Kinds>
  readonly origins: Readonly<Record<keyof Kinds, Origin>>
}

/** Where settings come from. */
export interface SettingSources {
  /** What flags say, by the names of the settings in code. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Path of the settings file: errors name it. */
  readonly file: string
  /** What is in it; undefined where there is none. */
  readonly text: string | undefined
}

type Table = Readonly<Record<string, unknown>>

/**
 * The settings of a program: a flag wins over the variable of the environment, that over the file, and the file over the default.
 *
 * @example
 * ```ts
 * import { createSettings, setting, text } from '@status-stack/command-line/settings'
 *
 * const profile = setting<string>({
 *   fallback: 'default',
 *   variable: 'TOOL_PROFILE',
 *   key: 'profile',
 *   help: 'which one',
 *   parse: text,
 *   expected: 'a name'
 * })
 * const settings = createSettings({
 *   kinds: { profile },
 *   prefix: 'TOOL_',
 *   otherVariables: [],
 *   sections: { table: 'profiles', chosenBy: 'profile' },
 *   listing: 'tool config show lists them'
 * })
 * const { values } = await settings.resolve({ flags: {}, environment: {}, file: 'tool.toml', text: 'profile = "work"' })
 * ```
 */
export function createSettings<const Kinds extends SettingKinds>(plan: SettingsPlan<Kinds>) {
  const { kinds, prefix, otherVariables, sections } = plan
  const rows: readonly SettingKind<SettingValue>[] = Object.values(kinds)
  const section = (table: Table, name: string, file: string): Table => {
    const own = subTable(table, sections.table, name, file)
    for (const key of Object.keys(own)) {
      if (!rows.some(row => row.key === key)) throw unknownKey(`${file}: [${sections.table}.${name}] `, key, plan)
    }
    return own
  }

  return {
    /** The row of the setting that has this key in the file. @throws CommandLineError `config` */
    kindOf: (key: string): SettingKind<SettingValue> => {
      const kind = rows.find(row => row.key === key)
      if (kind === undefined) throw unknownKey('', key, plan)
      return kind
    },

    /** @throws CommandLineError `config` naming the key and what was expected */
    resolve: async ({ flags, environment, file, text }: SettingSources): Promise<Resolved<Kinds>> => {
      const table = text === undefined ? {} : await parseTable(text, file, plan)
      const values: Record<string, SettingValue> = {}
      const origins: Record<string, Origin> = {}
      let own: Table = {}
      for (const [name, kind] of Object.entries(kinds)) {
        const [origin, raw] = lookUp(flags[name], kind, environment, own, table)
        const value = origin === 'flag' ? (raw as SettingValue) : origin === 'default' ? kind.fallback : kind.parse(raw)
        if (value === undefined && origin !== 'default')
          throw misfit(origin === 'file' ? `${file}: ${kind.key}` : kind.variable, raw, kind)
        values[name] = value
        origins[name] = origin
        if (name === sections.chosenBy) own = section(table, String(value), file)
      }
      return { values: values as ValuesOf<Kinds>, origins: origins as Record<keyof Kinds, Origin> }
    },

    /** Reads a settings file as a whole, every section of it. @throws CommandLineError `config` */
    check: async (text: string, file: string): Promise<void> => {
      const table = await parseTable(text, file, plan)
      const tables = table[sections.table] ?? {}
      if (!isTable(tables)) throw new CommandLineError('config', `${file}: ${sections.table} is not a table`)
      for (const one of [table, ...Object.keys(tables).map(name => section(table, name, file))]) {
        for (const kind of rows) {
          const raw = one[kind.key]
          if (raw !== undefined && kind.parse(raw) === undefined) throw misfit(`${file}: ${kind.key}`, raw, kind)
        }
      }
    },

    /** Variables that look like ours and are not read: slips, with what was probably meant. Their values are not looked at. */
    unknownVariables: (
      environment: SettingSources['environment']
    ): readonly { readonly name: string; readonly meant: string | undefined }[] => {
      const known = [...rows.map(({ variable }) => variable), ...otherVariables]
      return Object.keys(environment)
        .filter(name => name.startsWith(prefix) && !known.includes(name))
        .map(name => ({ name, meant: closest(name, known) }))
    }
  }
}

function lookUp(
  flag: unknown,
  { variable, key }: SettingKind<SettingValue>,
  environment: SettingSources['environment'],
  own: Table,
  table: Table
): readonly [Origin, unknown] {
  if (flag !== undefined) return ['flag', flag]
  if (environment[variable] !== undefined && environment[variable] !== '') return ['environment', environment[variable]]
  if (own[key] !== undefined) return ['file', own[key]]
  if (table[key] !== undefined) return ['file', table[key]]
  return ['default', undefined]
}

const misfit = (place: string, raw: unknown, kind: SettingKind<SettingValue>): CommandLineError =>
  new CommandLineError('config', `${place}: expected ${kind.expected}${wrongEntry(raw, kind)}`)

/** Which entry of a list does not fit. What it holds is not repeated: it may be a password. */
function wrongEntry(raw: unknown, kind: SettingKind<SettingValue>): string {
  const list = typeof raw === 'string' ? raw.split(/[\s,]+/).filter(part => part !== '') : raw
  if (!Array.isArray(list) || !Array.isArray(kind.fallback)) return ''
  const at = list.findIndex(entry => kind.parse([entry]) === undefined)
  return at === -1 ? '' : `; entry ${at + 1} does not fit`
}

async function parseTable(
  text: string,
  file: string,
  plan: Pick<SettingsPlan<SettingKinds>, 'kinds' | 'sections' | 'listing'>
): Promise<Table> {
  // A run without a file does not load it.
  const { parse } = await import('smol-toml')
  let table: Table
  try {
    table = parse(text)
  } catch (error) {
    throw notToml(file, error)
  }
  const known = new Set<string>([...Object.values(plan.kinds).map(({ key }) => key), plan.sections.table])
  for (const key of Object.keys(table)) if (!known.has(key)) throw unknownKey(`${file}: `, key, plan)
  return table
}

function unknownKey(
  place: string,
  key: string,
  { kinds, sections, listing }: Pick<SettingsPlan<SettingKinds>, 'kinds' | 'sections' | 'listing'>
): CommandLineError {
  const keys = Object.values(kinds).map(row => row.key)
  const meant = closest(key, place === '' ? keys : [...keys, sections.table])
  const hint = meant === undefined ? listing : `did you mean ${meant}?`
  return new CommandLineError('config', `${place}there is no setting named ${key}`, hint)
}

function notToml(file: string, error: unknown): CommandLineError {
  const sentence = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not TOML'
  const { line, column } = error as { readonly line?: unknown; readonly column?: unknown }
  const place = typeof line === 'number' && typeof column === 'number' ? `:${line}:${column}` : ''
  return new CommandLineError('config', `${file}${place}: ${sentence}`)
}

function subTable(table: Table, group: string, name: string, file: string): Table {
  const tables = table[group]
  if (tables === undefined) return {}
  const inner = isTable(tables) ? tables[name] : undefined
  if (inner === undefined && isTable(tables)) return {}
  if (!isTable(inner)) throw new CommandLineError('config', `${file}: [${group}.${name}] is not a table`)
  return inner
}

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value)
