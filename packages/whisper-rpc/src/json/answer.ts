import { jsonRpcNumber, RpcError } from '../errors.ts'

/** A result that is JSON already, made in slices where the whole would take long. */
export class RawJson {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }
}

/** The answer to a call, as JSON. `id` is JSON too and goes back as it came. */
export function resultAnswer(id: string, result: unknown): string {
  const json = result instanceof RawJson ? result.json : JSON.stringify(result === undefined ? null : result)
  return `{"jsonrpc":"2.0","id":${id},"result":${json}}`
}

/** What a client is told about an error, as JSON: texts of our own errors, none of anything else. */
export function errorAnswer(id: string | undefined, error: unknown): string {
  const message = RpcError.is(error) ? error.message : 'internal error'
  return `{"jsonrpc":"2.0","id":${id ?? 'null'},"error":${JSON.stringify({ code: jsonRpcNumber(error), message })}}`
}
