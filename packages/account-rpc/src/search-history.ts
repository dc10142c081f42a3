import type { Account } from './account.ts'
import type { ChatJson } from './facts.ts'
import type { MessageFact } from './message-facts.ts'

/** What to look for, and where. */
export interface HistorySearch {
  /** In any letter case. */
  readonly text: string
  /** One conversation. @default all of them, that with the latest message first */
  readonly chat?: string | ChatJson | undefined
  /** Only older than this message; together with `chat`. */
  readonly before?: string | undefined
  /** Ends it: what is being read is not waited for. */
  readonly signal?: AbortSignal | undefined
}

/** How far a search has come. */
export interface HistorySearchStep {
  /** Messages looked at since the beginning. */
  readonly read: number
  /** Found since the step before, newest first within a conversation. */
  readonly messages: readonly MessageFact[]
  /** Conversations that were searched to their beginning, and how many there are. */
  readonly chatsDone: number
  /** Conversations that are searched in all. */
  readonly chats: number
}

/** Messages that one call looks at: some hundred milliseconds of work, after which progress is shown. */
const readsPerStep = 1000
/** Messages that one call may find. */
const foundPerStep = 200

/**
 * Searches stored messages in bounded steps, as far as the caller reads on: one conversation, or all of them one after the other. Works
 * the same with an account in this process and with one behind a connection, where ending it ends the work there after the step that
 * is under way.
 *
 * @throws AccountError, CallError as `search` does; the reason of `signal` once that has aborted
 * @example
 * ```ts
 * for await (const { read, messages } of searchHistory(account, { text: 'meeting' })) show(read, messages)
 * ```
 */
export async function* searchHistory(
  account: Pick<Account, 'chats' | 'search'>,
  { text, chat, before, signal }: HistorySearch
): AsyncGenerator<HistorySearchStep> {
  const chats = chat === undefined ? await chatsByTime(account, signal) : [chat]
  let read = 0
  for (const [index, one] of chats.entries()) {
    let from = chat === undefined ? undefined : before
    for (;;) {
      const query = { chat: one, text, before: from, limit: foundPerStep, reads: readsPerStep }
      const step = await account.search(query, { signal })
      signal?.throwIfAborted()
      read += step.read
      const done = step.upTo === null
      yield { read, messages: step.messages, chatsDone: index + (done ? 1 : 0), chats: chats.length }
      if (step.upTo === null) break
      from = step.upTo
    }
  }
}

async function chatsByTime(account: Pick<Account, 'chats'>, signal: AbortSignal | undefined) {
  const chats = await account.chats({}, { signal })
  return chats.toSorted((a, b) => b.lastClock - a.lastClock).map(({ chat }) => chat)
}
