import type { Content, DataLayer } from '@status-stack/interface'
import type { ComposeDeps } from '../client-types.ts'
import { type Core, isSelf } from '../composition/core.ts'
import { type Composition, chatView } from '../composition/join-layers.ts'
import { callerError } from '../errors.ts'
import { assertChat } from '../ids.ts'
import { limits } from '../limits.ts'
import { sendSlack } from '../media.ts'
import { blankChat } from '../storage/chat-cache.ts'
import type {
  Chat,
  ChatRef,
  Emoji,
  Message,
  MessageId,
  OutgoingCommand,
  OutgoingContent,
  SendOptions,
  SendResult
} from '../types.ts'
import { createReading } from './reading.ts'

type Layers = Pick<Composition, 'groups' | 'listenTargets' | 'messageSender' | 'poster' | 'hasOtherDevices'>

/** What the application sends, in the words of the data layer. @throws ClientError `invalid-argument`, `too-large` */
function toContent(data: Pick<DataLayer, 'sniffImage' | 'sniffAudio'>, content: OutgoingContent): Content {
  const reply = 'replyTo' in content && content.replyTo !== undefined ? { responseTo: content.replyTo } : {}
  const text = content.text === undefined ? {} : { text: content.text }
  if ('image' in content) {
    if (data.sniffImage(content.image) === undefined)
      throw callerError('invalid-argument', 'image: not PNG, JPEG, WEBP or GIF')
    return { kind: 'image', image: content.image, ...text, ...reply }
  }
  if ('audio' in content) {
    if (data.sniffAudio(content.audio) === undefined) throw callerError('invalid-argument', 'audio: not AAC or AMR')
    return { kind: 'audio', audio: content.audio, durationMs: content.durationMs, ...text, ...reply }
  }
  if ('sticker' in content) return { kind: 'sticker', ...content.sticker, ...text }
  const kind = content.style === undefined || content.style === 'plain' ? 'text' : content.style
  return { kind, text: content.text, ...reply }
}

/** Everything about chats and the messages in them. */
export function createChats(core: Core, layers: Layers, scaleImage: ComposeDeps['scaleImage']) {
  const { chatCache, messages, state, store, keys } = core

  const dataChat = async (chat: ChatRef) =>
    chat.kind === 'group' ? { ...chat, events: await layers.groups.events(chat.id) } : chat

  const assertOpen = (chat: ChatRef): void => {
    assertChat(chat)
    const record = chatCache.chat(chat)
    if (chat.kind === 'one-to-one') {
      if (chatCache.contact(chat.publicKey).blocked)
        throw callerError('blocked', 'this person is blocked: unblock them to write to them again')
      return
    }
    if (record === undefined || !record.active)
      throw callerError('unknown-chat', `this account has no such ${chat.kind} chat`)
  }

  const targetOf = async (messageId: MessageId) => {
    const record = await messages.record(messageId)
    if (record === undefined || record.deleted) throw callerError('unknown-message', 'this account has no such message')
    return record
  }

  const setActive = async (chat: ChatRef, active: boolean): Promise<boolean> => {
    const changed = await state.run(async () => {
      const record = chatCache.chat(chat)
      if (record?.active === active || (record === undefined && !active)) return false
      const unit = store.unit()
      chatCache.putChat(unit, { ...(record ?? blankChat(chat)), active })
      await unit.commit()
      return true
    })
    await layers.listenTargets.chatChanged(chat)
    return changed
  }

  const attachmentLimit = async (chat: ChatRef): Promise<number> => {
    assertOpen(chat)
    const audiences =
      chat.kind === 'public'
        ? [{ kind: 'public-chat', name: chat.name } as const]
        : chat.kind === 'one-to-one'
          ? [{ kind: 'identity', publicKey: chat.publicKey, reach: 'known-devices' } as const]
          : (layers.groups.info(chat.id)?.members ?? [])
              .filter(member => !isSelf(core, member.publicKey))
              .map(({ publicKey }) => ({ kind: 'identity', publicKey, reach: 'known-devices' }) as const)
    const history =
      chat.kind === 'group' ? (chatCache.chat(chat)?.events ?? []).reduce((sum, bytes) => sum + bytes.length + 8, 0) : 0
    const sizes = await Promise.all(audiences.map(layers.poster.maxBytes))
    return Math.max(
      0,
      Math.min(
        core.data.limits.imageBytes,
        core.data.limits.audioBytes,
        ...sizes.map(size => size - sendSlack - history)
      )
    )
  }

  /** The content with its attachment small enough for one envelope. @throws ClientError `too-large` */
  const fit = async (chat: ChatRef, content: OutgoingContent): Promise<OutgoingContent> => {
    const attachment = 'image' in content ? content.image : 'audio' in content ? content.audio : undefined
    if (attachment === undefined) return content
    const limit = await attachmentLimit(chat)
    if (attachment.length <= limit) return content
    const scaled = 'image' in content ? await scaleImage?.(content.image, limit) : undefined
    if (scaled !== undefined && scaled.length <= limit) return { ...content, image: scaled }
    const got = attachment.length
    throw callerError('too-large', `an attachment of ${got} bytes is too large: ${limit} fit into a message now`, {
      limit,
      got
    })
  }

  return {
    all: async (): Promise<readonly Chat[]> => {
      const chats = chatCache.chats().map(({ chat }) => chat)
      for (const chat of chats) if (chat.kind === 'group') await layers.groups.open(chat.id)
      return chats.flatMap(chat => chatView(core, layers.groups, chat) ?? [])
    },
    ...createReading(core),
    joinPublic: async (name: string): Promise<void> => {
      const chat: ChatRef = { kind: 'public', name }
      assertChat(chat)
      const fresh = await setActive(chat, true)
      if (!fresh || !(await layers.hasOtherDevices())) return
      await layers.messageSender.send({
        chat: { kind: 'own-devices' },
        ref: { kind: 'one-to-one', publicKey: core.self },
        content: { kind: 'sync-public-chat', name }
      })
    },
    leavePublic: async (name: string): Promise<void> => {
      await setActive({ kind: 'public', name }, false)
    },
    send: async (chat: ChatRef, content: OutgoingContent, options: SendOptions = {}): Promise<SendResult> => {
      options.signal?.throwIfAborted()
      assertOpen(chat)
      const { clientTag } = options
      if (clientTag !== undefined) {
        if (clientTag.length === 0 || clientTag.length > limits.clientTagCharacters) {
          throw callerError('invalid-argument', `clientTag: expected 1…${limits.clientTagCharacters} characters`)
        }
        const before = await store.get<SendResult>(keys.tag(clientTag))
        if (before !== undefined) return before
      }
      const fitting = await fit(chat, content)
      const { messageId, clock, protection } = await layers.messageSender.send({
        chat: await dataChat(chat),
        ref: chat,
        content: toContent(core.data, fitting),
        ...(clientTag === undefined ? {} : { tag: clientTag })
      })
      return { messageId, clock, protection }
    },
    react: async (messageId: MessageId, emoji: Emoji, on = true): Promise<SendResult> => {
      const { chat } = await targetOf(messageId)
      assertOpen(chat)
      return layers.messageSender.send({
        chat: await dataChat(chat),
        ref: chat,
        content: { kind: 'reaction', messageId, emoji, retracted: !on }
      })
    },
    edit: async (messageId: MessageId, text: string): Promise<SendResult> => {
      const { chat, outgoing } = await targetOf(messageId)
      if (!outgoing) throw callerError('not-yours', 'only the author of a message can edit it')
      assertOpen(chat)
      return layers.messageSender.send({
        chat: await dataChat(chat),
        ref: chat,
        content: { kind: 'edit', messageId, text }
      })
    },
    remove: async (messageId: MessageId): Promise<SendResult> => {
      const { chat, outgoing } = await targetOf(messageId)
      if (!outgoing) throw callerError('not-yours', 'only the author of a message can delete it for everybody')
      assertOpen(chat)
      return layers.messageSender.send({
        chat: await dataChat(chat),
        ref: chat,
        content: { kind: 'delete', messageId }
      })
    },
    setMuted: (ref: ChatRef, on: boolean): Promise<void> =>
      state.run(async () => {
        const record = chatCache.chat(ref)
        if (record === undefined) throw callerError('unknown-chat', `this account has no such ${ref.kind} chat`)
        const { muted: _, ...rest } = record
        const unit = store.unit()
        chatCache.putChat(unit, on ? { ...rest, muted: true } : rest)
        await unit.commit()
      }),
    pin: async (messageId: MessageId, on = true): Promise<SendResult> => {
      const { chat } = await targetOf(messageId)
      if (chat.kind === 'public') throw callerError('invalid-argument', 'nothing can be pinned in a public chat')
      assertOpen(chat)
      const content = { kind: 'pin', messageId, pinned: on } as const
      return layers.messageSender.send({ chat: await dataChat(chat), ref: chat, content })
    },
    pinned: async (chat: ChatRef): Promise<readonly Message[]> => {
      assertChat(chat)
      return messages.pinned(chat)
    },
    command: async (chat: ChatRef, command: OutgoingCommand): Promise<SendResult> => {
      if (chat.kind !== 'one-to-one' || isSelf(core, chat.publicKey)) {
        throw callerError('invalid-argument', 'a command needs a one-to-one chat with another person')
      }
      assertOpen(chat)
      return layers.messageSender.send({ chat, ref: chat, content: command })
    },
    clear: (chat: ChatRef): Promise<void> =>
      state.run(async () => {
        for (;;) {
          const unit = store.unit()
          const gone = await messages.purge(unit, chat, { limit: purgeStep, nowMs: core.clock.nowMs(), by: 'user' })
          await unit.commit()
          if (gone < purgeStep) break
        }
        const record = chatCache.chat(chat)
        if (record === undefined) return
        const unit = store.unit()
        chatCache.putChat(unit, { ...record, unread: 0, unreadMentions: 0, unseenFrom: 0 })
        await unit.commit()
      }),
    attachmentLimit
  }
}

/** Messages deleted in one batch. */
const purgeStep = 500
export type Chats = ReturnType<typeof createChats>
