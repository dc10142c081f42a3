import { CommandLineError } from '../errors.ts'
import type { SettingKind, SettingValue } from './kinds.ts'

/**
 * What a file is to hold of a setting whose value was typed as texts.
 *
 * @param isArgument false where they do not stand in an argument list, so that they may be secret
 * @throws CommandLineError `config`; what `checkFlag` throws
 */
export function typedValue(
  kind: SettingKind<SettingValue>,
  texts: readonly string[],
  isArgument: boolean
): SettingValue {
  if (isArgument) for (const text of texts) kind.checkFlag?.(text)
  const raw = Array.isArray(kind.fallback) ? texts : texts.join(' ')
  const value = kind.parse(raw)
  if (value === undefined) throw new CommandLineError('config', `${kind.key}: expected ${kind.expected}`)
  // A time is kept as it was written: what it comes to changes from day to day.
  return kind.parse(value) === undefined ? raw : value
}
