// Settings: the rows of a program's table, their flags, and which values are in force.
export { SettingOption, settingFlag, typedSettings, type Wording } from './settings/flags.ts'
export { type SettingKind, type SettingKinds, type SettingValue, setting, type ValuesOf } from './settings/kinds.ts'
export {
  createSettings,
  type Origin,
  type Resolved,
  type SettingSources,
  type SettingsPlan
} from './settings/table.ts'
export { settingsTemplate, tomlValue } from './settings/toml.ts'
export { notNegative, oneOf, onOff, positive, text, texts, whole } from './settings/values.ts'
