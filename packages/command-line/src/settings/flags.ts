import { type Command, InvalidArgumentError, Option } from 'commander'
import { collect } from '../flags.ts'
import { setWordKind } from '../word-kinds.ts'
import type { SettingKind, SettingValue } from './kinds.ts'

/** A flag that stands for a setting: it wins over the environment and the file. */
export class SettingOption extends Option {
  /** Name of the setting in code. */
  readonly setting: string

  constructor(setting: string, usage: string, what: string) {
    super(usage, what)
    this.setting = setting
  }
}

/** Other words for a flag than the row of its setting has. */
export interface Wording {
  readonly usage?: string
  readonly what?: string
}

/** The flag of a setting, made of its row. */
export function settingFlag(
  name: string,
  kind: SettingKind<SettingValue>,
  { usage, what }: Wording = {}
): SettingOption {
  const { flag: flagUsage = '' } = kind
  const option = new SettingOption(name, usage ?? flagUsage, what ?? kind.flagHelp ?? kind.help)
  if (kind.words !== undefined) setWordKind(option, kind.words)
  if (kind.choices !== undefined) option.choices([...kind.choices])
  else if (Array.isArray(kind.fallback)) option.argParser((text, previous) => listEntry(kind, text, previous))
  else if (flagUsage.includes('<'))
    option.argParser(text => {
      const value = kind.parse(text)
      if (value === undefined) throw new InvalidArgumentError(`expected ${kind.expected}`)
      return value
    })
  return option
}

/** One more entry of a list. Without `each` its entries are judged where they are used, which says more about what is wrong. */
function listEntry({ each, parse, checkFlag }: SettingKind<SettingValue>, text: string, previous: unknown) {
  checkFlag?.(text)
  if (each !== undefined && parse([text]) === undefined) throw new InvalidArgumentError(`expected ${each}`)
  return collect(text, previous as readonly string[] | undefined)
}

/** The settings that flags of these commands give: only what was typed wins over the environment and the file. */
export function typedSettings(...commands: readonly Command[]): Readonly<Record<string, unknown>> {
  const typed = commands.flatMap(command =>
    command.options
      .filter(option => option instanceof SettingOption)
      .filter(option => command.getOptionValueSource(option.attributeName()) === 'cli')
      .map(option => {
        const value: unknown = command.getOptionValue(option.attributeName())
        return [option.setting, typeof value === 'boolean' ? (value ? 'on' : 'off') : value] as const
      })
  )
  return Object.fromEntries(typed)
}
