import { momentForms, parseMoment } from '@status-stack/account-rpc/methods'
import { type FlagValue, flag as flagOf } from '@status-stack/command-line'
import { settingFlag as flagOfSetting, type Wording } from '@status-stack/command-line/settings'
import { InvalidArgumentError, type Option } from 'commander'
import { type SettingName, settingKinds } from './setting-kinds.ts'
import type { WordKind } from './word-kinds.ts'

/** One flag: `--limit <number>`, what it means, and how its value is read. */
export const flag = (usage: string, what: string, value: FlagValue<WordKind> = {}): Option => flagOf(usage, what, value)

/** The flag of a setting, made of its row. */
export const settingFlag = (name: SettingName, wording: Wording = {}): Option =>
  flagOfSetting(name, settingKinds[name], wording)

/** The flags of these settings. */
export const settingFlags = (...names: readonly SettingName[]): readonly Option[] =>
  names.map(name => settingFlag(name))

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
/** A file that is made for a secret, which goes nowhere else. */
export const secretOut = (): Option =>
  flag('--out <file>', 'where to; must not exist', {
    required: true,
    parse: text => {
      if (text === '' || text === '-')
        throw new InvalidArgumentError('expected the name of a file: this goes to no other place')
      return text
    }
  })

/** What deletes a profile. */
export const removalFlags = (): readonly Option[] => [
  flag('--yes', 'do not ask'),
  flag(
    '--without-password',
    'the password is forgotten: type the name of the profile instead; with --yes, --profile names it'
  )
]
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
