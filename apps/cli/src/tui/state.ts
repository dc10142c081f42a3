import type { Chat, ChatRef, LedgerEntry, Message, MessageId, PublicKey } from '@status-stack/status-client'
import { printable } from '../output.ts'
import { chatName, hexKey, shortKey } from '../view.ts'
import { type Editor, emptyEditor } from './editor.ts'

/** One row of the list of chats. */
export interface ChatItem {
  /** As the protocol names it: see `Chat.id`. */
  readonly id: string
  readonly chat: ChatRef
  readonly title: string
  readonly unread: number
  readonly mentions: number
  /** `request`, `invited`, `3 members`: what is special about it. */
  readonly about: string
  readonly lastClock: number
}

/** The chat that is looked at, with the part of its history that is loaded. */
export interface Conversation {
  readonly id: string
  readonly chat: ChatRef
  /** Oldest first. */
  readonly messages: readonly Message[]
  /** Nothing older is stored. */
  readonly complete: boolean
  readonly loading: boolean
}

/** A page over the messages: help, a QR code, search results. */
export interface Panel {
  readonly title: string
  readonly lines: readonly string[]
  /** A picture: its lines are never wrapped, and it is drawn as dark on light. */
  readonly picture?: readonly string[]
}

/** A completion that Tab walks through. */
export interface Completion {
  readonly start: number
  readonly end: number
  readonly values: readonly string[]
  readonly index: number
}

export interface State {
  readonly self: PublicKey
  readonly width: number
  readonly height: number
  /** Most recent first, requests last. */
  readonly chats: readonly ChatItem[]
  readonly conversation?: Conversation | undefined
  /** Names of everybody seen so far, by `0x04…` key. */
  readonly people: Readonly<Record<string, string>>
  /** What is known about the delivery of the loaded messages of ours. */
  readonly ledger: Readonly<Record<MessageId, LedgerEntry>>
  readonly editor: Editor
  readonly completion?: Completion | undefined
  /** Lines between the newest line and the bottom of the pane. */
  readonly scroll: number
  readonly panel?: Panel | undefined
  /** Lines above the panel's first shown line. */
  readonly panelScroll: number
  /** What happened, oldest first. */
  readonly notices: readonly string[]
  /** The last notice is shown until something is typed and sent. */
  readonly noticeShown: boolean
  readonly progress?: string | undefined
  readonly peers: number
  /** A peer has been attached before: what is missing now was lost, not awaited. */
  readonly wasConnected: boolean
}

export function initialState(self: PublicKey, width: number, height: number): State {
  return {
    self,
    width,
    height,
    chats: [],
    people: {},
    ledger: {},
    editor: emptyEditor,
    scroll: 0,
    panelScroll: 0,
    notices: [],
    noticeShown: false,
    peers: 0,
    wasConnected: false
  }
}

/** The id that the client gives the chat. */
export function chatId(chat: ChatRef): string {
  if (chat.kind === 'public') return chat.name
  return chat.kind === 'one-to-one' ? hexKey(chat.publicKey) : chat.id
}

/** A person's name: a verified one, else the short key. */
export const nameOf = (state: Pick<State, 'people'>, publicKey: PublicKey): string =>
  state.people[hexKey(publicKey)] ?? shortKey(publicKey)

export function titleOf(state: Pick<State, 'people'>, chat: ChatRef, group?: string): string {
  if (chat.kind === 'one-to-one') return nameOf(state, chat.publicKey)
  return group === undefined || group === '' ? chatName(chat) : printable(group)
}

export function itemOf(state: Pick<State, 'people'>, chat: Chat): ChatItem {
  const { group } = chat
  const about = [
    ...(chat.request ? ['request: /accept'] : []),
    ...(group === undefined
      ? []
      : !group.member
        ? ['not a member']
        : [`${group.members.length} members`, ...(group.joined ? [] : ['invited: /accept'])])
  ]
  return {
    id: chat.id,
    chat: chat.chat,
    title: titleOf(state, chat.chat, group?.name),
    unread: chat.unread,
    mentions: chat.unreadMentions,
    about: about.join(', '),
    lastClock: chat.lastClock
  }
}
