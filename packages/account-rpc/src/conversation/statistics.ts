import { counted } from '@status-stack/utils'
import type { Account } from '../account.ts'
import type { ChatJson } from '../targets.ts'
import { keyNames, type Names, shownPerson } from '../words/names.ts'
import { storedMessages } from './stored-messages.ts'

/** BOUNDED: authors that are counted one by one; the rest are counted together. */
const countedAuthors = 1000

/** What is stored of a conversation. */
export interface ChatStatistics {
  /** Of people, deleted ones included; lines of the program itself do not count. */
  readonly messages: number
  /** Written by us, on any of our devices. */
  readonly sent: number
  /** Written by others. */
  readonly received: number
  /** Deleted by their authors: they are kept without content. */
  readonly deleted: number
  /** Pictures and sounds of messages that are not deleted. */
  readonly files: number
  /** Of these together. */
  readonly fileBytes: number
  /** On all messages together. */
  readonly reactions: number
  /** Milliseconds, of the oldest and the newest message; absent without one. */
  readonly firstMs?: number
  /** Milliseconds, of the newest message; absent without one. */
  readonly lastMs?: number
  /** Who wrote how many, most first. */
  readonly authors: readonly { readonly author: string; readonly messages: number }[]
  /** Messages of authors beyond those that are counted. */
  readonly others: number
}

/**
 * Counts a stored conversation, page by page.
 *
 * @example
 * ```ts
 * const found = await chatStatistics(account, '#status')
 * console.log(statisticsText('#status', found))
 * ```
 */
export async function chatStatistics(
  account: Pick<Account, 'history'>,
  chat: string | ChatJson
): Promise<ChatStatistics> {
  const totals = { messages: 0, sent: 0, received: 0, deleted: 0, files: 0, fileBytes: 0, reactions: 0, others: 0 }
  const times: { firstMs?: number; lastMs?: number } = {}
  const authors = new Map<string, number>()
  for await (const message of storedMessages(account, chat, {})) {
    // What the program itself notes down (who joined a group) is no message of a person.
    if (message.kind === 'system') continue
    totals.messages++
    totals[message.outgoing ? 'sent' : 'received']++
    if (message.deleted) totals.deleted++
    if (message.attachment !== undefined && !message.deleted) {
      totals.files++
      totals.fileBytes += message.attachment.bytes
    }
    totals.reactions += message.reactions.length
    times.firstMs = Math.min(times.firstMs ?? message.timestampMs, message.timestampMs)
    times.lastMs = Math.max(times.lastMs ?? message.timestampMs, message.timestampMs)
    const before = authors.get(message.author)
    if (before === undefined && authors.size >= countedAuthors) totals.others++
    else authors.set(message.author, (before ?? 0) + 1)
  }
  const counted = [...authors].map(([author, messages]) => ({ author, messages }))
  return { ...totals, ...times, authors: counted.sort((a, b) => b.messages - a.messages) }
}

/** Authors that people are shown. */
const shownAuthors = 10

/** Authors choose their times: one may be beyond what a date can hold. */
function day(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'an unknown day' : date.toISOString().slice(0, 10)
}

/**
 * The same for people; `names` says what the authors are called.
 *
 * @example
 * ```ts
 * console.log(statisticsText('#status', await chatStatistics(account, '#status')))
 * ```
 */
export function statisticsText(name: string, found: ChatStatistics, names: Names = keyNames): string {
  const { messages, sent, received, deleted, files, fileBytes, reactions, firstMs, lastMs, authors, others } = found
  const rest = authors.slice(shownAuthors).reduce((sum, one) => sum + one.messages, others)
  const lines = [
    `${name}: ${counted(messages, 'message')}, ${sent} sent, ${received} received${deleted === 0 ? '' : `, ${deleted} deleted`}`,
    ...(firstMs === undefined || lastMs === undefined ? [] : [`  from ${day(firstMs)} to ${day(lastMs)}`]),
    `  ${counted(files, 'file')}, ${fileBytes} bytes; ${counted(reactions, 'reaction')}`,
    ...authors
      .slice(0, shownAuthors)
      .map(one => `  ${String(one.messages).padStart(6)}  ${shownPerson(names.person(one.author))}`),
    ...(rest === 0 ? [] : [`  ${String(rest).padStart(6)}  others`])
  ]
  return lines.join('\n')
}
