import type { Chat, ChatRef, Contact, LedgerEntry, Message } from '@status-stack/status-client'
import type { Key } from './keys.ts'
import type { Panel, State } from './state.ts'

/** Everything that can happen to the state. Messages are oldest first. */
export type Action =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'resize'; readonly width: number; readonly height: number }
  | { readonly type: 'chat'; readonly chat: Chat }
  | { readonly type: 'contact'; readonly contact: Contact }
  /** A chat is looked at. */
  | {
      readonly type: 'opened'
      readonly chat: ChatRef
      readonly messages: readonly Message[]
      readonly complete: boolean
    }
  | {
      readonly type: 'older'
      readonly id: string
      readonly messages: readonly Message[]
      readonly complete: boolean
      /** On the way to the beginning: no person reads here. */
      readonly leap?: boolean
    }
  | { readonly type: 'newer'; readonly id: string; readonly messages: readonly Message[] }
  /** A mailserver was asked for so many days before the oldest message. */
  | { readonly type: 'asked'; readonly id: string; readonly days: number }
  | { readonly type: 'top' }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'changed'; readonly message: Message }
  | { readonly type: 'ledger'; readonly entries: readonly LedgerEntry[] }
  | { readonly type: 'peers'; readonly count: number }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'progress'; readonly text?: string | undefined }
  | { readonly type: 'panel'; readonly panel: Panel }
  /** The text came back from an external editor. */
  | { readonly type: 'written'; readonly text: string }
  | { readonly type: 'next' }

/** What the state wants done outside of it. */
export type Effect =
  | { readonly type: 'open'; readonly chat: ChatRef }
  | { readonly type: 'older' | 'newer' | 'oldest' | 'archive' }
  | { readonly type: 'seen'; readonly chat: ChatRef }
  | { readonly type: 'send'; readonly chat: ChatRef; readonly text: string }
  | { readonly type: 'command'; readonly name: string; readonly rest: string }
  | { readonly type: 'cancel' | 'edit' | 'suspend' | 'redraw' | 'bell' | 'quit' }

export interface Update {
  readonly state: State
  readonly effects: readonly Effect[]
}

export const only = (state: State, ...effects: Effect[]): Update => ({ state, effects })
