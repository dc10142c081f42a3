import { computed, type ReadonlySignal, signal } from '@preact/signals'
import { chatName } from '@status-stack/account-rpc/targets'
import type { Chat, ChatRef, Client } from '@status-stack/status-client'
import { printable } from '@status-stack/utils'
import type { People } from './people.ts'

/** A line of the list of conversations. */
export interface ChatLine {
  readonly id: string
  readonly chat: Chat
  readonly title: string
}

/** The conversations of an account, those with the latest messages first. */
export interface ChatList {
  readonly lines: ReadonlySignal<readonly ChatLine[]>
  /** First messages of people who are no contacts. */
  readonly requests: ReadonlySignal<readonly ChatLine[]>
  readonly find: (id: string) => Chat | undefined
  readonly titleOf: (chat: ChatRef) => string
  readonly stop: () => void
}

/** The protocol's id of a chat: what `Chat.id` is. */
export const idOf = (chat: ChatRef, keyHex: (key: Uint8Array) => string): string =>
  chat.kind === 'one-to-one' ? keyHex(chat.publicKey) : chat.kind === 'public' ? chat.name : chat.id

export async function createChatList(
  client: Pick<Client, 'chats' | 'on'>,
  people: Pick<People, 'nameOf'>
): Promise<ChatList> {
  const byId = signal<ReadonlyMap<string, Chat>>(new Map())
  const learn = (chats: readonly Chat[]): void => {
    byId.value = new Map([...byId.value, ...chats.map(chat => [chat.id, chat] as const)])
  }
  const stop = client.on('chat', chat => learn([chat]))
  learn(await client.chats())

  const titleOf = (chat: ChatRef): string => {
    if (chat.kind === 'one-to-one') return people.nameOf(chat.publicKey)
    const group = chat.kind === 'group' ? byId.value.get(chat.id)?.group : undefined
    return group === undefined || group.name === '' ? chatName(chat) : printable(group.name)
  }
  const all = computed(() =>
    [...byId.value.values()]
      .filter(({ active }) => active)
      .sort((a, b) => b.lastClock - a.lastClock || (a.id < b.id ? -1 : 1))
      .map(chat => ({ id: chat.id, chat, title: titleOf(chat.chat) }))
  )
  return {
    lines: computed(() => all.value.filter(({ chat }) => !chat.request)),
    requests: computed(() => all.value.filter(({ chat }) => chat.request)),
    find: id => byId.value.get(id),
    titleOf,
    stop
  }
}
