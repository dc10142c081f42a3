import { clientSettings } from './settings/of-clients.ts'
import { mailserverSettings } from './settings/of-mailservers.ts'
import { nodeSettings } from './settings/of-nodes.ts'

/** Every setting: one row each, of which flags, variables, the settings file, its template and the man pages are made. */
export const settingKinds = { ...clientSettings, ...nodeSettings, ...mailserverSettings } as const

export type SettingName = keyof typeof settingKinds
