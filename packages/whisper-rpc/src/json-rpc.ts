import { invalidParams, jsonRpcNumber, RpcError } from './errors.ts'
import type { Param } from './values/go-json.ts'

/** What a method learns of its call beside the arguments. */
export interface CallContext {
  /** Aborted when the client is gone or the API stops. */
  readonly signal: AbortSignal
}

/** One method: its parameters by position, and what it does. */
export interface Method {
  readonly params: readonly Param<unknown>[]
  readonly run: (args: readonly unknown[], context: CallContext) => unknown
}

type Values<Params extends readonly Param<unknown>[]> = {
  [Index in keyof Params]: Params[Index] extends Param<infer Value> ? Value : never
}

/** Defines a method; the types of its arguments follow from the parameters. */
export function method<const Params extends readonly Param<unknown>[]>(
  params: Params,
  run: (args: Values<Params>, context: CallContext) => unknown
): Method {
  return { params, run: (args, context) => run(args as Values<Params>, context) }
}

/** A message of a client, as far as it could be read. SPEC: JSON-RPC 2.0. */
export interface Request {
  /** Absent in a notification. */
  readonly id: unknown
  readonly hasId: boolean
  readonly name: string
  readonly params: unknown
}

/** What was sent: one message or a batch. @throws RpcError `parse-error`, `invalid-request` */
export function parseRequests(json: string): { readonly batch: boolean; readonly requests: readonly Request[] } {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new RpcError('parse-error', 'parse error', { origin: 'peer' })
  }
  if (!Array.isArray(value)) return { batch: false, requests: [requestOf(value)] }
  if (value.length === 0) throw invalidRequest('empty batch')
  return { batch: true, requests: value.map(requestOf) }
}

export function invalidRequest(message = 'invalid request'): RpcError {
  return new RpcError('invalid-request', message, { origin: 'peer' })
}

function requestOf(value: unknown): Request {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { id: undefined, hasId: false, name: '', params: undefined }
  }
  const field = (name: string): unknown => (Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined)
  const name = field('method')
  return {
    id: field('id'),
    hasId: Object.hasOwn(value, 'id'),
    name: typeof name === 'string' ? name : '',
    params: field('params')
  }
}

/** Whether an id is one that can be answered: no object and no array. */
export function isAnswerable(request: Request): boolean {
  return request.hasId && (typeof request.id !== 'object' || request.id === null)
}

/** Arguments by position. @throws RpcError `invalid-params` */
export function decodeArguments(params: unknown, wanted: readonly Param<unknown>[]): readonly unknown[] {
  if (params !== undefined && params !== null && !Array.isArray(params)) throw invalidParams('non-array args')
  const given: readonly unknown[] = params ?? []
  const values: unknown[] = []
  for (const [index, json] of given.entries()) {
    const param = wanted[index]
    if (param === undefined) throw invalidParams(`too many arguments, want at most ${wanted.length}`)
    try {
      values.push(param.decode(json))
    } catch (error) {
      throw RpcError.is(error) ? invalidParams(`invalid argument ${index}: ${error.message}`) : error
    }
  }
  if (values.length < wanted.length) throw invalidParams(`missing value for required argument ${values.length}`)
  return values
}

/** A JSON-RPC answer, ready to be serialised. */
export type Answer =
  | { readonly jsonrpc: '2.0'; readonly id: unknown; readonly result: unknown }
  | {
      readonly jsonrpc: '2.0'
      readonly id: unknown
      readonly error: { readonly code: number; readonly message: string }
    }

export function resultAnswer(id: unknown, result: unknown): Answer {
  return { jsonrpc: '2.0', id, result: result === undefined ? null : result }
}

/** What a client is told about an error: texts of our own errors, nothing of anybody else's. */
export function errorAnswer(id: unknown, error: unknown): Answer {
  const message = RpcError.is(error) ? error.message : 'internal error'
  return { jsonrpc: '2.0', id: id ?? null, error: { code: jsonRpcNumber(error), message } }
}
