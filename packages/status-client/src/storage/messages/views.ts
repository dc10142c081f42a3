import { equalBytes } from '@status-stack/crypto'
import { timeSlicer } from '@status-stack/utils'
import type { Emoji, Message, MessageContent, Pin, Reaction } from '../../message-types.ts'
import type { SearchStep } from '../../queries.ts'
import { protectionOf } from '../../sending/ledger-facts.ts'
import { weakerOf } from '../../sending/policy.ts'
import type { ChatRef, MessageId, PublicKey, ShownProtection } from '../../types.ts'
import type { LedgerRecord, MessageRecord } from '../records.ts'
import type { MessageTable } from './table.ts'
import type { MessageStore, MessageStoreDeps } from './types.ts'

/** Messages that a search reads between two reports. */
export const searchStep = 1000
/** Messages of a page that are completed at a time. */
const pageStep = 16

/** The weakest protection under which a message may have left for people other than ourselves. */
function weakestSent({ legs }: LedgerRecord, self: PublicKey): ShownProtection | undefined {
  return legs
    .filter(({ recipient }) => recipient === undefined || !equalBytes(recipient, self))
    .map(protectionOf)
    .reduce(weakerOf, undefined)
}

/** Reports what a search has read and found every {@link searchStep} messages, and at the end. */
async function* found(
  stored: AsyncIterable<{ readonly value: MessageRecord }>,
  text: string,
  view: (record: MessageRecord) => Promise<Message>,
  signal: AbortSignal | undefined
): AsyncGenerator<SearchStep> {
  const wanted = text.toLocaleLowerCase()
  let read = 0
  let messages: Message[] = []
  let upTo: MessageId = ''
  for await (const { value } of stored) {
    if (signal?.aborted === true) break
    read += 1
    upTo = value.messageId
    // A database hands out many messages at a time: keys, and peers, get their turn in between.
    const pause = timeSlicer.yielded()
    if (pause !== undefined) await pause
    if (!value.deleted && value.text.toLocaleLowerCase().includes(wanted)) messages.push(await view(value))
    if (read < searchStep) continue
    yield { read, messages, upTo }
    read = 0
    messages = []
  }
  if (read > 0) yield { read, messages, upTo }
}

/** Messages as applications see them: completed with attachment, reactions, pin, and what became of our own. */
export function createMessageViews(
  { store, keys, self, unwrittenLedger }: Pick<MessageStoreDeps, 'store' | 'keys' | 'self' | 'unwrittenLedger'>,
  { keyOf, record, notes, bare }: MessageTable
): Pick<MessageStore, 'view' | 'pinned' | 'page' | 'pageAfter' | 'search'> {
  const ledgerOf = async (id: MessageId): Promise<LedgerRecord | undefined> =>
    unwrittenLedger?.(id) ?? (await store.get<LedgerRecord>(keys.ledger(id)))

  const view = async (stored: MessageRecord): Promise<Message> => {
    const { editClock: _, content, ...rest } = stored
    const full: MessageContent =
      content.kind === 'image' || content.kind === 'audio'
        ? { ...content, bytes: (await store.getBytes(keys.attachment(stored.messageId))) ?? new Uint8Array() }
        : content
    const reactions: Reaction[] = []
    let pin: Pin | undefined
    // What was said since is told by itself.
    for (const note of bare.has(stored) ? [] : await notes(stored.messageId)) {
      if (note.kind === 'pin' && note.retracted !== true) pin = { by: note.author, clock: note.clock }
      if (note.kind !== 'reaction' || note.retracted === true || note.emoji === undefined) continue
      reactions.push({ emoji: note.emoji as Emoji, author: note.author })
    }
    const ledger = stored.outgoing && !bare.has(stored) ? await ledgerOf(stored.messageId) : undefined
    const protection = (ledger === undefined ? undefined : weakestSent(ledger, self)) ?? stored.protection
    return { ...rest, content: full, reactions, protection, ...(pin === undefined ? {} : { pinned: pin }) }
  }

  /** The messages of a chat before one of them; `undefined` when that one is not in this chat. */
  const rangeBefore = async (
    chat: ChatRef,
    before: MessageId | undefined
  ): Promise<{ readonly gte: string; readonly lt: string } | undefined> => {
    const range = keys.messagesOf(chat)
    const lt = before === undefined ? range.lt : await keyOf(before)
    return lt === undefined || lt > range.lt || lt < range.gte ? undefined : { gte: range.gte, lt }
  }

  const viewAll = async (records: readonly MessageRecord[]): Promise<readonly Message[]> => {
    const found: Message[] = []
    for (let at = 0; at < records.length; at += pageStep)
      found.push(...(await Promise.all(records.slice(at, at + pageStep).map(view))))
    return found
  }

  return {
    view,
    pinned: async ref => {
      const found: Message[] = []
      for await (const { value } of store.range<{ readonly messageId: MessageId }>(keys.pinsOf(ref))) {
        const message = await record(value.messageId)
        if (message !== undefined) found.push(await view(message))
      }
      return found.sort((a, b) => (b.pinned?.clock ?? 0) - (a.pinned?.clock ?? 0))
    },
    page: async (chat, before, limit) => {
      const range = await rangeBefore(chat, before)
      if (range === undefined) return []
      const records: MessageRecord[] = []
      for await (const { value } of store.range<MessageRecord>({ ...range, reverse: true, limit })) records.push(value)
      return viewAll(records)
    },
    pageAfter: async (chat, after, limit) => {
      const range = keys.messagesOf(chat)
      const known = after === null ? range.gte : await keyOf(after)
      if (known === undefined || known < range.gte || known > range.lt) return []
      const records: MessageRecord[] = []
      // The first key that may follow that one.
      const from = { gte: after === null ? known : `${known}\0`, lt: range.lt, limit }
      for await (const { value } of store.range<MessageRecord>(from)) records.push(value)
      return viewAll(records.reverse())
    },
    search: async function* (chat, text, { before, signal }) {
      const range = await rangeBefore(chat, before)
      if (range === undefined) return
      yield* found(store.range<MessageRecord>({ ...range, reverse: true }), text, view, signal)
    }
  }
}
