import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { equalBytes } from '@status-stack/crypto'
import type { ChatRef, Client, Emoji, Message } from '@status-stack/status-client'
import { createMessageWindow, type MessageLine } from './message-window.ts'
import { createTask, type Task } from './problem.ts'

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

/** How long what is written may stay unstored, milliseconds: what a closed tab may take of it. */
const unstoredMs = 500

/** Opens a conversation: reads its latest messages, and follows it until `stop`. */
export async function openConversation(id: string, chat: ChatRef, deps: ConversationDeps): Promise<Conversation> {
  const { client } = deps
  const draft = signal(await client.draft(chat))
  const replyTo = signal<Message | undefined>(undefined)
  const editing = signal<Message | undefined>(undefined)
  const task = createTask()
  let draftBeforeEdit = ''
  const written = (): string => (editing.value === undefined ? draft.value : draftBeforeEdit)
  let stored: string | undefined = draft.value
  let storing: ReturnType<typeof setTimeout> | undefined
  const store = async (): Promise<void> => {
    clearTimeout(storing)
    storing = undefined
    const text = written()
    if (text === stored) return
    stored = text
    try {
      await client.setDraft(chat, text)
    } catch (error) {
      // It is tried again with the next letter.
      stored = undefined
      throw error
    }
  }
  const stopStoring = effect(() => {
    // A store that fails is told of by what is sent.
    if (written() !== stored) storing ??= setTimeout(() => void store().catch(() => undefined), unstoredMs)
  })

  const shown = createMessageWindow(chat, client, deps.attentive)
  await shown.refresh()

  const answering = () => (replyTo.value === undefined ? {} : { replyTo: replyTo.value.messageId })
  const sent = async (): Promise<void> => {
    draft.value = ''
    replyTo.value = undefined
    await store()
    if (!shown.isLatest()) await shown.toLatest()
  }

  return {
    id,
    chat,
    lines: shown.lines,
    older: shown.older,
    later: shown.later,
    draft,
    replyTo,
    editing,
    task,
    loadOlder: shown.loadOlder,
    toLatest: shown.toLatest,
    seen: shown.seen,
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
      shown.stop()
      stopStoring()
      await store()
    }
  }
}
