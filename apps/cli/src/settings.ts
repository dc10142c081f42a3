import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from './errors.ts'
import { readTextFile } from './files.ts'
import { xdgFolder } from './folders.ts'
import { limits } from './limits.ts'
import { type SettingKind, type SettingValue, settingKinds } from './setting-kinds.ts'

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
export function configFile(environment: NodeJS.ProcessEnv): string {
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
  environment: NodeJS.ProcessEnv
): Promise<ResolvedSettings> {
  const file = configFile(environment)
  const table = await readConfig(file)
  const values: Record<string, SettingValue> = {}
  const origins: Record<string, Origin> = {}
  let profileTable: Readonly<Record<string, unknown>> = {}
  for (const [name, kind] of Object.entries(settingKinds) as [SettingName, SettingKind<SettingValue>][]) {
    const [origin, raw] = lookUp(name, kind)
    const value = origin === 'flag' ? (raw as SettingValue) : origin === 'default' ? kind.fallback : kind.parse(raw)
    if (value === undefined && origin !== 'default') {
      const place = origin === 'file' ? `${file}: ${kind.key}` : kind.variable
      throw new CliError('usage', 'config', `${place}: expected ${kind.expected}`)
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

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(file)) return {}
  const text = await readTextFile(file, { what: 'the settings file', maxBytes: limits.configBytes, code: 'config' })
  const { parse } = await import('smol-toml')
  let table: Readonly<Record<string, unknown>>
  try {
    table = parse(text)
  } catch (error) {
    throw new CliError(
      'usage',
      'config',
      `${file}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not TOML'}`
    )
  }
  const known = new Set<string>([...Object.values(settingKinds).map(kind => kind.key), 'profiles'])
  for (const key of Object.keys(table)) {
    if (!known.has(key))
      throw new CliError(
        'usage',
        'config',
        `${file}: there is no setting named ${key}`,
        `settings: ${[...known].join(', ')}`
      )
  }
  return table
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
