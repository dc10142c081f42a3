import type { ChatFact, ContactFact, MessageFact } from '@status-stack/account-rpc/methods'
import type { KeyHex } from '@status-stack/account-rpc/targets'
import { personName } from '@status-stack/account-rpc/words'
import { type ChatItem, itemOf, type State, titleOf } from './state.ts'

/** BOUNDED: names kept of people met; a forgotten one is shown as the short key again. */
const keptPeople = 2000

/** Most recent first, requests last. */
export function sorted(chats: readonly ChatItem[]): readonly ChatItem[] {
  return chats.toSorted(
    (a, b) => Number(a.request) - Number(b.request) || b.lastClock - a.lastClock || (a.title < b.title ? -1 : 1)
  )
}

export function withChat(state: State, chat: ChatFact): State {
  const keys = [
    ...(chat.chat.kind === 'one-to-one' ? [chat.chat.publicKey] : []),
    ...(chat.group?.members.map(({ publicKey }) => publicKey) ?? [])
  ]
  const known = keys.reduce(withPerson, state)
  const others = known.chats.filter(({ id }) => id !== chat.id)
  // What was left stays only while it is looked at.
  const listed = chat.active || chat.unread > 0 || known.conversation?.id === chat.id
  return { ...known, chats: sorted(listed ? [...others, itemOf(known, chat)] : others) }
}

export function withPerson(state: State, publicKey: KeyHex): State {
  if (state.people[publicKey] !== undefined || publicKey === state.self) return state
  return { ...state, people: bounded({ ...state.people, [publicKey]: personName(publicKey, undefined, state.naming) }) }
}

export function withContact(state: State, contact: ContactFact): State {
  const { naming } = state
  const people = bounded({ ...state.people, [contact.publicKey]: personName(contact.publicKey, contact, naming) })
  const chats = state.chats.map(item =>
    item.chat.kind === 'one-to-one' ? { ...item, title: titleOf({ people, naming }, item.chat) } : item
  )
  return { ...state, people, chats }
}

export function withAuthors(state: State, messages: readonly MessageFact[]): State {
  return messages.reduce((known, { author }) => withPerson(known, author), state)
}

function bounded(people: State['people']): State['people'] {
  const entries = Object.entries(people)
  return entries.length <= keptPeople ? people : Object.fromEntries(entries.slice(-keptPeople))
}
