import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type CommandLineErrorCode =
  /** A setting that does not fit, is not known, or stands in a file that is no TOML. */
  | 'config'
  /** A command line without a word, or with a quote that is not closed. */
  | 'command'

/** The one error class of this package. Never repeats what a setting holds: it may be a secret. */
export class CommandLineError extends StackError<CommandLineErrorCode> {
  override readonly name = 'CommandLineError'

  constructor(code: CommandLineErrorCode, message: string, hint?: string) {
    super(code, message, { origin: 'caller', hint })
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is CommandLineError {
    return isStackError(value, 'CommandLineError')
  }
}
