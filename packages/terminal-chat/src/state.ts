import type { ChatFact, LedgerFact, MessageFact } from '@status-stack/account-rpc/methods'
import { type ChatJson, chatName, type KeyHex } from '@status-stack/account-rpc/targets'
import { type Names, type Naming, type PersonName, personName, shownPerson } from '@status-stack/account-rpc/words'
import type { AliasWords } from '@status-stack/status-accounts'
import { printable } from '@status-stack/utils'
import { type Editor, emptyEditor } from './editor.ts'
import type { Key } from './keys.ts'

/** One row of the list of chats. */
export interface ChatItem {
  /** As the protocol names it: see `Chat.id`. */
  readonly id: string
  readonly chat: ChatJson
  readonly title: string
  readonly unread: number
  readonly mentions: number
  /** `request`, `invited`, `3 members`: what is special about it. */
  readonly about: string
  /** Of a stranger, and not accepted yet. */
  readonly request: boolean
  /** A group that we were put in, and have not joined. */
  readonly invited: boolean
  /** No notices of it are wanted. */
  readonly muted: boolean
  readonly lastClock: number
}

/** The chat that is looked at, with the window of its history that is in memory. */
export interface Conversation {
  readonly id: string
  readonly chat: ChatJson
  /** Oldest first. */
  readonly messages: readonly MessageFact[]
  /** Nothing older is stored. */
  readonly complete: boolean
  /** Messages are being read; how they are asked for. */
  readonly loading?: 'older' | 'newer' | undefined
  /** The window does not reach the newest message: what lies between is read from the store on the way down. */
  readonly hasNewer: boolean
  /** The first message that had not been seen when the chat was opened. */
  readonly unreadFrom?: string | undefined
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
  /** What a search has found, one of which can be chosen; it stands in place of the lines. */
  readonly hits?: readonly MessageFact[]
  /** Which of the hits is chosen. */
  readonly at?: number
}

/** A completion that Tab walks through. */
export interface Completion {
  readonly start: number
  readonly end: number
  readonly values: readonly string[]
  readonly index: number
}

export interface State {
  readonly self: KeyHex
  readonly width: number
  readonly height: number
  /** Most recent first, requests last. */
  readonly chats: readonly ChatItem[]
  readonly conversation?: Conversation | undefined
  /** Names of everybody seen so far, by `0x04…` key. */
  readonly people: Readonly<Record<KeyHex, PersonName>>
  /** Groups that were looked at in this run: their invitations count no more. BOUNDED: by the chats that a person opens. */
  readonly invitationsSeen: readonly string[]
  /** What decides their names. */
  readonly naming: Naming
  /** What is known about the delivery of the loaded messages of ours. */
  readonly ledger: Readonly<Record<string, LedgerFact>>
  /** The line of the chat that is looked at. */
  readonly editor: Editor
  /** The lines of the chats that were looked at before, by their ids. BOUNDED: by the chats that a person opens. */
  readonly drafts: Readonly<Record<string, string>>
  /** Typed since another chat was asked for; it waits for that chat. */
  readonly typedAhead?: readonly Key[] | undefined
  readonly completion?: Completion | undefined
  /** Lines between the newest line and the bottom of the pane. */
  readonly scroll: number
  /** The message that is chosen, by its id: highlighted, and kept in sight. */
  readonly selected?: string | undefined
  /** Keys are about the message that is chosen, or about what is done with it. */
  readonly choosing?: 'message' | 'reaction' | 'deletion' | undefined
  /** What stood in the line before a message was taken into it to be changed. */
  readonly stash?: string | undefined
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
  /** The account is that of a daemon, which may have ended; undefined when it is this process's own. */
  readonly daemon?: 'attached' | 'gone' | undefined
  /** The terminal has the keyboard, as far as it says. */
  readonly focused: boolean
  /** Ctrl+X was pressed: the next key says what it begins. */
  readonly prefix: boolean
}

/** What was configured: decides what an empty screen advises. */
export interface Network {
  /** Nodes that were named to connect to. */
  readonly peers: number
  /** Whether others can connect to us. */
  readonly listens: boolean
  /** Mailservers that were named. */
  readonly mailservers: number
}

const noNetwork: Network = Object.freeze({ peers: 0, listens: false, mailservers: 0 })

export function initialState(
  self: KeyHex,
  width: number,
  height: number,
  network: Network = noNetwork,
  words?: AliasWords
): State {
  return {
    self,
    naming: { self, words },
    width,
    height,
    network,
    focused: true,
    prefix: false,
    chats: [],
    people: {},
    invitationsSeen: [],
    ledger: {},
    editor: emptyEditor,
    drafts: {},
    scroll: 0,
    panelScroll: 0,
    notices: [],
    noticeShown: false,
    peers: 0,
    wasConnected: false
  }
}

type People = Pick<State, 'people' | 'naming'> & Partial<Pick<State, 'chats'>>

/** What people and groups are called, as far as they were met. */
export const namesOf = ({ people, naming, chats = [] }: People): Names => ({
  person: publicKey => people[publicKey] ?? personName(publicKey, undefined, naming),
  group: id => chats.find(item => item.id === id)?.title
})

/** A person's name, with the mark of a verified one. */
export const nameOf = (state: People, publicKey: KeyHex): string => shownPerson(namesOf(state).person(publicKey))

export function titleOf(state: People, chat: ChatJson, group?: string): string {
  if (chat.kind === 'one-to-one') return nameOf(state, chat.publicKey)
  return group === undefined || group === '' ? chatName(chat) : printable(group)
}

export function itemOf(state: People & Pick<State, 'invitationsSeen'>, chat: ChatFact): ChatItem {
  const { group, muted } = chat
  const invited = group?.member === true && !group.joined
  const news = invited && !state.invitationsSeen.includes(chat.id) ? 1 : 0
  const about = [
    ...(muted ? ['muted'] : []),
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
    unread: chat.unread + news,
    mentions: chat.unreadMentions,
    about: about.join(', '),
    request: chat.request,
    invited,
    muted,
    lastClock: chat.lastClock
  }
}
