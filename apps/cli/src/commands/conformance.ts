import { stat } from 'node:fs/promises'
import { commandWords } from '@status-stack/command-line'
import { interruption, outputEnded } from '@status-stack/command-line/process'
import type { Adapter } from '@status-stack/conformance'
import { secretVariables } from '../child-environment.ts'
import { type Context, defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { flag } from '../flags.ts'
import { limits } from '../limits.ts'
import { version } from '../version.ts'

interface ConformanceOptions {
  readonly section?: string
  readonly explain?: string
  readonly command?: readonly string[]
  readonly serve?: boolean
}

type Kit = typeof import('@status-stack/conformance')

/** Runs vector files through our own packages, or through a program that speaks the line protocol; or is such a program itself. */
export const conformance = defineCommand({
  name: 'conformance',
  summary: 'run vector files against this implementation, or another one',
  positions: [['[paths...]', 'files or folders; the built-in vectors without any']],
  flags: [
    flag('--section <name>', 'only this section'),
    flag('--explain <name>', 'show where the case of this name first differs'),
    flag('--command <line>', 'test this program instead: it answers JSON lines on its standard input and output', {
      parse: commandWords
    }),
    flag('--serve', 'be such a program')
  ],
  examples: [
    ['everything', 'conformance'],
    ['one section of one file', 'conformance x3dh.json --section x3dh'],
    ['one case in full', 'conformance x3dh.json --explain x3dh-0'],
    ['another implementation', "conformance --command './my-whisper --vectors'"]
  ],
  load: () => import('@status-stack/conformance'),
  run: async (context: Context<ConformanceOptions>, kit) => {
    const { options, output, args: paths } = context
    if (options.serve === true) return serve(context, kit)
    for (const path of paths) await assertReadable(path)
    const signal = AbortSignal.any([interruption(), outputEnded])
    if (options.command === undefined) return report(context, kit, signal)
    // A program of others, which would inherit them.
    for (const name of secretVariables) delete process.env[name]
    const tested = await kit.connectProcess(options.command)
    try {
      const { name, version } = tested.implementation
      output.data(
        { event: 'implementation', name, version, sections: tested.sections },
        `${name} ${version}: claims ${tested.sections.length} sections and operations`
      )
      await report(context, kit, signal, tested.adapters)
    } finally {
      await tested.stop()
    }
  }
})

function serve({ args, options }: Context<ConformanceOptions>, kit: Kit): Promise<void> {
  const others = args.length > 0 || [options.command, options.section, options.explain].some(each => each !== undefined)
  if (others) throw new CliError('usage', 'serve', '--serve takes no paths and no other flags')
  const implementation = { name: 'status-stack', version: version() }
  return kit.serveConformance({ input: process.stdin, output: process.stdout }, { implementation })
}

/** Prints a run; the exit code says whether all passed. */
async function report(
  { options, output, args }: Context<ConformanceOptions>,
  kit: Kit,
  signal: AbortSignal,
  adapters?: readonly Adapter[]
): Promise<void> {
  const { section, explain } = options
  const records = kit.runConformance(args, { section, name: explain, signal, adapters })
  const seen = { cases: 0, run: 0, failed: 0 }
  const watched = (async function* () {
    for await (const record of records) {
      if (record.kind === 'case') {
        seen.cases++
        if (record.outcome !== 'skipped') seen.run++
        if (record.outcome === 'failed') seen.failed++
      }
      if (output.json) output.data({ event: record.kind, ...record }, '')
      else if (explain !== undefined && record.kind === 'case')
        output.data({ event: 'case' }, kit.explainRecord(record).join('\n'))
      yield record
    }
  })()
  try {
    for await (const line of kit.formatRecords(watched)) {
      if (!output.json) output.data({ event: 'line' }, line)
    }
  } catch (error) {
    // A section or a case that no file has.
    if (!kit.ConformanceError.is(error) || error.code !== 'invalid-argument') throw error
  }
  // A program that claims nothing has passed nothing.
  if (seen.cases === 0 || (adapters !== undefined && seen.run === 0)) {
    const flags = `${section === undefined ? '' : ` --section ${section}`}${explain === undefined ? '' : ` --explain ${explain}`}`
    const why = seen.cases === 0 ? `no case fits${flags}` : `the program claims none of the cases${flags}`
    throw new CliError('failed', 'nothing-ran', why)
  }
  if (seen.failed > 0) process.exitCode = exitCodes.failed
}

/** A folder, or a regular file of bounded size. @throws CliError `vectors` */
async function assertReadable(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  const refuse = (why: string): CliError => new CliError('usage', 'vectors', `the vectors ${why}: ${path}`)
  if (found === undefined) throw refuse('cannot be read')
  if (found.isDirectory()) return
  if (!found.isFile()) throw refuse('cannot be read (neither a file nor a folder)')
  // BOUNDED: vectorBytes
  if (found.size > limits.vectorBytes) throw refuse(`are longer than ${limits.vectorBytes} bytes`)
}
