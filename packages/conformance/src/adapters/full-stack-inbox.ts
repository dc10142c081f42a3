import type { Contact, GroupEvent, Known, PublicKey } from '@status-stack/interface'
import { type Accepted, admit, decode, keyId, messageIdText } from '@status-stack/status-data'
import { mergeGroup, reduceGroup, systemMessageId } from '@status-stack/status-data/rules'
import { vectorHex } from '@status-stack/vectors'
import type { Arrival } from '@status-stack/whisper'

/** What a messenger's user got in one phase, as the vectors spell it. */
export interface Retrieved {
  readonly chats: readonly RetrievedChat[] | null
  readonly contacts: readonly string[] | null
  readonly emojiReactions: readonly RetrievedReaction[] | null
  readonly messages: readonly RetrievedMessage[] | null
}

interface RetrievedChat {
  readonly id: string
  readonly name: string
  /** 1 one-to-one, 2 public, 3 private group. */
  readonly type: number
  readonly active: boolean
  readonly lastClock: string
  readonly members: readonly { readonly id: string; readonly admin: boolean; readonly joined: boolean }[] | null
}

interface RetrievedReaction {
  readonly chatId: string
  readonly from: string
  readonly messageId: string
  readonly retracted: boolean
  readonly type: number
}

interface RetrievedMessage {
  readonly id: string
  readonly chatId: string
  readonly localChatId: string
  readonly from: string
  readonly clock: string
  readonly timestamp: string
  readonly text: string
  readonly responseTo: string
  readonly ensName: string
  readonly contentType: number
  readonly messageType: number
}

/** The application end of a messenger, with as little state as the vectors talk about. */
export interface Inbox {
  /** A wrapper that arrived, or that this messenger sent itself. */
  readonly take: (
    body: Uint8Array,
    seen: { readonly from: PublicKey; readonly sentMs: number; readonly arrival: Arrival }
  ) => void
  /** What came since the last call. */
  readonly retrieve: () => Retrieved
}

interface StoredChat {
  readonly type: number
  active: boolean
  lastClock: number
  events: readonly GroupEvent[]
}

/** What the recorded nodes did is asked for, defects included. */
const rules = 'status-go-0.56.10'

export function createInbox(self: PublicKey, publicChat: string): Inbox {
  const joined: StoredChat = { type: 2, active: true, lastClock: 0, events: [] }
  const chats = new Map<string, StoredChat>([[publicChat, joined]])
  const contacts = new Map<string, Contact>()
  const stored = new Set<string>()
  const reactionClocks = new Map<string, number>()
  let news = noNews()

  const chatOf = (id: string, type: number, active: boolean): StoredChat => {
    const chat = chats.get(id) ?? { type, active, lastClock: 0, events: [] }
    chats.set(id, chat)
    return chat
  }

  /** Events are applied before anything that is said together with them. */
  const mergeEvents = (accepted: Accepted): void => {
    for (const effect of accepted.effects) {
      if (effect.kind !== 'group-events' || effect.events.length === 0) continue
      const merged = mergeGroup(effect.chatId, chats.get(effect.chatId)?.events ?? [], effect.events, rules)
      if (merged.kind === 'refused' || !merged.state.members.includes(keyId(self))) continue
      const chat = chatOf(effect.chatId, 3, true)
      chat.events = merged.events
      news.chats.add(effect.chatId)
      news.messages.push(...merged.added.map(event => systemMessage(effect.chatId, event)))
    }
  }

  const knownOf = (accepted: Accepted): Known => {
    const id = accepted.chat?.id
    const chat = id === undefined ? undefined : chats.get(id)
    const contact = contacts.get(keyId(accepted.author))
    const reactionClock = reactionClocks.get(reactionKey(accepted))
    return {
      self,
      seen: stored.has(messageIdText(accepted.messageId)),
      ...(contact === undefined ? {} : { contact }),
      ...(reactionClock === undefined ? {} : { reactionClock }),
      ...(chat === undefined ? {} : { chat: { active: chat.active, deletedAtClock: 0 } }),
      ...(id === undefined || chat?.type !== 3 ? {} : { group: reduceGroup(id, chat.events, rules).state })
    }
  }

  const take: Inbox['take'] = (body, { from, sentMs, arrival }) => {
    const accepted = decode(body, { transportAuthor: from, sentMs, nowMs: sentMs, arrival, self, rules })
    if (accepted.kind === 'refused') return
    mergeEvents(accepted)
    const admitted = admit(accepted, knownOf(accepted))
    if (admitted.kind === 'refused') return
    const author = keyId(accepted.author)
    if (admitted.contact !== undefined) {
      contacts.set(author, admitted.contact)
      if (accepted.content.kind === 'contact-update') news.contacts.add(author)
    }
    if (accepted.chat !== undefined) {
      const type = accepted.chat.kind === 'group' ? 3 : accepted.chat.kind === 'public' ? 2 : 1
      const chat = chatOf(accepted.chat.id, type, admitted.createsChat !== 'inactive')
      if (admitted.createsChat === 'active') chat.active = true
      chat.lastClock = Math.max(chat.lastClock, accepted.clock)
      news.chats.add(accepted.chat.id)
    }
    const message = chatMessageOf(accepted)
    if (message !== undefined) {
      stored.add(message.id)
      news.messages.push(message)
    }
    const reaction = reactionOf(accepted)
    if (reaction !== undefined) {
      reactionClocks.set(reactionKey(accepted), accepted.clock)
      news.reactions.push(reaction)
    }
  }

  const retrieve = (): Retrieved => {
    const { chats: touched, contacts: changed, messages, reactions } = news
    news = noNews()
    return {
      chats: [...touched].map(id => chatView(id, chats.get(id) as StoredChat)),
      contacts: [...changed],
      emojiReactions: reactions,
      messages
    }
  }
  return { take, retrieve }
}

function noNews() {
  return {
    chats: new Set<string>(),
    contacts: new Set<string>(),
    messages: [] as RetrievedMessage[],
    reactions: [] as RetrievedReaction[]
  }
}

function chatView(id: string, { type, active, lastClock, events }: StoredChat): RetrievedChat {
  const view = { id, name: id, type, active, lastClock: String(lastClock) }
  if (type !== 3) return { ...view, members: null }
  const { name, members, admins, joined } = reduceGroup(id, events, rules).state
  const people = members.map(member => ({
    id: member,
    admin: admins.includes(member),
    joined: joined.includes(member)
  }))
  return { ...view, name, members: people }
}

function systemMessage(chatId: string, event: GroupEvent): RetrievedMessage {
  return {
    id: vectorHex(systemMessageId(event)),
    chatId,
    localChatId: chatId,
    from: event.author,
    clock: String(event.clock),
    timestamp: '',
    text: '',
    responseTo: '',
    ensName: '',
    contentType: 6,
    messageType: 4
  }
}

function chatMessageOf({ payload, chat, messageId, author }: Accepted): RetrievedMessage | undefined {
  const message =
    payload.name === 'chat-message'
      ? payload.message
      : payload.name === 'membership-update'
        ? payload.message.message
        : undefined
  if (message === undefined || chat === undefined) return undefined
  const { chatId, clock, timestamp, text, responseTo, ensName, contentType, messageType } = message
  return {
    id: messageIdText(messageId),
    chatId,
    localChatId: chat.id,
    from: keyId(author),
    clock: String(clock),
    timestamp: String(timestamp),
    text,
    responseTo,
    ensName,
    contentType,
    messageType
  }
}

function reactionOf({ payload, author }: Accepted): RetrievedReaction | undefined {
  const reaction =
    payload.name === 'emoji-reaction'
      ? payload.message
      : payload.name === 'membership-update'
        ? payload.message.emojiReaction
        : undefined
  if (reaction === undefined) return undefined
  const { chatId, messageId, retracted, type } = reaction
  return { chatId, from: keyId(author), messageId, retracted, type }
}

/** One reaction per author, message and emoji. */
function reactionKey(accepted: Accepted): string {
  const reaction = reactionOf(accepted)
  return reaction === undefined ? '' : `${reaction.from} ${reaction.messageId} ${reaction.type}`
}
