import { stat } from 'node:fs/promises'
import { explainRecord, formatRecords, runConformance } from '@status-stack/conformance'
import { CliError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Globals } from '../globals.ts'
import { limits } from '../limits.ts'
import type { Output } from '../output.ts'
import { interruption, outputEnded } from '../signals.ts'

export interface ConformanceOptions {
  readonly section?: string
  readonly explain?: string
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

/** Runs vector files through our own packages. */
export async function conformance(
  options: ConformanceOptions,
  _: Globals,
  output: Output,
  paths: readonly string[]
): Promise<void> {
  for (const path of paths) await assertReadable(path)
  const records = runConformance(paths, {
    section: options.section,
    name: options.explain,
    signal: AbortSignal.any([interruption(), outputEnded])
  })
  let failed = 0
  let seen = 0
  const watched = (async function* () {
    for await (const record of records) {
      if (record.kind === 'case') seen++
      if (record.kind === 'case' && record.outcome === 'failed') failed++
      if (output.json) output.data({ event: record.kind, ...record }, '')
      else if (options.explain !== undefined && record.kind === 'case')
        output.data({ event: 'case' }, explainRecord(record).join('\n'))
      yield record
    }
  })()
  for await (const line of formatRecords(watched)) {
    if (!output.json) output.data({ event: 'line' }, line)
  }
  if (seen === 0) {
    throw new CliError(
      'failed',
      'nothing-ran',
      `no case fits${options.section === undefined ? '' : ` --section ${options.section}`}${options.explain === undefined ? '' : ` --explain ${options.explain}`}`
    )
  }
  if (failed > 0) process.exitCode = exitCodes.failed
}
