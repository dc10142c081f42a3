import type { ResolvedSettings, Settings } from './settings.ts'

/** What every command gets besides its own options: the settings, whatever they came from. */
export interface Globals extends Settings {
  readonly json: boolean
  readonly verbose: boolean
  readonly quiet: boolean
  readonly resolved: ResolvedSettings
  /** The first word of the command: `send`, `group`. */
  readonly command: string
}
