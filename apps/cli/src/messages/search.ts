import { type Account, searchHistory } from '@status-stack/account-rpc'
import type { ChatJson, MessageFact } from '@status-stack/account-rpc/methods'
import { counted } from '@status-stack/utils'
import type { Output } from '../output.ts'

/** What to look for. */
export interface SearchOptions {
  readonly search: string
  /** Only messages older than this one. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Between two words about a search, milliseconds. */
const wordsMs = 1000

/** The newest messages that hold a text, newest first: of one conversation, or of all where none is named. Says how far it is. */
export async function searched(
  account: Pick<Account, 'chats' | 'search'>,
  chat: ChatJson | undefined,
  { search: text, before, limit }: SearchOptions,
  signal: AbortSignal,
  output: Pick<Output, 'note'>
): Promise<MessageFact[]> {
  // BOUNDED: the newest `limit`, and what one step found.
  let found: MessageFact[] = []
  let said = performance.now()
  for await (const step of searchHistory(account, { text, chat, before, signal })) {
    found = [...found, ...step.messages].sort((a, b) => b.clock - a.clock).slice(0, limit)
    // Newest first in one conversation: what follows is older.
    if (chat !== undefined && found.length === limit) break
    if (performance.now() - said < wordsMs) continue
    said = performance.now()
    const where = chat === undefined ? ` of ${step.chatsDone} of ${counted(step.chats, 'chat')}` : ''
    const progress = `searching: ${counted(step.read, 'message')}${where}, ${found.length} found`
    output.note({ event: 'progress', text: progress }, `· ${progress}`)
  }
  return found
}
