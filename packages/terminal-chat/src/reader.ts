import type { Account } from '@status-stack/account-rpc'
import type { MessageFact } from '@status-stack/account-rpc/methods'
import type { ChatJson } from '@status-stack/account-rpc/targets'
import { chatId } from '@status-stack/account-rpc/targets'
import { readLedgers } from './events.ts'
import { archiveDays } from './scroll.ts'
import type { Conversation } from './state.ts'
import type { Store } from './store.ts'
import { keptMessages, pageSize } from './window.ts'

const daySeconds = 86_400

/** Reads the history of the looked-at chat into the state. */
export interface Reader {
  readonly open: (chat: ChatJson) => Promise<readonly MessageFact[]>
  /** A message with what stands around it. */
  readonly around: (chat: ChatJson, messageId: string) => Promise<void>
  readonly older: () => Promise<void>
  readonly newer: () => Promise<void>
  /** The page of the oldest messages that are stored. */
  readonly oldest: (signal: AbortSignal) => Promise<void>
  /** Further back than what is stored: asks a mailserver, one step at a time. */
  readonly archive: (signal: AbortSignal) => Promise<string | undefined>
}

/** What the steps of reading share. */
interface Reading {
  readonly account: Account
  readonly store: Store
  readonly progress: (text?: string) => void
}

export function createReader(account: Account, store: Store): Reader {
  const reading: Reading = { account, store, progress: text => store.dispatch({ type: 'progress', text }) }
  return {
    open: chat => openChat(reading, chat),
    around: (chat, messageId) => openAround(reading, chat, messageId),
    older: () => readOlder(reading),
    newer: () => readNewer(reading),
    oldest: signal => readToOldest(reading, signal),
    archive: signal => askArchive(reading, signal)
  }
}

/** What is known of the delivery of our own messages. */
function ledgers({ account, store }: Reading, messages: readonly MessageFact[]): Promise<void> {
  const own = messages.filter(({ outgoing }) => outgoing)
  return readLedgers(
    account,
    store,
    own.map(({ messageId }) => messageId)
  )
}

/** What arrives while the store is read is not lost to the window. */
async function withArrivals(
  { account }: Reading,
  chat: ChatJson,
  work: () => Promise<readonly MessageFact[]>
): Promise<readonly MessageFact[]> {
  const arrived: MessageFact[] = []
  const off = account.on('message', message => {
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
async function extend(reading: Reading, { id, chat, messages }: Conversation, limit: number): Promise<boolean> {
  const { account, store } = reading
  let found: readonly MessageFact[] = []
  let complete = false
  try {
    found = await account.history({ chat, limit, before: messages[0]?.messageId })
    complete = found.length < limit
  } finally {
    store.dispatch({ type: 'older', id, messages: found.toReversed(), complete })
  }
  await ledgers(reading, found)
  return store.get().conversation?.id === id
}

async function openChat(reading: Reading, chat: ChatJson): Promise<readonly MessageFact[]> {
  const { account, store } = reading
  if (chat.kind === 'public') await account.joinChat({ chat })
  let complete = false
  const { text: draft } = await account.draft({ chat })
  const messages = await withArrivals(reading, chat, async () => {
    const found: MessageFact[] = []
    // As far back as something is unread: the mark belongs before the first of it.
    for (;;) {
      const page = await account.history({ chat, limit: pageSize, before: found.at(-1)?.messageId })
      found.push(...page)
      complete = page.length < pageSize
      const oldest = page.at(-1)
      if (complete || oldest === undefined || oldest.seen || oldest.outgoing || found.length >= keptMessages) break
    }
    return found.reverse()
  })
  store.dispatch({ type: 'opened', chat, messages, complete, draft })
  await ledgers(reading, messages)
  return messages
}

async function openAround(reading: Reading, chat: ChatJson, messageId: string): Promise<void> {
  const { account, store } = reading
  const { text: draft } = await account.draft({ chat })
  const message = await account.message({ messageId })
  const older = await account.history({ chat, limit: pageSize, before: messageId })
  // One more than a page: whether more follows.
  const newer = await account.history({ chat, limit: pageSize + 1, after: messageId })
  const hasNewer = newer.length > pageSize
  const messages = [...older.toReversed(), message, ...newer.toReversed().slice(0, pageSize)]
  const complete = older.length < pageSize
  store.dispatch({ type: 'opened', chat, messages, complete, draft, around: { messageId, hasNewer } })
  await ledgers(reading, messages)
}

async function readOlder(reading: Reading): Promise<void> {
  const { conversation } = reading.store.get()
  if (conversation === undefined) return
  reading.progress(`loading older messages, ${conversation.messages.length} are here`)
  try {
    await extend(reading, conversation, pageSize)
  } finally {
    reading.progress()
  }
}

async function readNewer(reading: Reading): Promise<void> {
  const { account, store, progress } = reading
  const { conversation } = store.get()
  if (conversation === undefined) return
  const { id, chat, messages: window } = conversation
  progress('loading newer messages')
  let page: readonly MessageFact[] = []
  let complete = false
  const merged = await withArrivals(reading, chat, async () => {
    // One more than a page: whether that is the end.
    const found = await account.history({ chat, limit: pageSize + 1, after: window.at(-1)?.messageId ?? null })
    complete = found.length <= pageSize
    page = found.toReversed().slice(0, pageSize)
    return page
  }).finally(() => progress())
  // What arrived meanwhile belongs to the window only once that reaches the newest message.
  const messages = complete ? merged : page
  store.dispatch({ type: 'newer', id, messages, complete })
  await ledgers(reading, messages)
}

/** One read: what lies between the beginning and the window stays in the store until it is scrolled to. */
async function readToOldest(reading: Reading, signal: AbortSignal): Promise<void> {
  const { account, store, progress } = reading
  const { conversation } = store.get()
  if (conversation === undefined || conversation.complete) return
  progress('loading the oldest messages; Escape ends it')
  const { id, chat } = conversation
  let messages: readonly MessageFact[] | undefined
  try {
    messages = (await account.history({ chat, limit: pageSize, after: null }, { signal })).toReversed()
  } finally {
    progress()
    const ended = messages === undefined || signal.aborted
    store.dispatch({ type: 'older', id, messages: ended ? [] : (messages ?? []), complete: !ended, leap: !ended })
  }
  if (signal.aborted || store.get().conversation?.id !== id) return
  store.dispatch({ type: 'top' })
  await ledgers(reading, messages)
}

async function askArchive(reading: Reading, signal: AbortSignal): Promise<string | undefined> {
  const { account, store, progress } = reading
  const { conversation } = store.get()
  if (conversation === undefined) return undefined
  const { id, chat, askedDays, messages } = conversation
  const days = archiveDays.find(step => step > askedDays) ?? askedDays
  const until = Math.floor((messages[0]?.timestampMs ?? Date.now()) / 1000)
  const before = messages.length
  let asked = askedDays
  try {
    const since = Math.max(0, until - days * daySeconds)
    await account.fetch({ chats: [chat], since, until: until + 1 }, { signal })
    asked = days
  } finally {
    store.dispatch({ type: 'asked', id, days: asked })
    progress()
  }
  const now = store.get().conversation
  if (now?.id !== id) return undefined
  await extend(reading, now, pageSize)
  const fresh = (store.get().conversation?.messages.length ?? 0) - before
  return `${fresh === 0 ? 'nothing' : fresh} older in the ${days === 1 ? 'day' : `${days} days`} before${days < 30 ? '; PageUp asks for more' : ''}`
}
