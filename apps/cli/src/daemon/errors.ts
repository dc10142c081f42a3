import { CliError, describeError } from '../errors.ts'
import { ArgumentError } from './arguments.ts'

/** JSON-RPC's numbers. Whatever a method refuses is `failed`, with the code of its reason in `data.code`. */
export const rpcCodes = Object.freeze({
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  failed: -32000
})

/** Every code in `data.code` of a refusal. Documented in docs/daemon.md; a test compares the two, and both with what is thrown. */
export const refusalCodes = [
  'unknown-chat',
  'unknown-message',
  'other-chat',
  'unknown-device',
  'no-attachment',
  'not-a-member',
  'not-an-admin',
  'not-yours',
  'blocked',
  'policy',
  'too-large',
  'limit',
  'invalid-argument',
  'public-key',
  'chat-name',
  'link',
  'unsupported-link',
  'message-id',
  'emoji',
  'image',
  'audio',
  'sticker',
  'range',
  'history-failed',
  'mailserver-refused',
  'mailserver-timeout',
  'mailserver-lost',
  'mailserver-flood',
  'mailserver-unreachable',
  'store-failed',
  'disk-full',
  'stopped'
] as const

/** A call that is wrong in itself. */
export class CallError extends Error {
  readonly number: number
  constructor(number: number, message: string) {
    super(message)
    this.number = number
  }
}

export interface RpcFault {
  readonly code: number
  readonly message: string
  readonly data?: { readonly code: string; readonly hint?: string }
}

/** What a caller is told of a thrown value: codes and sentences, never content. */
export function faultOf(error: unknown): RpcFault {
  if (error instanceof CallError) return { code: error.number, message: error.message }
  if (error instanceof ArgumentError) return { code: rpcCodes.params, message: error.message }
  const { code, message, hint } = describeError(error)
  return { code: rpcCodes.failed, message, data: { code, ...(hint === undefined ? {} : { hint }) } }
}

/** The same for the program that called: an error with its exit code. */
export function errorOf(fault: unknown): CliError {
  const { code, message, data } = (typeof fault === 'object' && fault !== null ? fault : {}) as Partial<RpcFault>
  const text = typeof message === 'string' ? message : 'the daemon answered with an error it does not name'
  if (code === rpcCodes.method) return new CliError('usage', 'no-method', text)
  if (code === rpcCodes.params || code === rpcCodes.request) return new CliError('usage', 'params', text)
  if (data?.code === 'disk-full') return new CliError('full', data.code, text, data.hint)
  return new CliError('failed', data?.code ?? 'daemon', text, data?.hint)
}
