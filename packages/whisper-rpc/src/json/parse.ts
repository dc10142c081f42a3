import { scanJsonCallsSliced } from '@status-stack/utils'
import { RpcError } from '../errors.ts'
import { type JsonLimits, jsonLimits } from '../limits.ts'

/** A call of a client, as far as it could be read. SPEC: JSON-RPC 2.0. */
export interface JsonRpcRequest {
  /**
   * The id as JSON, exactly as it was written. Absent in a notification, and for an id that cannot be answered: an object or an
   * array.
   */
  readonly id: string | undefined
  /** Whether the call has an id at all, even one that cannot be answered. */
  readonly hasId: boolean
  /** Empty for what is no call. */
  readonly name: string
  /** As it was sent, of any form; `undefined` when there are none. */
  readonly params: unknown
}

/** What a client sent: one call, or a batch of them. */
export interface JsonRpcText {
  /** Whether it was an array: the answer is one then. */
  readonly batch: boolean
  /** In the order of the text; one unless it is a batch. */
  readonly requests: readonly JsonRpcRequest[]
}

/** What is no call, or no batch that is answered: -32600. */
export function invalidRequest(message = 'invalid request'): RpcError {
  return new RpcError('invalid-request', message, { origin: 'peer' })
}

/**
 * Reads one JSON text. Depth and number of values are bounded before it is parsed.
 *
 * @example
 * ```ts
 * const { requests } = await parseJsonRpc('{"jsonrpc":"2.0","id":9007199254740993,"method":"net_version"}')
 * requests[0]?.id // '9007199254740993'
 * ```
 * @throws RpcError `parse-error`, `invalid-request`
 */
export async function parseJsonRpc(json: string, limits: JsonLimits = jsonLimits): Promise<JsonRpcText> {
  const { maxDepth, maxItems } = limits
  // BOUNDED: limits.maxDepth and maxItems, before `JSON.parse` builds anything: 5 MB of brackets would keep it for more than a second.
  const { exceeds, ids } = await scanJsonCallsSliced(json, { maxDepth, maxValues: maxItems })
  if (exceeds === 'depth') throw invalidRequest(`request has too deep nesting, at most ${maxDepth}`)
  if (exceeds !== undefined) throw invalidRequest(`request has too many values, at most ${maxItems}`)
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new RpcError('parse-error', 'parse error', { origin: 'peer' })
  }
  if (!Array.isArray(value)) return { batch: false, requests: [requestOf(value, ids.get(0))] }
  if (value.length === 0) throw invalidRequest('empty batch')
  return { batch: true, requests: value.map((call, at) => requestOf(call, ids.get(at))) }
}

function requestOf(value: unknown, id: string | undefined): JsonRpcRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { id: undefined, hasId: false, name: '', params: undefined }
  }
  const field = (name: string): unknown => (Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined)
  const name = field('method')
  return {
    id,
    hasId: Object.hasOwn(value, 'id'),
    name: typeof name === 'string' ? name : '',
    params: field('params')
  }
}
