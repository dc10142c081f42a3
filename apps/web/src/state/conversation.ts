import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { type DeliveryMark, deliveryMark } from '@status-stack/account-rpc'
import { equalBytes } from '@status-stack/crypto'
import type { ChatRef, Client, Emoji, Message, MessageId } from '@status-stack/status-client'
import { limits } from '../limits.ts'
import { createTask, type Task } from './problem.ts'

/** A message with what stands around it. */
export interface MessageLine {
  readonly message: Message
  /** How far a message of ours came. */
  readonly mark?: DeliveryMark | undefined
  /** The message that it answers, when it is stored here. */
  readonly quoted?: Message | undefined
}

/** One open conversation. */
export interface Conversation {
  readonly id: string
  readonly chat: ChatRef
  /** Oldest first. */
  readonly lines: ReadonlySignal<readonly MessageLine[]>
  /** Whether there are older ones than those shown, and later ones. */
  readonly older: ReadonlySignal<boolean>
  readonly later: ReadonlySignal<boolean>
  readonly draft: Signal<string>
  readonly replyTo: Signal<Message | undefined>
  /** The message of ours that is being changed. */
  readonly editing: Signal<Message | undefined>
  readonly task: Task
  readonly loadOlder: () => Promise<void>
  readonly toLatest: () => Promise<void>
  /** Sends what is written, or makes the change of a message. */
  readonly send: () => Promise<boolean>
  readonly sendPicture: (picture: Uint8Array) => Promise<boolean>
  readonly beginEdit: (message: Message) => void
  /** Neither an answer nor a change after all; what was written before a change is there again. */
  readonly cancel: () => void
  readonly react: (message: Message, emoji: Emoji) => Promise<boolean>
  readonly remove: (message: Message) => Promise<boolean>
  readonly accept: () => Promise<boolean>
  /** Marks what is shown as seen. */
  readonly seen: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** What a conversation works with. */
export interface ConversationDeps {
  readonly client: Client
  /** Makes a picture fit, and takes out what it says about its place and camera. */
  readonly preparePicture: (picture: Uint8Array, maxBytes: number) => Promise<Uint8Array>
  /** Whether a person is looking. */
  readonly attentive: () => boolean
}

/** Opens a conversation: reads its latest messages, and follows it until `stop`. */
export async function openConversation(id: string, chat: ChatRef, deps: ConversationDeps): Promise<Conversation> {
  const { client } = deps
  const lines = signal<readonly MessageLine[]>([])
  const older = signal(false)
  const later = signal(false)
  const draft = signal(await client.draft(chat))
  const replyTo = signal<Message | undefined>(undefined)
  const editing = signal<Message | undefined>(undefined)
  const task = createTask()
  const quotes = new Map<MessageId, Message | undefined>()
  let limit: number = limits.messagePage
  let before: MessageId | undefined
  let draftBeforeEdit = ''

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
    if (unseen && before === undefined && deps.attentive()) await client.markSeen(chat)
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
  await refresh()

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
  const answering = () => (replyTo.value === undefined ? {} : { replyTo: replyTo.value.messageId })
  const sent = async (): Promise<void> => {
    draft.value = ''
    replyTo.value = undefined
    await client.setDraft(chat, '')
    if (before !== undefined) await toLatest()
  }

  return {
    id,
    chat,
    lines,
    older,
    later,
    draft,
    replyTo,
    editing,
    task,
    loadOlder,
    toLatest,
    seen,
    send: () =>
      task.run(async () => {
        const text = draft.value
        if (text.trim() === '') return
        const changed = editing.value
        if (changed === undefined) {
          await client.send(chat, { text, ...answering() })
          return sent()
        }
        if (text !== changed.text) await client.edit(changed.messageId, text)
        editing.value = undefined
        draft.value = draftBeforeEdit
      }),
    sendPicture: picture =>
      task.run(async () => {
        const image = await deps.preparePicture(picture, await client.attachmentLimit(chat))
        const text = draft.value
        await client.send(chat, { image, ...(text === '' ? {} : { text }), ...answering() })
        await sent()
      }),
    beginEdit: message => {
      if (editing.value === undefined) draftBeforeEdit = draft.value
      editing.value = message
      replyTo.value = undefined
      draft.value = message.text
    },
    cancel: () => {
      if (editing.value !== undefined) draft.value = draftBeforeEdit
      editing.value = undefined
      replyTo.value = undefined
    },
    react: (message, emoji) =>
      task.run(async () => {
        const mine = message.reactions.some(
          reaction => reaction.emoji === emoji && equalBytes(reaction.author, client.publicKey)
        )
        await client.react(message.messageId, emoji, !mine)
      }),
    remove: message => task.run(() => client.deleteMessage(message.messageId)),
    accept: () => task.run(() => client.acceptRequest(chat)),
    stop: async () => {
      for (const stop of stops) stop()
      await client.setDraft(chat, editing.value === undefined ? draft.value : draftBeforeEdit)
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
