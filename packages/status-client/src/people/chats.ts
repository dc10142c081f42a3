import type { Content, SecurityLayer } from '@status-stack/interface'
import { chatView } from '../composition/chat-view.ts'
import { type Core, hasOtherDevices, isSelf } from '../composition/core.ts'
import type { ComposeDeps } from '../composition/deps.ts'
import type { Composition } from '../composition/join-layers.ts'
import { callerError } from '../errors.ts'
import { assertChat } from '../ids.ts'
import { limits } from '../limits.ts'
import type { Message, OutgoingCommand, OutgoingContent, SendOptions, SendResult } from '../message-types.ts'
import { cancelUnsent } from '../sending/cancel.ts'
import { blankChat } from '../storage/chat-cache.ts'
import type { Chat, ChatRef, MessageId } from '../types.ts'
import { clearMessages, nothingUnread } from './clear-messages.ts'
import { createMessageChanges } from './message-changes.ts'
import { createAttachments, toContent } from './outgoing-content.ts'
import { createReading } from './reading.ts'

type Layers = Pick<Composition, 'groups' | 'listenTargets' | 'messageSender' | 'outbox' | 'poster' | 'sync'> & {
  readonly sealer: Pick<SecurityLayer, 'devices'>
}

/** Everything about chats and the messages in them. */
export function createChats(core: Core, layers: Layers, scaleImage: ComposeDeps['scaleImage']) {
  const { chatCache, messages, state, store, keys } = core

  const dataChat = async (chat: ChatRef) =>
    chat.kind === 'group' ? { ...chat, events: await layers.groups.events(chat.id) } : chat

  const setActive = async (chat: ChatRef, active: boolean): Promise<boolean> => {
    const changed = await state.run(() => storeActive(core, chat, active))
    await layers.listenTargets.chatChanged(chat)
    return changed
  }

  const attachments = createAttachments(core, layers, scaleImage)

  const sendTo = async (chat: ChatRef, content: Content, tag?: string): Promise<SendResult> => {
    assertOpen(core, chat)
    return layers.messageSender.send({
      chat: await dataChat(chat),
      ref: chat,
      content,
      ...(tag === undefined ? {} : { tag })
    })
  }

  const changes = createMessageChanges(core, sendTo)

  return {
    all: async (): Promise<readonly Chat[]> => {
      const chats = chatCache.chats().map(({ chat }) => chat)
      for (const chat of chats) if (chat.kind === 'group') await layers.groups.open(chat.id)
      return chats.flatMap(chat => chatView(core, layers.groups, chat) ?? [])
    },
    ...createReading(core),
    ...changes,
    remove: async (messageId: MessageId): Promise<SendResult> => {
      const sent = await changes.remove(messageId)
      // What is deleted before it could be sent must neither stay on the disk nor leave.
      await cancelUnsent(core, layers, messageId)
      return sent
    },
    joinPublic: async (name: string): Promise<void> => {
      const chat: ChatRef = { kind: 'public', name }
      assertChat(chat)
      const fresh = await setActive(chat, true)
      if (!fresh || !(await hasOtherDevices(core, layers.sealer))) return
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
      assertOpen(core, chat)
      const { clientTag } = options
      if (clientTag !== undefined) {
        if (clientTag.length === 0 || clientTag.length > limits.clientTagCharacters) {
          throw callerError('invalid-argument', `clientTag: expected 1…${limits.clientTagCharacters} characters`)
        }
        const before = await store.get<SendResult>(keys.tag(clientTag))
        if (before !== undefined) return before
      }
      const fitting = await attachments.fit(chat, content)
      const { messageId, clock, protection } = await sendTo(chat, toContent(core.data, fitting), clientTag)
      return { messageId, clock, protection }
    },
    setMuted: (ref: ChatRef, on: boolean): Promise<void> => state.run(() => storeMuted(core, ref, on)),
    pinned: async (chat: ChatRef): Promise<readonly Message[]> => {
      assertChat(chat)
      return messages.pinned(chat)
    },
    command: async (chat: ChatRef, command: OutgoingCommand): Promise<SendResult> => {
      if (chat.kind !== 'one-to-one' || isSelf(core, chat.publicKey)) {
        throw callerError('invalid-argument', 'a command needs a one-to-one chat with another person')
      }
      return sendTo(chat, command)
    },
    clear: (chat: ChatRef): Promise<void> => state.run(() => clearChat(core, chat)),
    attachmentLimit: async (chat: ChatRef): Promise<number> => {
      assertOpen(core, chat)
      return attachments.limitOf(chat)
    }
  }
}

/** @throws ClientError `blocked`, `unknown-chat` for a chat that cannot be written to */
function assertOpen({ chatCache }: Core, chat: ChatRef): void {
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

/** Whether that changed anything. */
async function storeActive({ chatCache, clock, store }: Core, chat: ChatRef, active: boolean): Promise<boolean> {
  const before = chatCache.chat(chat)
  if (before?.active === active || (before === undefined && !active)) return false
  const unit = store.unit()
  const { leftMs: _, ...record } = before ?? blankChat(chat)
  chatCache.putChat(unit, { ...record, active, ...(active ? {} : { leftMs: clock.nowMs() }) })
  await unit.commit()
  return true
}

async function storeMuted({ chatCache, store }: Core, ref: ChatRef, on: boolean): Promise<void> {
  const record = chatCache.chat(ref)
  if (record === undefined) throw callerError('unknown-chat', `this account has no such ${ref.kind} chat`)
  const { muted: _, ...rest } = record
  const unit = store.unit()
  chatCache.putChat(unit, on ? { ...rest, muted: true } : rest)
  await unit.commit()
}

async function clearChat(core: Core, chat: ChatRef): Promise<void> {
  await clearMessages(core, chat)
  const record = core.chatCache.chat(chat)
  if (record === undefined) return
  const unit = core.store.unit()
  core.chatCache.putChat(unit, { ...record, ...nothingUnread })
  await unit.commit()
}

export type Chats = ReturnType<typeof createChats>
