import type { ChatRef, Client, Message, SendResult } from '@status-stack/status-client'
import { bytesToBase64 } from '../base64.ts'
import { assertReply, attachmentOf, isSameChat, outgoingOf, parseMessageId, storedMessage } from '../content.ts'
import { parseEmoji } from '../emoji.ts'
import { ArgumentError } from '../errors.ts'
import { chatOf, done, type Implementations, type MethodContext } from '../implementation.ts'
import { ledgerFact, messageFact, sentFact } from '../message-fact-makers.ts'
import type { ChangedFact, MessageFact, SearchFact } from '../message-facts.ts'
import type { messageMethods } from '../methods/messages.ts'
import type { ReadParams } from '../params.ts'
import { parsePerson } from '../targets.ts'

const optionalId = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : parseMessageId(text)

/** The id of the message is in the fact, and `change` is that of what was sent. */
async function changed(
  event: ChangedFact['event'],
  messageId: string,
  work: Promise<SendResult>,
  about: Pick<ChangedFact, 'emoji' | 'on'> = {}
): Promise<ChangedFact> {
  const sent = await work
  return { event, messageId, ...about, change: sent.messageId, protection: sent.protection }
}

/** Newest first; with `after` those that come next after it, so that paging goes forward. */
async function history(
  params: ReadParams<typeof messageMethods.history.params>,
  { client }: MethodContext
): Promise<readonly MessageFact[]> {
  const chat = chatOf(params)
  const { limit } = params
  const before = optionalId(params.before)
  if (params.after === undefined) return (await client.messages(chat, { limit, before })).map(messageFact)
  const after = params.after === null ? null : parseMessageId(params.after)
  const [first, last] = [await borderOf(client, 'after', chat, after), await borderOf(client, 'before', chat, before)]
  if (first !== undefined && last !== undefined && (after === before || first.clock > last.clock))
    throw new ArgumentError('after: this message is not before `before`')
  const found = await client.messages(chat, { limit, after })
  const end = found.findIndex(({ messageId }) => messageId === before)
  // Newest first: what stands in front of it comes after it.
  return found.slice(end + 1).map(messageFact)
}

/** A message that bounds a page. @throws AccountError `unknown-message`; ArgumentError when it is in another conversation */
async function borderOf(
  client: Client,
  name: string,
  chat: ChatRef,
  messageId: string | null | undefined
): Promise<Message | undefined> {
  if (messageId === undefined || messageId === null) return undefined
  const message = await storedMessage(client, messageId)
  if (!isSameChat(message.chat, chat)) throw new ArgumentError(`${name}: this message is not in that chat`)
  return message
}

async function search(
  params: ReadParams<typeof messageMethods.search.params>,
  { client, signal }: MethodContext
): Promise<SearchFact> {
  const { limit, text, reads = Number.POSITIVE_INFINITY } = params
  const messages: MessageFact[] = []
  let read = 0
  for await (const step of client.search(chatOf(params), text, { before: optionalId(params.before), signal })) {
    read += step.read
    messages.push(...step.messages.slice(0, limit - messages.length).map(messageFact))
    // Where as many were found as wanted, the next search begins behind the last of them.
    if (messages.length === limit) return { read, messages, upTo: messages.at(-1)?.messageId ?? step.upTo }
    if (read >= reads || signal.aborted) return { read, messages, upTo: step.upTo }
  }
  return { read, messages, upTo: null }
}

/** A change of a message that must be stored here. */
async function changeStored(client: Client, messageId: string, work: (id: string) => Promise<ChangedFact>) {
  const id = parseMessageId(messageId)
  await storedMessage(client, id)
  return work(id)
}

/** Messages: read, sent, changed, and what became of them. */
export const messageImplementations: Implementations<typeof messageMethods> = {
  history,
  search,
  message: async ({ messageId }, { client }) => messageFact(await storedMessage(client, parseMessageId(messageId))),
  attachment: async ({ messageId }, { client }) => {
    const id = parseMessageId(messageId)
    const { kind, type, bytes } = attachmentOf(await storedMessage(client, id))
    return { messageId: id, kind, type, bytes: bytes.length, base64: bytesToBase64(bytes) }
  },
  attachmentLimit: async (params, { client }) => ({ bytes: await client.attachmentLimit(chatOf(params)) }),
  send: async (params, { client, signal }) => {
    const chat = chatOf(params)
    const content = outgoingOf(params)
    if (chat.kind === 'public') await client.joinPublic(chat.name)
    await assertReply(client, chat, 'replyTo' in content ? content.replyTo : undefined)
    return sentFact(await client.send(chat, content, { clientTag: params.clientTag, signal }))
  },
  react: ({ messageId, emoji: name, on }, { client }) => {
    const emoji = parseEmoji(name)
    return changeStored(client, messageId, id => changed('reacted', id, client.react(id, emoji, on), { emoji, on }))
  },
  edit: ({ messageId, text }, { client }) =>
    changeStored(client, messageId, id => changed('edited', id, client.edit(id, text))),
  delete: ({ messageId }, { client }) =>
    changeStored(client, messageId, id => changed('deleted', id, client.deleteMessage(id))),
  seen: async (params, { client }) => ({ messages: await client.markSeen(chatOf(params), optionalId(params.upTo)) }),
  ledger: async ({ messageId }, { client }) => {
    const entry = await client.ledger(parseMessageId(messageId))
    return entry === undefined ? null : ledgerFact(entry, client.publicKey)
  },
  retry: async ({ publicKey }, { client }) => {
    await client.retry(publicKey === undefined ? undefined : parsePerson(publicKey))
    return done(client.idle())
  },
  cancel: ({ messageId }, { client }) => done(client.cancel(parseMessageId(messageId)))
}
