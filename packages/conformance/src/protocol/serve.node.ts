import { linesOf } from '@status-stack/utils'
import { defaultLimits } from '../limits.ts'
import { type AnswererOptions, createAnswerer } from './answer.ts'

/** Where {@link serveConformance} reads and writes. */
export interface ServeStreams {
  /** Requests, one JSON object a line. */
  readonly input: AsyncIterable<Uint8Array>
  /** Answers, one JSON object a line, and nothing else. */
  readonly output: NodeJS.WritableStream
}

/**
 * Serves an implementation by the line protocol until the input ends: what `status-stack conformance --serve` does.
 *
 * @example
 * ```ts
 * await serveConformance({ input: process.stdin, output: process.stdout })
 * ```
 */
export async function serveConformance({ input, output }: ServeStreams, options: AnswererOptions = {}): Promise<void> {
  const answer = createAnswerer(options)
  // BOUNDED: maxLineBytes
  for await (const line of linesOf(input, defaultLimits.maxLineBytes)) {
    const text = await answer(line.kind === 'text' ? line.text : '')
    if (!output.write(`${text}\n`)) await new Promise(resolve => output.once('drain', resolve))
  }
}
