import { isRecord } from './json.ts'

/** Version of the line protocol. */
export const protocolVersion = 1

/** The first line that a process gets. */
export interface HelloRequest {
  /** Of the request; the answer carries it. */
  readonly id: number
  /** Tells it from operations. */
  readonly op: 'hello'
  /** The version that the asker speaks. */
  readonly protocol: number
}

/** One operation on one case: what is given, and what is asked for. */
export interface OperationRequest {
  /** Of the request; the answer carries it. */
  readonly id: number
  /** Other operations may follow in later versions; a process answers `unsupported` to what it does not know. */
  readonly op: string
  /** The vector file, with its `.json` ending. */
  readonly file: string
  /** Of the vector file. */
  readonly section: string
  /** The name of the case, for messages to people. */
  readonly case: string
  /** The case without what is asked for. */
  readonly input: Readonly<Record<string, unknown>>
  /** The fields that the answer has to hold, by their exact path; empty where only taking or refusing the input counts. */
  readonly asks: readonly string[]
}

/** What a process is, and what it can do. */
export interface Hello {
  /** What it calls itself, for the report. */
  readonly implementation: { readonly name: string; readonly version: string }
  /** `whisper-misc/topic_to_bloom` for a section, `whisper-envelope/valid/reproduce` for one operation of it. */
  readonly sections: readonly string[]
}

/** What a process answers to an operation. */
export type Answer =
  /** It did what was asked: values by path. */
  | { readonly kind: 'output'; readonly output: Readonly<Record<string, unknown>> }
  /** The input is not valid, which is the right answer to a negative vector. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It cannot do this case: the case is not run. */
  | { readonly kind: 'unsupported'; readonly why: string }
  /** It broke: the case fails. */
  | { readonly kind: 'error'; readonly why: string }

/** A line that is not what the protocol says. */
export class BadLine extends Error {
  override readonly name = 'BadLine'
}

/** @throws BadLine */
function objectOf(line: string, id: number): Readonly<Record<string, unknown>> {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new BadLine('answered a line that is not JSON')
  }
  if (!isRecord(json)) throw new BadLine('answered something that is not a JSON object')
  if (json['id'] !== id) throw new BadLine(`answered with another id than ${id}`)
  return json
}

/** Reads the answer to a {@link HelloRequest}. @throws BadLine */
export function parseHello(line: string, id: number): Hello {
  const { protocol, implementation, sections } = objectOf(line, id)
  if (protocol !== protocolVersion) throw new BadLine(`speaks another protocol than ${protocolVersion}`)
  if (!isRecord(implementation)) throw new BadLine('named no implementation')
  const { name, version } = implementation
  if (typeof name !== 'string' || typeof version !== 'string')
    throw new BadLine('named its implementation without a name or a version')
  if (!Array.isArray(sections) || !sections.every(each => typeof each === 'string'))
    throw new BadLine('gave no list of sections')
  return { implementation: { name, version }, sections }
}

const reasons = ['refused', 'unsupported', 'error'] as const

/** Reads the answer to an {@link OperationRequest}. @throws BadLine */
export function parseAnswer(line: string, id: number): Answer {
  const json = objectOf(line, id)
  const given = ['output', ...reasons].filter(key => Object.hasOwn(json, key))
  if (given.length !== 1) throw new BadLine('answered with none or several of output, refused, unsupported and error')
  const { output } = json
  if (given[0] === 'output') {
    if (!isRecord(output)) throw new BadLine('answered an output that is not an object')
    return { kind: 'output', output }
  }
  const kind = reasons.find(reason => reason === given[0]) ?? 'error'
  const why = json[kind]
  if (typeof why !== 'string') throw new BadLine(`answered ${kind} without a text`)
  return { kind, why }
}

/** The line of an answer, without its end. */
export function encodeAnswer(id: number, answer: Answer): string {
  return JSON.stringify(answer.kind === 'output' ? { id, output: answer.output } : { id, [answer.kind]: answer.why })
}

/** The line of an answer to a hello. */
export function encodeHello(id: number, hello: Hello): string {
  return JSON.stringify({ id, protocol: protocolVersion, ...hello })
}
