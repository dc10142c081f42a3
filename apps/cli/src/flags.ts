import { momentForms, parseMoment } from '@status-stack/account-rpc/methods'
import { InvalidArgumentError, Option } from 'commander'
import { settingKinds } from './setting-kinds.ts'
import type { SettingKind, SettingValue } from './setting-values.ts'
import type { SettingName } from './settings.ts'
import { setWordKind, type WordKind } from './word-kinds.ts'

interface FlagValue {
  /** @throws InvalidArgumentError */
  readonly parse?: (text: string, previous: never) => unknown
  readonly choices?: readonly string[]
  readonly fallback?: unknown
  /** The command does not run without it. */
  readonly required?: boolean
  /** What its value is, for shells. */
  readonly words?: WordKind
}

/** One flag: `--limit <number>`, what it means, and how its value is read. */
export function flag(
  usage: string,
  what: string,
  { parse, choices, fallback, required, words }: FlagValue = {}
): Option {
  const option = new Option(usage, what)
  if (parse !== undefined) option.argParser(parse as (text: string, previous: unknown) => unknown)
  if (choices !== undefined) option.choices([...choices])
  if (fallback !== undefined) option.default(fallback)
  if (words !== undefined) setWordKind(option, words)
  return option.makeOptionMandatory(required === true)
}

/** A flag that stands for a setting: it wins over the environment and the file. */
export class SettingOption extends Option {
  readonly setting: SettingName

  constructor(setting: SettingName, usage: string, what: string) {
    super(usage, what)
    this.setting = setting
  }
}

/** Other words for a flag than the table of the settings has. */
interface Wording {
  readonly usage?: string
  readonly what?: string
}

/** The flag of a setting, made of its row. */
export function settingFlag(name: SettingName, { usage, what }: Wording = {}): SettingOption {
  const kind: SettingKind<SettingValue> = settingKinds[name]
  const { flag: flagUsage = '' } = kind
  const option = new SettingOption(name, usage ?? flagUsage, what ?? kind.flagHelp ?? kind.help)
  if (name === 'profile') setWordKind(option, 'profiles')
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

/** One more entry of a list. Addresses of nodes are judged where they are dialed, which says more about what is wrong. */
function listEntry({ each, parse, checkFlag }: SettingKind<SettingValue>, text: string, previous: unknown) {
  checkFlag?.(text)
  if (each !== undefined && parse([text]) === undefined) throw new InvalidArgumentError(`expected ${each}`)
  return collect(text, previous as readonly string[] | undefined)
}

/** The flags of these settings. */
export const settingFlags = (...names: readonly SettingName[]): readonly Option[] =>
  names.map(name => settingFlag(name))

/** For flags that may be repeated. */
export const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value
]

export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0')
  return value
}

export function count(text: string): number {
  const value = positive(text)
  if (!Number.isInteger(value)) throw new InvalidArgumentError('expected a whole number above 0')
  return value
}

/** A part of a whole. */
export function share(text: string): number {
  const value = positive(text)
  if (value > 1) throw new InvalidArgumentError('expected a number above 0, at most 1')
  return value
}

/** How long ago, or a date; Unix seconds. */
function moment(text: string): number {
  const seconds = parseMoment(text, Date.now())
  if (seconds === undefined) throw new InvalidArgumentError(`${momentForms}, not in the future`)
  return seconds
}

export const sinceOption = (what = 'from this time on, for example 24h, 7d or 2026-11-20 (default: what was missed)') =>
  flag('--since <time>', what, { parse: moment })
export const untilOption = (): Option => flag('--until <time>', 'up to this time (default: now)', { parse: moment })
export const peerOption = (): Option => settingFlag('peers')
/** Which network a client or a node is in. */
export const privacyOption = (): Option => settingFlag('privacy')
export const mailserverOption = (): Option => settingFlag('mailservers')
export const listenOption = (): Option => settingFlag('listen')
export const bootnodeOption = (): Option => settingFlag('bootnodes')
export const discoverySwitch = (): Option => settingFlag('discovery')
export const timeoutOption = (what: string): Option => settingFlag('timeout', { what })
export const pfsOption = (): Option => settingFlag('pfs')
export const simulateNetworkOption = (): Option =>
  flag('--simulate-network <kinds>', 'a bad network, for tests: loss=0.2,delay=300,dup=0.1,skew=90')

/** What every command that stays connected shares: which network, and which nodes in it. */
export const connectionFlags = (): readonly Option[] => [
  peerOption(),
  privacyOption(),
  mailserverOption(),
  discoverySwitch(),
  bootnodeOption(),
  listenOption()
]

/** What `send` and every change of a message share: how it travels, and how long to wait. */
export const deliveryOptions = (): readonly Option[] => [
  peerOption(),
  privacyOption(),
  discoverySwitch(),
  bootnodeOption(),
  flag('--wait <state>', 'how far to wait', { choices: ['posted', 'confirmed', 'acknowledged'], fallback: 'posted' }),
  timeoutOption('longest wait (default: 30)'),
  pfsOption(),
  simulateNetworkOption()
]
