import type { Client, Message, OutgoingContent } from '@status-stack/status-client'
import { parseEmoji } from '../../emoji.ts'
import { attachmentOf } from '../../messages/attachment.ts'
import {
  assertAudio,
  assertImage,
  assertReply,
  parseMessageId,
  parseSticker,
  storedMessage
} from '../../messages/content.ts'
import type { JsonEvent } from '../../output.ts'
import { parseKey } from '../../target.ts'
import { changedView, ledgerView, messageView, sentView } from '../../view.ts'
import { ArgumentError, type Arguments } from '../arguments.ts'
import { chatOf, done, type MethodTable } from './method.ts'

const eventOf = (message: Message): JsonEvent => messageView(message).event
const idOf = (args: Arguments): string => parseMessageId(args.text('messageId'))
const optionalId = (args: Arguments, name: string): string | undefined => {
  const text = args.optionalText(name)
  return text === undefined ? undefined : parseMessageId(text)
}

/** What a message is to hold: files come as base64. @throws ArgumentError, CliError */
function contentOf(args: Arguments): OutgoingContent {
  const { image, audio, sticker } = {
    image: args.optionalBytes('image'),
    audio: args.optionalBytes('audio'),
    sticker: args.optionalText('sticker')
  }
  const emoji = args.flag('emoji', false)
  if ([image !== undefined, audio !== undefined, sticker !== undefined, emoji].filter(Boolean).length > 1)
    throw new ArgumentError('image, audio, sticker, emoji: a message holds one of them')
  const replyTo = optionalId(args, 'replyTo')
  if (image !== undefined) return { image: assertImage(image), text: args.optionalText('text'), replyTo }
  if (audio !== undefined) {
    const durationMs = args.count('durationMs', undefined, 86_400_000)
    return { audio: assertAudio(audio), durationMs, text: args.optionalText('text'), replyTo }
  }
  if (sticker !== undefined) return { sticker: parseSticker(sticker), text: args.optionalText('text') }
  return { text: args.text('text'), replyTo, ...(emoji ? { style: 'emoji' as const } : {}) }
}

/** The changed message and what was sent for it. */
async function changed(
  client: Client,
  kind: 'reacted' | 'edited' | 'deleted',
  messageId: string,
  about: Readonly<Record<string, string | boolean>>,
  work: () => ReturnType<Client['react']>
): Promise<JsonEvent> {
  const { chat } = await storedMessage(client, messageId)
  return changedView(kind, messageId, chat, await work(), about).event
}

const page = 200

/** Newest first; with `after` those that come next after it, so that paging goes forward. */
async function history(client: Client, args: Arguments): Promise<readonly JsonEvent[]> {
  const chat = chatOf(args)
  const limit = args.count('limit', 50, 1000)
  const [before, after] = [optionalId(args, 'before'), optionalId(args, 'after')]
  if (after === undefined) return (await client.messages(chat, { limit, before })).map(eventOf)
  await storedMessage(client, after)
  // BOUNDED: only the oldest `limit` of what was read are kept.
  let kept: Message[] = []
  let from = before
  for (;;) {
    const messages = await client.messages(chat, { limit: page, before: from })
    const end = messages.findIndex(({ messageId }) => messageId === after)
    kept = [...kept, ...(end === -1 ? messages : messages.slice(0, end))].slice(-limit)
    from = messages.at(-1)?.messageId
    if (end !== -1) return kept.map(eventOf)
    if (messages.length < page)
      throw new ArgumentError('after: this message is not in that chat, or not before `before`')
  }
}

async function search(client: Client, args: Arguments, signal: AbortSignal): Promise<object> {
  const limit = args.count('limit', 50, 1000)
  const found: JsonEvent[] = []
  let read = 0
  for await (const step of client.search(chatOf(args), args.text('text'), { before: optionalId(args, 'before') })) {
    read += step.read
    found.push(...step.messages.slice(0, limit - found.length).map(eventOf))
    if (found.length === limit || signal.aborted) break
  }
  return { read, messages: found }
}

/** Messages: read, sent, changed, and what became of them. */
export const messageMethods: MethodTable = {
  history: { params: ['chat', 'limit', 'before', 'after'], run: history },
  search: { params: ['chat', 'text', 'limit', 'before'], run: search },
  message: {
    params: ['messageId'],
    run: async (client, args) => eventOf(await storedMessage(client, idOf(args)))
  },
  attachment: {
    params: ['messageId'],
    run: async (client, args) => {
      const messageId = idOf(args)
      const { kind, type, bytes } = attachmentOf(await storedMessage(client, messageId))
      return { messageId, kind, type, bytes: bytes.length, base64: Buffer.from(bytes).toString('base64') }
    }
  },
  attachmentLimit: {
    params: ['chat'],
    run: async (client, args) => ({ bytes: await client.attachmentLimit(chatOf(args)) })
  },
  send: {
    params: ['chat', 'text', 'replyTo', 'clientTag', 'image', 'audio', 'durationMs', 'sticker', 'emoji'],
    run: async (client, args, signal) => {
      const chat = chatOf(args)
      const content = contentOf(args)
      if (chat.kind === 'public') await client.joinPublic(chat.name)
      await assertReply(client, chat, 'replyTo' in content ? content.replyTo : undefined)
      const sent = await client.send(chat, content, { clientTag: args.optionalText('clientTag'), signal })
      return sentView(sent, chat).event
    }
  },
  react: {
    params: ['messageId', 'emoji', 'on'],
    run: (client, args) => {
      const [messageId, emoji, on] = [idOf(args), parseEmoji(args.text('emoji')), args.flag('on', true)]
      return changed(client, 'reacted', messageId, { emoji, on }, () => client.react(messageId, emoji, on))
    }
  },
  edit: {
    params: ['messageId', 'text'],
    run: (client, args) => {
      const [messageId, text] = [idOf(args), args.text('text')]
      return changed(client, 'edited', messageId, {}, () => client.edit(messageId, text))
    }
  },
  delete: {
    params: ['messageId'],
    run: (client, args) => {
      const messageId = idOf(args)
      return changed(client, 'deleted', messageId, {}, () => client.deleteMessage(messageId))
    }
  },
  seen: {
    params: ['chat', 'upTo'],
    run: async (client, args) => ({ messages: await client.markSeen(chatOf(args), optionalId(args, 'upTo')) })
  },
  ledger: {
    params: ['messageId'],
    run: async (client, args) => {
      const entry = await client.ledger(idOf(args))
      return entry === undefined ? null : ledgerView(entry, client.publicKey).event
    }
  },
  retry: {
    params: ['publicKey'],
    run: (client, args) => {
      const who = args.optionalText('publicKey')
      return done(client.retry(who === undefined ? undefined : parseKey(who)))
    }
  },
  cancel: { params: ['messageId'], run: (client, args) => done(client.cancel(idOf(args))) }
}
