import type { SettingKinds, SettingValue } from './kinds.ts'

/** A value as it stands in the file. */
export function tomlValue(value: Exclude<SettingValue, undefined>): string {
  // A string of JSON is a basic string of TOML: both escape alike what may not stand there as it is.
  return typeof value === 'string'
    ? tomlString(value)
    : Array.isArray(value)
      ? `[${value.map(tomlString).join(', ')}]`
      : String(value)
}

// DEL is the one character that JSON leaves as it is and TOML does not take.
export const tomlString = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\u007F')

/**
 * A file with every setting, each a comment that says what it is for, what fits and what is so without it.
 *
 * @param ends what stands above all settings, and below them
 */
export function settingsTemplate(
  kinds: SettingKinds,
  ends: { readonly above: readonly string[]; readonly below: readonly string[] }
): string {
  const entries = Object.values(kinds).map(({ key, help, expected, fallback, variable }) =>
    [
      `# ${help}`,
      `# ${expected}; ${variable}`,
      `#${key} = ${fallback === undefined ? '' : tomlValue(fallback)}`.trimEnd()
    ].join('\n')
  )
  return [...ends.above, ...entries, ...ends.below].join('\n\n')
}
