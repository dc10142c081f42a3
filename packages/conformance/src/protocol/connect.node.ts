import { checkOptions, checkTexts } from '../arguments.ts'
import { assertRange, type ConformanceOptions, resolveLimits } from '../options.ts'
import type { Adapter } from '../runner/adapter.ts'
import type { Hello } from './messages.ts'
import { startProcess } from './process.node.ts'
import { remoteAdapters } from './remote.ts'

/** Options of {@link connectProcess}. */
export interface ProcessOptions {
  /** Most time the process may take for one answer; milliseconds, 1 … 3 600 000. Keep it below `caseTimeoutMs` of the run. @default 30000 */
  readonly answerTimeoutMs?: number | undefined
  /** Bounds on what the process can make the runner hold or wait for. @default {@link defaultLimits} */
  readonly limits?: ConformanceOptions['limits']
}

/** An implementation in a process of its own. */
export interface ConnectedProcess {
  /** What it calls itself. */
  readonly implementation: Hello['implementation']
  /** The sections and operations that it claims. */
  readonly sections: readonly string[]
  /** Adapters to it, for `runConformance` or `runVectors`. */
  readonly adapters: readonly Adapter[]
  /** Closes its standard input and ends it when it stays. */
  readonly stop: () => Promise<void>
}

/**
 * Starts an implementation that speaks the line protocol (docs/conformance.md): one JSON object a line, on standard input and output.
 * Nothing goes through a shell. A process that ends, is late or breaks the protocol fails the case, and is started again for the next.
 *
 * @param command the program and its arguments
 * @example
 * ```ts
 * const tested = await connectProcess(['./my-whisper', '--vectors'])
 * for await (const line of formatRecords(runConformance([], { adapters: tested.adapters }))) console.log(line)
 * await tested.stop()
 * ```
 * @throws ConformanceError `process-failed`, `invalid-argument`
 */
export async function connectProcess(
  command: readonly string[],
  options: ProcessOptions = {}
): Promise<ConnectedProcess> {
  checkTexts('command', command)
  checkOptions('options', options, ['answerTimeoutMs', 'limits'])
  const limits = resolveLimits(options.limits)
  const { answerTimeoutMs = 30_000 } = options
  assertRange('answerTimeoutMs', answerTimeoutMs, 1, 3_600_000)
  assertRange('command', command.length, 1, 10_000)
  const { hello, ask, stop } = await startProcess(command, { limits, answerTimeoutMs })
  return {
    implementation: hello.implementation,
    sections: hello.sections,
    adapters: remoteAdapters(hello.sections, ask),
    stop
  }
}
