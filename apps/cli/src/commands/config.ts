import { existsSync } from 'node:fs'
import { type Context, defineCommand, defineGroup } from '../command.ts'
import { flag } from '../flags.ts'
import { hidePassword } from '../mail/enode-password.ts'
import { type SettingName, settingKinds } from '../setting-kinds.ts'
import { configTemplate } from '../settings.ts'

/** The passwords of mailservers, which stand in their enode URLs, are left out. */
const show = defineCommand({
  name: 'show',
  summary: 'every setting with its value',
  flags: [flag('--origin', 'say where each value comes from: flag, environment, file or default')],
  examples: [
    ['what is in force', 'config show'],
    ['and why', 'config show --origin']
  ],
  run: async ({ options, globals, output }: Context<{ readonly origin?: boolean }>) => {
    const { values, origins, file } = globals.resolved
    const names = Object.entries(settingKinds)
    const width = Math.max(...names.map(([, { key }]) => key.length))
    for (const [name, { key, variable }] of names) {
      const listed = name === 'mailservers' || name === 'syncFrom'
      const value = listed ? values[name].map(hidePassword) : values[name as SettingName]
      const origin = origins[name as SettingName]
      const shown = value === undefined ? '(not set)' : JSON.stringify(value)
      const source = origin === 'file' ? ` ${file}` : origin === 'environment' ? ` ${variable}` : ''
      output.data(
        { event: 'setting', key, value: value ?? null, origin, variable },
        `${key.padEnd(width)} ${shown}${options.origin === true ? `  ← ${origin}${source}` : ''}`
      )
    }
  }
})

const path = defineCommand({
  name: 'path',
  summary: 'where the settings file is looked for',
  examples: [['where it is', 'config path']],
  run: async ({ globals, output }) => {
    const { file } = globals.resolved
    const exists = existsSync(file)
    output.data({ event: 'config-file', path: file, exists }, file)
    if (!exists) output.hint('· it does not exist yet; `status-stack config template` prints one to begin with')
  }
})

const template = defineCommand({
  name: 'template',
  summary: 'print a settings file with every setting, as comments to take in',
  examples: [['to begin with', 'config template > ~/.config/status-stack/config.toml']],
  run: async ({ output }) => {
    const text = configTemplate()
    output.verbatim({ event: 'config-template', text }, text)
  }
})

const set = defineCommand({
  name: 'set',
  summary: 'change one setting in the file; comments and everything else in it stay',
  positions: [
    ['<key>', 'its name in the file: `config show` lists them', Object.values(settingKinds).map(({ key }) => key)],
    ['<value...>', 'its value; of a list, several; - for a line of stdin']
  ],
  more: ['With --profile NAME it holds for that profile alone.'],
  examples: [
    ['a relay to stay connected to', 'config set peers enode://…@host:30303'],
    ['for one profile', 'config set timeout 60 --profile work']
  ],
  load: () => import('../config-change.ts'),
  run: async ({ globals, output, args: [key = '', ...values] }, { changeSetting }) => {
    const { file, profile } = await changeSetting(globals, key, values)
    const where = profile === undefined ? '' : ` for profile ${profile}`
    output.data(
      { event: 'setting-changed', key, path: file, profile: profile ?? null },
      `${key} is set${where} in ${file}`
    )
  }
})

const unset = defineCommand({
  name: 'unset',
  summary: 'take one setting out of the file',
  positions: [['<key>', 'its name in the file', Object.values(settingKinds).map(({ key }) => key)]],
  examples: [['the default again', 'config unset timeout']],
  load: () => import('../config-change.ts'),
  run: async ({ globals, output, args: [key = ''] }, { changeSetting }) => {
    const { file, profile } = await changeSetting(globals, key, undefined)
    output.data(
      { event: 'setting-changed', key, path: file, profile: profile ?? null },
      `${key} is not set any more in ${file}`
    )
  }
})

const edit = defineCommand({
  name: 'edit',
  summary: 'edit the settings file in $VISUAL or $EDITOR; what does not fit is not taken',
  examples: [['by hand', 'config edit']],
  load: () => import('../config-change.ts'),
  run: async ({ globals, output }, { editSettings }) => {
    const { file, changed } = await editSettings(globals)
    output.data(
      { event: 'config-file', path: file, exists: existsSync(file) },
      changed ? `${file} is changed` : 'nothing was changed'
    )
  }
})

/** The settings. */
export const config = defineGroup({
  name: 'config',
  summary: 'show and change the settings',
  examples: [
    ['what is in force, and why', 'config show --origin'],
    ['change one', 'config set timeout 60'],
    ['where the file is looked for', 'config path']
  ],
  commands: [show, path, template, set, unset, edit]
})
