// One setting of a file changed, and everything else in it kept. Loads the parser of TOML.

export { typedValue } from './settings/change.ts'
export { type Section, type SettingChange, withSetting } from './settings/file.ts'
