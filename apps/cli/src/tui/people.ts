import { type Chat, type Contact, type Message, shownName } from '@status-stack/status-client'
import { printable } from '../output.ts'
import { hexKey, shortKey } from '../view.ts'
import { type ChatItem, itemOf, type State, titleOf } from './state.ts'

/** BOUNDED: names kept of people met; a forgotten one is shown as the short key again. */
export const keptPeople = 2000

/** Most recent first, requests last. */
export function sorted(chats: readonly ChatItem[]): readonly ChatItem[] {
  return chats.toSorted(
    (a, b) => Number(a.request) - Number(b.request) || b.lastClock - a.lastClock || (a.title < b.title ? -1 : 1)
  )
}

export function withChat(state: State, chat: Chat): State {
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

export function withPerson(state: State, publicKey: Uint8Array): State {
  const key = hexKey(publicKey)
  if (state.people[key] !== undefined || key === hexKey(state.self)) return state
  return { ...state, people: bounded({ ...state.people, [key]: shortKey(publicKey) }) }
}

export function withContact(state: State, contact: Contact): State {
  const name = shownName(contact)
  const people = bounded({
    ...state.people,
    [hexKey(contact.publicKey)]: name === undefined ? shortKey(contact.publicKey) : printable(name)
  })
  const chats = state.chats.map(item =>
    item.chat.kind === 'one-to-one' ? { ...item, title: titleOf({ people }, item.chat) } : item
  )
  return { ...state, people, chats }
}

export function withAuthors(state: State, messages: readonly Message[]): State {
  return messages.reduce((known, { author }) => withPerson(known, author), state)
}

function bounded(people: State['people']): State['people'] {
  const entries = Object.entries(people)
  return entries.length <= keptPeople ? people : Object.fromEntries(entries.slice(-keptPeople))
}
