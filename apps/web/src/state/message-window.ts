import { batch, type ReadonlySignal, signal } from '@preact/signals'
import { type DeliveryMark, deliveryMark } from '@status-stack/account-rpc'
import { equalBytes } from '@status-stack/crypto'
import type { ChatRef, Client, Message, MessageId } from '@status-stack/status-client'
import { limits } from '../limits.ts'

/** A message with what stands around it. */
export interface MessageLine {
  readonly message: Message
  /** How far a message of ours came. */
  readonly mark?: DeliveryMark | undefined
  /** The message that it answers, when it is stored here. */
  readonly quoted?: Message | undefined
}

/** The messages of a chat that a page shows: the latest ones, or an earlier part. */
export interface MessageWindow {
  /** Oldest first. */
  readonly lines: ReadonlySignal<readonly MessageLine[]>
  /** Whether there are older ones than those shown, and later ones. */
  readonly older: ReadonlySignal<boolean>
  readonly later: ReadonlySignal<boolean>
  /** Reads what is shown; changes of it are followed from the beginning. */
  readonly refresh: () => Promise<void>
  readonly loadOlder: () => Promise<void>
  readonly toLatest: () => Promise<void>
  /** Whether the latest ones are shown. */
  readonly isLatest: () => boolean
  /** Marks what is shown as seen. */
  readonly seen: () => Promise<void>
  readonly stop: () => void
}

/** `attentive`: whether a person is looking. */
export function createMessageWindow(chat: ChatRef, client: Client, attentive: () => boolean): MessageWindow {
  const lines = signal<readonly MessageLine[]>([])
  const older = signal(false)
  const later = signal(false)
  const quotes = new Map<MessageId, Message | undefined>()
  let limit: number = limits.messagePage
  let before: MessageId | undefined

  const quoted = async (message: Message): Promise<Message | undefined> => {
    if (message.replyTo === undefined) return undefined
    if (!quotes.has(message.replyTo)) quotes.set(message.replyTo, await client.message(message.replyTo))
    return quotes.get(message.replyTo)
  }
  const lineOf = async (message: Message): Promise<MessageLine> => {
    const entry = message.outgoing ? await client.ledger(message.messageId) : undefined
    return {
      message,
      quoted: await quoted(message),
      mark: entry === undefined ? undefined : deliveryMark(entry, client.publicKey)
    }
  }
  const read = async (): Promise<void> => {
    // One more than is shown says whether there are older ones.
    const page = await client.messages(chat, { limit: limit + 1, before })
    quotes.clear()
    const found = await Promise.all(page.slice(0, limit).reverse().map(lineOf))
    batch(() => {
      lines.value = found
      older.value = page.length > limit
      later.value = before !== undefined
    })
    await seen()
  }
  const seen = async (): Promise<void> => {
    const unseen = lines.value.some(({ message }) => !message.seen && !message.outgoing)
    if (unseen && before === undefined && attentive()) await client.markSeen(chat)
  }
  const refresh = coalesced(read)

  // What cannot be read now is read with the next change; a client that was stopped has none.
  const follow = (changed: ChatRef): void => {
    if (sameChat(chat, changed)) refresh().catch(() => undefined)
  }
  const stops = [
    client.on('message', message => follow(message.chat)),
    client.on('change', ({ message }) => follow(message.chat)),
    client.on('delivery', fact => follow(fact.chat))
  ]

  const loadOlder = async (): Promise<void> => {
    if (limit < limits.messagesShown) limit = Math.min(limits.messagesShown, limit + limits.messagePage)
    // BOUNDED: limits.messagesShown: the window moves up, and its later end leaves the page.
    else before = lines.value[lines.value.length - limits.messagePage]?.message.messageId
    await refresh()
  }
  const toLatest = async (): Promise<void> => {
    limit = limits.messagePage
    before = undefined
    await refresh()
  }

  return {
    lines,
    older,
    later,
    refresh,
    loadOlder,
    toLatest,
    isLatest: () => before === undefined,
    seen,
    stop: () => {
      for (const stop of stops) stop()
    }
  }
}

function sameChat(a: ChatRef, b: ChatRef): boolean {
  if (a.kind === 'one-to-one') return b.kind === 'one-to-one' && equalBytes(a.publicKey, b.publicKey)
  if (a.kind === 'public') return b.kind === 'public' && a.name === b.name
  return b.kind === 'group' && a.id === b.id
}

/** Runs work one at a time; whatever is asked for meanwhile is one more run after it. */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let again: Promise<void> | undefined
  const run = async (): Promise<void> => {
    try {
      await work()
    } finally {
      running = undefined
    }
  }
  return () => {
    if (running === undefined) {
      running = run()
      return running
    }
    again ??= running
      .catch(() => undefined)
      .then(() => {
        again = undefined
        running = run()
        return running
      })
    return again
  }
}
