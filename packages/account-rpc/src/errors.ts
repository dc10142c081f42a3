import { isStackError, StackError } from '@status-stack/interface'
import { type ArgumentChecks, createArgumentChecks, isDiskFull } from '@status-stack/utils'

/** Every code in `data.code` of a refusal. A test compares the documentation with it, and both with what is thrown. */
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

/** Why a method of an account refuses. Codes are only ever added. */
export type RefusalCode = (typeof refusalCodes)[number]

/**
 * What can be wrong with the connection itself: it has ended, it cannot carry events, or its server refused without a code.
 */
export type ConnectionCode = 'disconnected' | 'no-notifications' | 'refused'

/** What can be wrong with a name that a person typed, which is looked up before a method is called. */
export type NameCode =
  /** No person or group has this name. */
  | 'unknown-name'
  /** More than one has it. */
  | 'several-names'
  /** It names something other than a group. */
  | 'group-id'

/**
 * A refusal of an account's method, on either side of a connection: a sentence, a stable code, and what to do about it.
 *
 * @example
 * ```ts
 * const isLasting = (error: unknown): boolean => AccountError.is(error) && error.code !== 'disconnected'
 * ```
 */
export class AccountError extends StackError<RefusalCode | ConnectionCode | NameCode> {
  override readonly name = 'AccountError'

  constructor(code: RefusalCode | ConnectionCode | NameCode, message: string, hint?: string) {
    super(code, message, { origin: 'caller', hint })
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is AccountError {
    return isStackError(value, 'AccountError')
  }
}

/** Checks of what callers of this package pass. @throws AccountError `invalid-argument` */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  message => new AccountError('invalid-argument', message)
)

/** How a call can be wrong in itself, with JSON-RPC's number for it. */
const callNumbers = Object.freeze({ parse: -32700, request: -32600, method: -32601, params: -32602 })

/** `parse`: not JSON; `request`: no call; `method`: no such method; `params`: wrong parameters. */
export type CallErrorCode = keyof typeof callNumbers

/**
 * A call that is wrong in itself: no method was run.
 *
 * @example
 * ```ts
 * const isMine = (error: unknown): boolean => CallError.is(error) && error.code === 'params'
 * ```
 */
export class CallError extends StackError<CallErrorCode> {
  /** `CallError`, or that of a class below it. */
  override readonly name: string = 'CallError'

  constructor(code: CallErrorCode, message: string) {
    super(code, message, { origin: 'caller' })
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is CallError {
    return isStackError(value, 'CallError') || isStackError(value, 'ArgumentError')
  }
}

/**
 * A parameter is missing, wrong, or not one of the method's.
 *
 * @example
 * ```ts
 * const isArgument = (error: unknown): boolean => error instanceof ArgumentError
 * ```
 */
export class ArgumentError extends CallError {
  override readonly name = 'ArgumentError'

  constructor(message: string) {
    super('params', message)
  }
}

/** An error as JSON-RPC carries it. */
export interface RpcFault {
  readonly code: number
  readonly message: string
  readonly data?: { readonly code: string; readonly hint?: string }
}

/** The number of every refusal by a method; the reason is in `data.code`. */
const refused = -32000

/** What a caller is told of a thrown value: codes and sentences, never content. */
export function faultOf(error: unknown): RpcFault {
  if (CallError.is(error)) return { code: callNumbers[error.code], message: error.message }
  const { code, message, hint } = reasonOf(error)
  return { code: refused, message, data: { code, ...(hint === undefined ? {} : { hint }) } }
}

/** The code and the sentence of a refusal, whatever was thrown. */
function reasonOf(error: unknown): { readonly code: string; readonly message: string; readonly hint?: string } {
  if (AccountError.is(error)) {
    const { code, message, hint } = error
    return { code, message, ...(hint === undefined ? {} : { hint }) }
  }
  if (isDiskFull(error))
    return { code: 'disk-full', message: 'the disk is full', hint: 'free some space and try again' }
  // Texts of errors of other kinds may hold paths or content.
  return isStackError(error)
    ? { code: error.code, message: error.message }
    : { code: 'unexpected', message: 'something unexpected failed' }
}

/** The same on the caller's side. */
export function errorOf(fault: unknown): AccountError | CallError {
  const { code, message, data } = (typeof fault === 'object' && fault !== null ? fault : {}) as Partial<RpcFault>
  const text = typeof message === 'string' ? message : 'the account answered with an error without a message'
  if (code === callNumbers.params) return new ArgumentError(text)
  for (const [name, number] of Object.entries(callNumbers))
    if (number === code) return new CallError(name as CallErrorCode, text)
  // A newer server may have codes that are not known here: they are passed on as they are.
  return new AccountError((data?.code ?? 'refused') as RefusalCode, text, data?.hint)
}
