import type { Rpc } from '../rpc.ts'

/** A parsed JSON-RPC answer. */
export interface RpcAnswer {
  /** That of the call. */
  readonly id?: unknown
  /** Present when the call succeeded. */
  readonly result?: unknown
  /** Present when it failed; -32603 and the like, with a text for people. */
  readonly error?: { readonly code: number; readonly message: string }
}

/**
 * Calls methods of an API by name: `result` of the answer, or an error with its code and text.
 *
 * @example
 * ```ts
 * const call = callerOf(createRpc({ whisper }))
 * const id = await call('shh_newKeyPair')
 * ```
 */
export function callerOf(rpc: Pick<Rpc, 'call'>): (method: string, ...params: readonly unknown[]) => Promise<unknown> {
  let id = 0
  return async (method, ...params) => {
    const answered = await rpc.call(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }))
    const { result, error } = JSON.parse(answered ?? '{}') as RpcAnswer
    if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code })
    return result
  }
}
