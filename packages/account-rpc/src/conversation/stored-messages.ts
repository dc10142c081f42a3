import type { Account } from '../account.ts'
import type { ChatJson, MessageFact } from '../methods.ts'

/** A part of a stored conversation. */
export interface StoredRange {
  /** Unix seconds, of the time that the author gave it. */
  readonly since?: number | undefined
  /** Unix seconds, of the time that the author gave it, not included. @default no end */
  readonly until?: number | undefined
}

type Reader = Pick<Account, 'history'>

/** Messages that are asked for at a time: all that is in memory of a conversation, however long it is. */
const page = 200

const isIn = ({ timestampMs }: MessageFact, { since, until }: StoredRange): boolean =>
  (since === undefined || timestampMs >= since * 1000) && (until === undefined || timestampMs < until * 1000)

/**
 * The stored messages of a conversation that were written within a range, oldest first. Each is read once, page by page; with `since`
 * only its end is read, backwards first to find where to begin.
 *
 * @example
 * ```ts
 * for await (const message of storedMessages(account, '#status', { since })) console.log(message.text)
 * ```
 */
export async function* storedMessages(
  account: Reader,
  chat: string | ChatJson,
  range: StoredRange
): AsyncGenerator<MessageFact> {
  let after = range.since === undefined ? undefined : await lastBefore(account, chat, range.since * 1000)
  for (;;) {
    const found = await account.history(
      after === undefined ? { chat, limit: page, after: null } : { chat, limit: page, after }
    )
    for (const message of found.toReversed()) if (isIn(message, range)) yield message
    if (found.length < page) return
    after = found[0]?.messageId
  }
}

/**
 * The newest message that, and before which every one, was written before that time. Messages are in the order of their clocks, and a
 * clock is never behind the time that its author gave; one from further ahead only makes the search longer.
 */
async function lastBefore(account: Reader, chat: string | ChatJson, sinceMs: number): Promise<string | undefined> {
  let before: string | undefined
  for (;;) {
    const found = await account.history({ chat, limit: page, before })
    const last = found.find(({ clock, timestampMs }) => clock < sinceMs && timestampMs < sinceMs)
    if (last !== undefined) return last.messageId
    if (found.length < page) return undefined
    before = found.at(-1)?.messageId
  }
}
