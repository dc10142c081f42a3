import { type Direction, type Scenario, settingName } from './scenario.ts'
import type { Setting } from './stage.ts'

/** The title of a test, from which the page is written again. */
export const titleOf = (scenario: Scenario, direction: Direction, setting: Setting): string =>
  [scenario.role, scenario.peer, scenario.name, direction, settingName(setting)].join(' | ')
