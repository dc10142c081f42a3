import type { Account } from '@status-stack/account-rpc'
import type { MessageFact } from '@status-stack/account-rpc/methods'
import type { ChatJson } from '@status-stack/account-rpc/targets'
import type { View } from '@status-stack/account-rpc/words'
import type { State } from './state.ts'
import type { CommandSurroundings } from './surroundings.ts'

/** How the messenger shows what a command answers: on the full screen, or line by line. */
export interface Display {
  /** One thing that happened. */
  readonly say: (view: View) => void
  /** What was asked for; `picture` is drawn above it. */
  readonly page: (title: string, views: readonly View[], picture?: readonly string[]) => void
  /** What a search has found so far, to choose from; absent where that cannot be. */
  readonly hits?: ((title: string, found: readonly MessageFact[]) => void) | undefined
  /** What goes on right now, until it is called without a text. */
  readonly progress: (text?: string) => void
  /** Hands the text being written to an external editor. */
  readonly edit: () => Promise<void>
  /** Puts a text into the clipboard, and answers whether it fits; absent where there is no terminal. */
  readonly copy?: ((text: string) => boolean) | undefined
  /** Hands a file to the program that the system has for it. */
  readonly openFile: (name: string, bytes: Uint8Array) => Promise<void>
  /** Shows a picture in the terminal until a key is pressed. */
  readonly showPicture: (bytes: Uint8Array, type: string, name: string) => Promise<void>
  /** There are keys to explain, and a size to keep to. */
  readonly screen: boolean
}

export interface CommandContext extends Display, Pick<CommandSurroundings, 'files' | 'noMailserver'> {
  readonly account: Account
  readonly state: () => State
  /** Shows a chat. */
  readonly open: (chat: ChatJson) => Promise<void>
  /** Shows the next unread chat; answers whether there is one. */
  readonly next: () => Promise<boolean>
  readonly quit: () => void
  /** Aborts when the person wants an end of it. */
  readonly signal: AbortSignal
  /** What the contact link names besides the key: URLs of nodes, without passwords. */
  readonly peers: readonly string[]
  readonly mailservers: readonly string[]
}

export type Handler = (context: CommandContext, rest: string) => Promise<void>

/** A sentence that is its own fact. */
export const done = (text: string, event = 'done'): View => ({ event: { event, text }, text })
