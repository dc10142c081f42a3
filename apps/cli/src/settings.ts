import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from './errors.ts'
import { readTextFile } from './files.ts'
import { xdgFolder } from './folders.ts'
import { limits } from './limits.ts'
import { settingKinds } from './setting-kinds.ts'
import type { SettingKind, SettingValue } from './setting-values.ts'
import { closest } from './usage.ts'

/** Where a value came from, strongest first. */
export type Origin = 'flag' | 'environment' | 'file' | 'default'

export type SettingName = keyof typeof settingKinds
export type Settings = {
  readonly [K in SettingName]: (typeof settingKinds)[K] extends SettingKind<infer T> ? T : never
}

export interface ResolvedSettings {
  readonly values: Settings
  readonly origins: Readonly<Record<SettingName, Origin>>
  /** The file that was looked for, whether or not it exists. */
  readonly file: string
}

/** `$STATUS_STACK_CONFIG`, else `$XDG_CONFIG_HOME/status-stack/config.toml`, else `~/.config/…`. */
function configFile(environment: NodeJS.ProcessEnv): string {
  return (
    environment['STATUS_STACK_CONFIG'] || join(xdgFolder('XDG_CONFIG_HOME', environment), 'status-stack', 'config.toml')
  )
}

/**
 * Flag over environment over file over default; in the file `[profiles.NAME]` over the top. `parseToml` is handed in so
 * that a run without a file need not load it.
 * @throws CliError `config` naming the key and what was expected
 */
export async function resolveSettings(
  flags: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv,
  { ignoreFile = false }: { readonly ignoreFile?: boolean } = {}
): Promise<ResolvedSettings> {
  const file = configFile(environment)
  const table = ignoreFile ? {} : await readConfig(file)
  const values: Record<string, SettingValue> = {}
  const origins: Record<string, Origin> = {}
  let profileTable: Readonly<Record<string, unknown>> = {}
  for (const [name, kind] of Object.entries(settingKinds) as [SettingName, SettingKind<SettingValue>][]) {
    const [origin, raw] = lookUp(name, kind)
    const value = origin === 'flag' ? (raw as SettingValue) : origin === 'default' ? kind.fallback : kind.parse(raw)
    if (value === undefined && origin !== 'default') {
      const place = origin === 'file' ? `${file}: ${kind.key}` : kind.variable
      throw new CliError('usage', 'config', `${place}: expected ${kind.expected}${wrongEntry(raw, kind)}`)
    }
    values[name] = value
    origins[name] = origin
    if (name === 'profile') profileTable = subTable(table, 'profiles', String(value), file)
  }
  return { values: values as Settings, origins: origins as Record<SettingName, Origin>, file }

  function lookUp(name: SettingName, kind: SettingKind<SettingValue>): [Origin, unknown] {
    if (flags[name] !== undefined) return ['flag', flags[name]]
    if (environment[kind.variable] !== undefined && environment[kind.variable] !== '')
      return ['environment', environment[kind.variable]]
    if (profileTable[kind.key] !== undefined) return ['file', profileTable[kind.key]]
    if (table[kind.key] !== undefined) return ['file', table[kind.key]]
    return ['default', undefined]
  }
}

/** Which entry of a list does not fit. What it holds is not repeated: it may be a mailserver's password. */
function wrongEntry(raw: unknown, kind: SettingKind<SettingValue>): string {
  const list = typeof raw === 'string' ? raw.split(/[\s,]+/).filter(part => part !== '') : raw
  if (!Array.isArray(list) || !Array.isArray(kind.fallback)) return ''
  const at = list.findIndex(entry => kind.parse([entry]) === undefined)
  return at === -1 ? '' : `; entry ${at + 1} does not fit`
}

const prefix = 'STATUS_STACK_'
/** Variables that are no settings of their own. */
const otherVariables = [`${prefix}CONFIG`, `${prefix}PASSWORD`, `${prefix}POSTGRES_URL`]

/** Variables that look like ours and are not read: slips, with what was probably meant. Their values are not looked at. */
export function unknownVariables(
  environment: NodeJS.ProcessEnv
): readonly { readonly name: string; readonly meant: string | undefined }[] {
  const known = [...Object.values(settingKinds).map(({ variable }) => variable), ...otherVariables]
  return Object.keys(environment)
    .filter(name => name.startsWith(prefix) && !known.includes(name))
    .map(name => ({ name, meant: closest(name, known) }))
}

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(file)) return {}
  const text = await readTextFile(file, { what: 'the settings file', maxBytes: limits.configBytes, code: 'config' })
  return parseTable(text, file)
}

/** Reads a settings file as a whole: that of every profile as well. @throws CliError `config` */
export async function parseSettings(text: string, file: string): Promise<void> {
  const table = await parseTable(text, file)
  const tables = table['profiles'] ?? {}
  if (!isRecord(tables)) throw new CliError('usage', 'config', `${file}: profiles is not a table`)
  for (const one of [table, ...Object.keys(tables).map(name => subTable(table, 'profiles', name, file))]) {
    for (const kind of Object.values<SettingKind<SettingValue>>(settingKinds)) {
      const raw = one[kind.key]
      if (raw === undefined || kind.parse(raw) !== undefined) continue
      throw new CliError('usage', 'config', `${file}: ${kind.key}: expected ${kind.expected}${wrongEntry(raw, kind)}`)
    }
  }
}

async function parseTable(text: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const { parse } = await import('smol-toml')
  let table: Readonly<Record<string, unknown>>
  try {
    table = parse(text)
  } catch (error) {
    throw notToml(file, error)
  }
  const known = new Set<string>([...Object.values(settingKinds).map(kind => kind.key), 'profiles'])
  for (const key of Object.keys(table)) {
    if (!known.has(key))
      throw new CliError(
        'usage',
        'config',
        `${file}: there is no setting named ${key}`,
        closest(key, [...known]) === undefined
          ? 'status-stack config show lists them'
          : `did you mean ${closest(key, [...known])}?`
      )
  }
  return table
}

function notToml(file: string, error: unknown): CliError {
  const sentence = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not TOML'
  const { line, column } = error as { readonly line?: unknown; readonly column?: unknown }
  const place = typeof line === 'number' && typeof column === 'number' ? `:${line}:${column}` : ''
  return new CliError('usage', 'config', `${file}${place}: ${sentence}`)
}

function subTable(
  table: Readonly<Record<string, unknown>>,
  group: string,
  name: string,
  file: string
): Readonly<Record<string, unknown>> {
  const tables = table[group]
  if (tables === undefined) return {}
  const inner = isRecord(tables) ? tables[name] : undefined
  if (inner === undefined && isRecord(tables)) return {}
  if (!isRecord(inner)) throw new CliError('usage', 'config', `${file}: [${group}.${name}] is not a table`)
  return inner
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
