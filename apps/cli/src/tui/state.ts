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
  /** Of a stranger, and not accepted yet. */
  readonly request: boolean
  readonly lastClock: number
}

/** The chat that is looked at, with the window of its history that is in memory. */
export interface Conversation {
  readonly id: string
  readonly chat: ChatRef
  /** Oldest first. */
  readonly messages: readonly Message[]
  /** Nothing older is stored. */
  readonly complete: boolean
  /** Messages are being read; how they are asked for. */
  readonly loading?: 'older' | 'newer' | undefined
  /**
   * Pages between the window and the newest message, newest first, each named by its oldest message: what is left when
   * one scrolls far back. Empty when the window reaches the newest message.
   */
  readonly newer: readonly MessageId[]
  /** The first message that had not been seen when the chat was opened. */
  readonly unreadFrom?: MessageId | undefined
  /** Arrived below what is shown. */
  readonly below: number
  /** How far back a mailserver was asked by scrolling, days before the oldest stored message. */
  readonly askedDays: number
}

/** A page over the messages: help, a QR code, search results. */
export interface Panel {
  readonly title: string
  /** One may hold several lines. */
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
  readonly network: Network
  /** The terminal has the keyboard, as far as it says. */
  readonly focused: boolean
  /** Ctrl+X was pressed: the next key says what it begins. */
  readonly prefix: boolean
}

/** What was configured: decides what an empty screen advises. */
export interface Network {
  readonly peers: number
  readonly listens: boolean
  readonly mailservers: number
}

export const noNetwork: Network = Object.freeze({ peers: 0, listens: false, mailservers: 0 })

export function initialState(self: PublicKey, width: number, height: number, network: Network = noNetwork): State {
  return {
    self,
    width,
    height,
    network,
    focused: true,
    prefix: false,
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
    request: chat.request,
    lastClock: chat.lastClock
  }
}
