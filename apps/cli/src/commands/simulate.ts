import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { share } from '@status-stack/command-line'
import { makeFolder } from '@status-stack/profiles/files'
import type { PresetReport } from '@status-stack/simulator/presets'
import { type Context, defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { flag } from '../flags.ts'
import type { Output } from '../output.ts'

/** The experiments of `@status-stack/simulator`, which is loaded only to run one. */
export const presetNames = ['vac-2019', 'vac-2020', 'gossip', 'anonymity', 'crowd', 'crowd-minute'] as const

interface SimulateOptions {
  readonly seed: string
  readonly scale: number
  readonly plots?: string
}

const factsText = (facts: Readonly<Record<string, string | number>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join('  ')

/** Runs an experiment with the real code on a virtual network, and says what was measured. */
export const simulate = defineCommand({
  name: 'simulate',
  summary: 'run an experiment on a network in virtual time, with the real relays',
  positions: [
    [
      '<preset>',
      'vac-2019, vac-2020: two published tables; gossip: speed and cost by the number of peers; anonymity: who is found out; crowd: 10 000 relays and 1000 clients; crowd-minute: 1000 clients for a minute',
      presetNames
    ]
  ],
  flags: [
    flag('--seed <text>', 'everything left to chance follows from it', { fallback: '1' }),
    flag('--scale <share>', 'share of the full size: faster and less exact', { parse: share, fallback: 1 }),
    flag('--plots <folder>', 'write plots there, as SVG')
  ],
  examples: [
    ['the eight nodes of 2020, small', 'simulate vac-2020 --scale 0.02'],
    ['with pictures', 'simulate vac-2020 --scale 0.02 --seed 7 --plots plots']
  ],
  load: () => import('@status-stack/simulator/presets'),
  run: async ({ args, options, output }: Context<SimulateOptions>, { presets }) => {
    const { seed, scale, plots: folder } = options
    const preset = presets.find(({ name }) => name === args[0])
    if (preset === undefined) throw new CliError('usage', 'preset', `no such experiment: ${args[0]}`)
    if (folder !== undefined) await makeFolder(folder, 0o777)
    const report = await preset.run({
      seed,
      scale,
      onProgress: progress =>
        output.note({ event: 'progress', ...progress }, `${progress.done + 1} of ${progress.of}: ${progress.what}`)
    })
    print(report, output)
    if (folder !== undefined) {
      const { drawing } = await import('../simulate/drawing.ts')
      for (const plot of report.plots) {
        const file = join(folder, `${report.preset}-${plot.name}.svg`)
        await writeFile(file, drawing(plot))
        output.data({ event: 'plot', file }, `plot ${file}`)
      }
    }
    if (report.checks.some(({ ok }) => !ok)) process.exitCode = exitCodes.failed
  }
})

function print({ preset, seed, rows, checks, notes, traces }: PresetReport, output: Output): void {
  for (const facts of rows) output.data({ event: 'measured', preset, facts }, factsText(facts))
  for (const check of checks) {
    const { name, expected, measured, tolerance, ok } = check
    const within = `expected ${expected}, up to ${tolerance} of it more or less; measured ${measured}`
    output.data({ event: 'compared', ...check }, `${ok ? 'as published' : 'NOT AS PUBLISHED'}  ${name}: ${within}`)
  }
  for (const note of notes) output.hint(note)
  const failed = checks.filter(({ ok }) => !ok).length
  const summary = checks.length === 0 ? '' : `, ${checks.length - failed} of ${checks.length} numbers as published`
  output.data(
    { event: 'simulated', preset, seed, traces, compared: checks.length, failed },
    `${preset}, seed ${seed}${summary}; ${traces.join(' ')}`
  )
}
