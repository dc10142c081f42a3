import type { ChatFact, ContactFact, LedgerFact, MessageFact } from '@status-stack/account-rpc/methods'
import type { ChatJson } from '@status-stack/account-rpc/targets'
import type { Key } from './keys.ts'
import type { Panel, State } from './state.ts'

/** Everything that can happen to the state. Messages are oldest first. */
export type Action =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'resize'; readonly width: number; readonly height: number }
  /** A chat as it is now; `known` when it is read from the store and nothing has happened to it. */
  | { readonly type: 'chat'; readonly chat: ChatFact; readonly known?: boolean | undefined }
  | { readonly type: 'contact'; readonly contact: ContactFact }
  /** A chat is looked at. */
  | {
      readonly type: 'opened'
      readonly chat: ChatJson
      readonly messages: readonly MessageFact[]
      readonly complete: boolean
      /** The line of this chat as it is stored. */
      readonly draft?: string | undefined
      /** They stand around this message, which is to be shown; without it they are the newest. */
      readonly around?: { readonly messageId: string; readonly hasNewer: boolean } | undefined
    }
  /** What was asked for with `switch`, or by a command that leads to another chat, has come to its end. */
  | { readonly type: 'arrived'; readonly opened: boolean }
  | {
      readonly type: 'older'
      readonly id: string
      readonly messages: readonly MessageFact[]
      /** The first of them is the oldest that is stored. */
      readonly complete: boolean
      /** They are the first page of the chat, or a page around a message: what lies between them and the window was not read. */
      readonly leap?: boolean
    }
  | {
      readonly type: 'newer'
      readonly id: string
      readonly messages: readonly MessageFact[]
      /** The last of them is the newest that is stored. */
      readonly complete: boolean
    }
  /** A mailserver was asked for so many days before the oldest message. */
  | { readonly type: 'asked'; readonly id: string; readonly days: number }
  | { readonly type: 'top' }
  | { readonly type: 'message'; readonly message: MessageFact }
  | { readonly type: 'changed'; readonly message: MessageFact }
  | { readonly type: 'ledger'; readonly entries: readonly LedgerFact[] }
  | { readonly type: 'peers'; readonly count: number }
  /** The daemon whose account this is has ended, or is there again. */
  | { readonly type: 'daemon'; readonly is: 'attached' | 'gone' }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'progress'; readonly text?: string | undefined }
  | { readonly type: 'panel'; readonly panel: Panel }
  /** What a search has found so far, newest first. */
  | { readonly type: 'hits'; readonly title: string; readonly hits: readonly MessageFact[] }
  /** The text came back from an external editor. */
  | { readonly type: 'written'; readonly text: string }

/** What the state wants done outside of it. */
export type Effect =
  /** Reads the chat anew. */
  | { readonly type: 'open'; readonly chat: ChatJson }
  /** Goes to another chat: keys wait for it. */
  | { readonly type: 'switch'; readonly chat: ChatJson }
  | { readonly type: 'older' | 'newer' | 'oldest' | 'archive' }
  /** Goes to a message, wherever it is: keys wait for it. */
  | { readonly type: 'jump'; readonly chat: ChatJson; readonly messageId: string }
  | { readonly type: 'seen'; readonly chat: ChatJson }
  | { readonly type: 'send'; readonly chat: ChatJson; readonly text: string }
  | { readonly type: 'command'; readonly name: string; readonly rest: string }
  /** Something that a person is to notice: in which chat, and what, without its content. */
  | { readonly type: 'bell'; readonly title: string; readonly text: string }
  | { readonly type: 'cancel' | 'edit' | 'suspend' | 'redraw' | 'quit' }

export interface Update {
  readonly state: State
  readonly effects: readonly Effect[]
}

export const withEffects = (state: State, ...effects: Effect[]): Update => ({ state, effects })
