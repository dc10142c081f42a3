import { invalidParams, RpcError } from './errors.ts'
import type { Param } from './values/go-json.ts'

/** What a method learns of its call beside the arguments. */
export interface CallContext {
  /** Aborted when the client is gone or the API stops. */
  readonly signal: AbortSignal
  /** Who makes the call, for what clients share: the same value for each call of one client. */
  readonly client: unknown
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
