import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { xdgFolder } from '@status-stack/command-line/process'
import { createSettings, type Resolved, settingsTemplate } from '@status-stack/command-line/settings'
import { readTextFile } from './files.ts'
import { limits } from './limits.ts'
import { settingKinds } from './setting-kinds.ts'

const prefix = 'STATUS_STACK_'

/** The settings of this program. */
export const settings = createSettings({
  kinds: settingKinds,
  prefix,
  otherVariables: [`${prefix}CONFIG`, `${prefix}PASSWORD`, `${prefix}POSTGRES_URL`],
  sections: { table: 'profiles', chosenBy: 'profile' },
  listing: 'status-stack config show lists them'
})

export interface ResolvedSettings extends Resolved<typeof settingKinds> {
  /** The file that was looked for, whether or not it exists. */
  readonly file: string
}

export type Settings = ResolvedSettings['values']

/** `$STATUS_STACK_CONFIG`, else `$XDG_CONFIG_HOME/status-stack/config.toml`, else `~/.config/…`. */
function configFile(environment: NodeJS.ProcessEnv): string {
  return (
    environment['STATUS_STACK_CONFIG'] || join(xdgFolder('XDG_CONFIG_HOME', environment), 'status-stack', 'config.toml')
  )
}

/** What a settings file holds; undefined where there is none. @throws CliError `config` */
export async function readSettingsFile(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return undefined
  return readTextFile(file, { what: 'the settings file', maxBytes: limits.configBytes, code: 'config' })
}

/**
 * The settings of one run; in the file `[profiles.NAME]` wins over the top.
 * @throws CommandLineError `config` naming the key and what was expected; CliError `config`
 */
export async function resolveSettings(
  flags: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv,
  { ignoreFile = false }: { readonly ignoreFile?: boolean } = {}
): Promise<ResolvedSettings> {
  const file = configFile(environment)
  const text = ignoreFile ? undefined : await readSettingsFile(file)
  return { ...(await settings.resolve({ flags, environment, file, text })), file }
}

/** A file with every setting, each a comment to take in. */
export const configTemplate = (): string =>
  settingsTemplate(settingKinds, {
    above: [
      '# Settings of status-stack: take away the # in front of those that you change. A flag wins over a variable, that over this file.'
    ],
    below: [
      '# What holds for one profile alone stands in a table of its own, behind everything else:\n#[profiles.work]\n#peers = []'
    ]
  })
