import { loadVectors, vectorFiles } from '@status-stack/vectors'
import { adapters as ownAdapters } from './adapters/index.ts'
import { checkTexts } from './arguments.ts'
import { loadPaths } from './load.node.ts'
import { type ConformanceOptions, resolveOptions } from './options.ts'
import type { ConformanceRecord } from './runner/record.ts'
import { type LoadedVectors, runLoaded } from './runner/run.ts'

/**
 * Runs vector files and folders of them through adapters: one record per case and direction, and a summary as the last
 * one. Without paths the vectors that ship with this stack are run. Every path is read before anything runs.
 *
 * ```ts
 * for await (const line of formatRecords(runConformance(['vectors']))) console.log(line)
 * ```
 *
 * @throws ConformanceError `invalid-argument`, `unreadable`, `too-large`, `not-a-vector-file`
 *
 * @example
 * ```ts
 * for await (const record of runConformance()) if (record.kind === 'summary') console.log(record.passed, record.failed)
 * ```
 */
export async function* runConformance(
  paths: readonly string[] = [],
  options: ConformanceOptions = {}
): AsyncGenerator<ConformanceRecord, void, undefined> {
  checkTexts('paths', paths)
  const resolved = resolveOptions(options)
  const files = paths.length > 0 ? await loadPaths(paths, resolved.limits) : await loadBuiltIn()
  yield* runLoaded(files, options.adapters ?? ownAdapters, resolved)
}

async function loadBuiltIn(): Promise<readonly LoadedVectors[]> {
  const files = await Promise.all(vectorFiles.map(name => loadVectors(name)))
  return files.map(vectors => ({ vectors, companions: new Map() }))
}
