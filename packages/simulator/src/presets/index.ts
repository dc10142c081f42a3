/**
 * Experiments with a name, each with a report of rows, checks and plots.
 *
 * @packageDocumentation
 */
import { anonymity } from './anonymity.ts'
import { crowd, crowdMinute } from './crowd.ts'
import { gossip } from './gossip.ts'
import type { Preset } from './report.ts'
import { vac2019 } from './vac-2019.ts'
import { vac2020 } from './vac-2020.ts'

export { type Forecast, type ForecastInput, forecast } from '../forecast.ts'
export { type ModelInput, publishedModel } from './published-2019.ts'
export type { Check, Plot, Preset, PresetOptions, PresetReport, Series } from './report.ts'

/** Every experiment, by the order in which lists show them. */
export const presets: readonly Preset[] = [vac2019, vac2020, gossip, anonymity, crowd, crowdMinute]
