import { StackError, type StackErrorOptions } from '@status-stack/interface'

/** What the messenger of a terminal can refuse or fail with. Codes are only ever added. */
export type ChatErrorCode =
  | 'chat-command'
  | 'unknown-command'
  | 'editor'
  | 'opener'
  | 'picture'
  | 'not-sent'
  | 'daemon-gone'
  | 'internal'

/**
 * A refusal or failure of the messenger: a sentence, a stable code, and what to do about it. Origin `caller` is about what was typed.
 *
 * @example
 * ```ts
 * const wasTyped = (error: unknown): boolean => error instanceof ChatError && error.origin === 'caller'
 * ```
 */
export class ChatError extends StackError<ChatErrorCode> {
  override readonly name = 'ChatError'

  constructor(origin: StackErrorOptions['origin'], code: ChatErrorCode, message: string, hint?: string) {
    super(code, message, { origin, hint })
  }
}
