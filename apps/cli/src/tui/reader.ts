import type { ChatRef, Client, Message } from '@status-stack/status-client'
import { fetchMissed } from '../mail/fetch.ts'
import { readLedgers } from './events.ts'
import { archiveDays } from './scroll.ts'
import { type Conversation, chatId } from './state.ts'
import type { Store } from './store.ts'
import { keptMessages, pageSize } from './window.ts'

const daySeconds = 86_400
/** Messages read at a time on the way to the beginning. */
const leap = 500

/** Reads the history of the looked-at chat into the state. */
export interface Reader {
  readonly open: (chat: ChatRef) => Promise<readonly Message[]>
  readonly older: () => Promise<void>
  readonly newer: () => Promise<void>
  /** All the way to the oldest message that is stored. */
  readonly oldest: (signal: AbortSignal) => Promise<void>
  /** Further back than what is stored: asks a mailserver, one step at a time. */
  readonly archive: (signal: AbortSignal) => Promise<string | undefined>
}

export function createReader(client: Client, store: Store): Reader {
  const progress = (text?: string): void => store.dispatch({ type: 'progress', text })
  const ledgers = (messages: readonly Message[]): Promise<void> =>
    readLedgers(
      client,
      store,
      messages.filter(({ outgoing }) => outgoing).map(({ messageId }) => messageId)
    )

  /** What arrives while the store is read is not lost to the window. */
  async function reading(chat: ChatRef, work: () => Promise<readonly Message[]>): Promise<readonly Message[]> {
    const arrived: Message[] = []
    const off = client.on('message', message => {
      if (chatId(message.chat) === chatId(chat)) arrived.push(message)
    })
    try {
      const read = await work()
      const known = new Set(read.map(({ messageId }) => messageId))
      return [...read, ...arrived.filter(({ messageId }) => !known.has(messageId))]
    } finally {
      off()
    }
  }

  /** Reads older messages into the window; answers whether it is still looked at. */
  async function extend({ id, chat, messages }: Conversation, limit: number): Promise<boolean> {
    let found: readonly Message[] = []
    let complete = false
    try {
      found = await client.messages(chat, { limit, before: messages[0]?.messageId })
      complete = found.length < limit
    } finally {
      store.dispatch({ type: 'older', id, messages: found.toReversed(), complete, leap: limit === leap })
    }
    if (limit !== leap || complete) await ledgers(found.slice(-keptMessages))
    return store.get().conversation?.id === id
  }

  return {
    open: async chat => {
      if (chat.kind === 'public') await client.joinPublic(chat.name)
      let complete = false
      const messages = await reading(chat, async () => {
        const found: Message[] = []
        // As far back as something is unread: the mark belongs before the first of it.
        for (;;) {
          const page = await client.messages(chat, { limit: pageSize, before: found.at(-1)?.messageId })
          found.push(...page)
          complete = page.length < pageSize
          const oldest = page.at(-1)
          if (complete || oldest === undefined || oldest.seen || oldest.outgoing || found.length >= keptMessages) break
        }
        return found.reverse()
      })
      store.dispatch({ type: 'opened', chat, messages, complete })
      await ledgers(messages)
      return messages
    },
    older: async () => {
      const { conversation } = store.get()
      if (conversation === undefined) return
      progress(`loading older messages, ${conversation.messages.length} are here`)
      try {
        await extend(conversation, pageSize)
      } finally {
        progress()
      }
    },
    newer: async () => {
      const { conversation } = store.get()
      if (conversation === undefined) return
      const { id, chat, newer, messages: window } = conversation
      const last = window.at(-1)
      progress('loading newer messages')
      const messages = await reading(chat, async () => {
        const found: Message[] = []
        let before = newer.at(-2)
        // Until it meets the window: more may have come than the page held when it was left.
        for (;;) {
          const page = await client.messages(chat, { limit: pageSize, before })
          found.push(...page)
          before = page.at(-1)?.messageId
          const met = last === undefined || page.some(({ messageId }) => messageId === last.messageId)
          if (met || page.length < pageSize || (page.at(-1)?.clock ?? 0) < last.clock) break
        }
        return found.reverse()
      }).finally(() => progress())
      store.dispatch({ type: 'newer', id, messages })
      await ledgers(messages)
    },
    oldest: async signal => {
      let read = 0
      try {
        for (;;) {
          const { conversation } = store.get()
          if (conversation === undefined || conversation.complete || signal.aborted) break
          progress(`loading older messages: ${read} read; Escape ends it`)
          if (!(await extend(conversation, leap))) return
          read += leap
        }
        store.dispatch({ type: 'top' })
      } finally {
        progress()
      }
    },
    archive: async signal => {
      const { conversation } = store.get()
      if (conversation === undefined) return undefined
      const { id, chat, askedDays, messages } = conversation
      const days = archiveDays.find(step => step > askedDays) ?? askedDays
      const until = Math.floor((messages[0]?.timestampMs ?? Date.now()) / 1000)
      const before = messages.length
      let asked = askedDays
      try {
        const since = Math.max(0, until - days * daySeconds)
        await fetchMissed(client, { chats: [chat], since, until: until + 1, signal })
        await client.idle()
        asked = days
      } finally {
        store.dispatch({ type: 'asked', id, days: asked })
        progress()
      }
      const now = store.get().conversation
      if (now?.id !== id) return undefined
      await extend(now, pageSize)
      const fresh = (store.get().conversation?.messages.length ?? 0) - before
      return `${fresh === 0 ? 'nothing' : fresh} older in the ${days === 1 ? 'day' : `${days} days`} before${days < 30 ? '; PageUp asks for more' : ''}`
    }
  }
}
