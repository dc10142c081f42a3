import type { Rpc } from '../rpc.ts'

/** A parsed JSON-RPC answer. */
export interface RpcAnswer {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

/** Calls methods of an API by name: `result` of the answer, or an error with its code and text. */
export function callerOf(rpc: Pick<Rpc, 'call'>): (method: string, ...params: readonly unknown[]) => Promise<unknown> {
  let id = 0
  return async (method, ...params) => {
    const answered = await rpc.call(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }))
    const { result, error } = JSON.parse(answered ?? '{}') as RpcAnswer
    if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code })
    return result
  }
}
