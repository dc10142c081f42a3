import type { VectorCase } from '@status-stack/vectors'
import { adapters as ownAdapters } from '../adapters/index.ts'
import { defaultLimits } from '../limits.ts'
import type { Adapter, CaseContext } from '../runner/adapter.ts'
import { isRecord } from './json.ts'
import { type Answer, encodeAnswer, encodeHello, type Hello, protocolVersion } from './messages.ts'
import { operations } from './operations.ts'
import { createRecorder } from './recorder.ts'

/** Options of {@link createAnswerer}. */
export interface AnswererOptions {
  /** What the implementation calls itself. @default `status-stack`, without a version */
  readonly implementation?: Hello['implementation'] | undefined
  /** Adapters to it. @default those to the packages of this stack */
  readonly adapters?: readonly Adapter[] | undefined
}

/**
 * The other side of the line protocol: answers each line of a runner with one of its own, by the adapters to an implementation. What is
 * asked for is not in the request, so nothing can be echoed. Never throws: a line that cannot be read is answered with an `error`.
 *
 * @example
 * ```ts
 * const answer = createAnswerer()
 * for await (const line of lines) process.stdout.write(`${await answer(line)}\n`)
 * ```
 */
export function createAnswerer(options: AnswererOptions = {}): (line: string) => Promise<string> {
  const adapters = options.adapters ?? ownAdapters
  const implementation = options.implementation ?? { name: 'status-stack', version: '' }
  const stepsOf = (file: unknown, section: unknown) => {
    const sections = adapters.find(adapter => adapter.file === file)?.sections
    return typeof section === 'string' && sections !== undefined && Object.hasOwn(sections, section)
      ? sections[section]
      : undefined
  }
  const claims = operations
    .filter(({ file, section, op }) => Object.hasOwn(stepsOf(file, section) ?? {}, op))
    .map(({ file, section, op }) => `${file.replace(/\.json$/, '')}/${section}/${op}`)

  return async line => {
    let request: unknown
    try {
      request = JSON.parse(line)
    } catch {}
    if (!isRecord(request) || typeof request['id'] !== 'number')
      return encodeAnswer(-1, { kind: 'error', why: 'not a request' })
    const { id, op } = request
    if (op === 'hello') {
      return request['protocol'] === protocolVersion
        ? encodeHello(id as number, { implementation, sections: claims })
        : encodeAnswer(id as number, { kind: 'error', why: `only protocol ${protocolVersion} is known` })
    }
    const steps = stepsOf(request['file'], request['section'])
    const step = typeof op === 'string' && steps !== undefined && Object.hasOwn(steps, op) ? steps[op] : undefined
    if (step === undefined || !isRecord(request['input']))
      return encodeAnswer(id as number, { kind: 'unsupported', why: 'no such operation' })
    const vector: VectorCase = { ...request['input'], name: String(request['case']) }
    const { check, answerOf } = createRecorder()
    return encodeAnswer(
      id as number,
      withAsked(request['asks'], await answerOf(() => step(vector, check, contextOf(vector))))
    )
  }
}

/** Steps note more than what is asked for: names of parts, and what both sides of a comparison have anyway. */
function withAsked(asks: unknown, answer: Answer): Answer {
  if (answer.kind !== 'output' || !Array.isArray(asks)) return answer
  const asked = asks.filter(path => Object.hasOwn(answer.output, path)).map(path => [path, answer.output[path]])
  return { kind: 'output', output: Object.fromEntries(asked) }
}

/** A case by itself: its neighbours and the files beside it are not part of a request. */
function contextOf(vector: VectorCase): CaseContext {
  return { section: [vector], cases: () => [], companion: () => undefined, limits: defaultLimits }
}
