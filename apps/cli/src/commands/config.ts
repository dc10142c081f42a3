import { existsSync } from 'node:fs'
import type { Globals } from '../globals.ts'
import { hidePassword } from '../mail/enode-password.ts'
import type { Output } from '../output.ts'
import { settingKinds } from '../setting-kinds.ts'
import type { SettingName } from '../settings.ts'

export interface ShowOptions {
  readonly origin?: boolean
}

/** Prints the settings in force. The passwords of mailservers, which stand in their enode URLs, are left out. */
export async function showConfig(options: ShowOptions, globals: Globals, output: Output): Promise<void> {
  const { values, origins, file } = globals.resolved
  for (const [name, kind] of Object.entries(settingKinds)) {
    const given = values[name as SettingName]
    const value = name === 'mailservers' ? values.mailservers.map(hidePassword) : given
    const origin = origins[name as SettingName]
    const shown = value === undefined ? '(not set)' : JSON.stringify(value)
    output.data(
      { event: 'setting', key: kind.key, value: value ?? null, origin, variable: kind.variable },
      `${kind.key.padEnd(14)} ${shown}${options.origin === true ? `  ← ${origin}${origin === 'file' ? ` ${file}` : origin === 'environment' ? ` ${kind.variable}` : ''}` : ''}`
    )
  }
}

export async function configPath(_: object, globals: Globals, output: Output): Promise<void> {
  const { file } = globals.resolved
  const exists = existsSync(file)
  output.data({ event: 'config-file', path: file, exists }, file)
  if (!exists) output.hint('· it does not exist yet; the README lists what can be in it')
}
