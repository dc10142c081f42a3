import type { Account } from '@status-stack/account-rpc'
import type { AttachmentFact } from '@status-stack/account-rpc/methods'
import type { ChatJson, KeyHex } from '@status-stack/account-rpc/targets'
import type { Output } from '@status-stack/account-rpc/words'
import type { AliasWords } from '@status-stack/status-accounts'
import type { Environment } from './environment.ts'
import type { PictureKind } from './pictures.ts'
import type { Network, State } from './state.ts'
import type { NoticeKind } from './terminal-notices.ts'

/** An account that is at work: of this process, or of a daemon. */
export interface OpenChat {
  /** What the messenger shows and acts on. */
  readonly account: Account
  /** Goes online; answers where others can connect to, if it listens. The daemon of an attached one is online already. */
  readonly start: () => Promise<string | undefined>
  /** Goes offline and closes what was opened; an attached account is only let go of. */
  readonly stop: () => Promise<void>
  /** Resolves once these messages have left; rejects with what to tell the person when they do not. */
  readonly untilPosted: (messageIds: readonly string[], signal: AbortSignal) => Promise<void>
}

/** What a daemon that ends, or is there again, is told to. */
export type OnDaemon = (is: NonNullable<State['daemon']>) => void

/** The account that the messenger begins with, on the full screen and line by line. */
export interface Opening {
  /** Our own key: what we wrote is shown as ours. */
  readonly self: KeyHex
  /** Finds the chat to begin with; rejects when a person or group of that name is not known. */
  readonly target: ((account: Account) => Promise<ChatJson>) | undefined
  /** What was configured. */
  readonly network: Network
  /** The lists that three-word names are made of, where a person has them. */
  readonly words: AliasWords | undefined
  /** `attached` when the account is that of a daemon. */
  readonly daemon: State['daemon']
  /** What a contact link names besides the key: URLs of nodes, without passwords. */
  readonly peers: readonly string[]
  /** The same link's mailservers. */
  readonly mailservers: readonly string[]
  /** Opens the account; `onDaemon` is told when its daemon goes or comes back. */
  readonly open: (output: Output, onDaemon: OnDaemon) => Promise<OpenChat>
}

/** What the person has chosen of the terminal's abilities; `auto` goes by what the terminal says of itself. */
export interface ChatSettings {
  /** Whether the terminal rings for what asks for attention. */
  readonly bell: 'on' | 'off'
  /** How notices reach the desktop: `off`, or one of the ways that terminals have. */
  readonly notify: 'auto' | 'off' | NoticeKind
  /** How pictures are drawn: `off`, or one of the ways that terminals have. */
  readonly pictures: 'auto' | 'off' | PictureKind
  /** Command that opens pictures and sounds; that of the system without. */
  readonly opener: string | undefined
}

/** Files that the person names. */
export interface ChatFiles {
  /** All of a file. Rejects when it is longer than `maxBytes`, or no regular file. */
  readonly read: (path: string, maxBytes: number) => Promise<Uint8Array>
  /** Writes the file of a message, never over another; answers where. */
  readonly save: (attachment: AttachmentFact, path: string) => Promise<string>
}

/** An error as people and programs are told of it. */
export interface ToldError {
  /** For programs. */
  readonly code: string
  /** One sentence for people, safe for a terminal. */
  readonly message: string
  /** What the person can do about it. */
  readonly hint?: string | undefined
}

/** What commands need of the program around the messenger. */
export interface CommandSurroundings {
  /** What commands read and write on the disk. */
  readonly files: ChatFiles
  /** Safe for a terminal, whatever was thrown. */
  readonly describe: (error: unknown) => ToldError
  /** The error for a request where no mailserver is known: only the program knows how one is named to it. */
  readonly noMailserver: () => Error
}

/** What the messenger needs of the program that it runs in. */
export interface Surroundings extends CommandSurroundings {
  /** Where facts are told. */
  readonly output: Output
  /** The same for people, printing above a prompt that is drawn again. */
  readonly outputAround: (prompt: { readonly before: () => void; readonly after: () => void }) => Output
  /** What the person has chosen. */
  readonly settings: ChatSettings
  /**
   * What the terminal says of itself, which editor the person has, and where memory that ends with the login is. Editors and viewers get all of
   * it: leave out what is secret.
   */
  readonly environment: Environment
  /** The account's own folder: files that another program looks at lie there when no folder in memory is at hand. */
  readonly folder: string
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal
  /** Aborts when the reader of the output has gone. */
  readonly outputEnded: AbortSignal
  /** Until the answered function is called, `fail` gets errors that were not caught: the terminal is given back first. */
  readonly onFatalError: (fail: (error: unknown) => void) => () => void
}
