import type { Content } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import { callerError } from '../errors.ts'
import type { Emoji, SendResult } from '../message-types.ts'
import type { ChatRef, MessageId } from '../types.ts'

/** Changes of messages that are there already. `send` refuses chats in which nothing can be sent now. */
export function createMessageChanges(
  { messages }: Pick<Core, 'messages'>,
  send: (chat: ChatRef, content: Content) => Promise<SendResult>
) {
  const targetOf = async (messageId: MessageId) => {
    const record = await messages.record(messageId)
    if (record === undefined || record.deleted) throw callerError('unknown-message', 'this account has no such message')
    return record
  }

  return {
    react: async (messageId: MessageId, emoji: Emoji, on = true): Promise<SendResult> => {
      const { chat } = await targetOf(messageId)
      return send(chat, { kind: 'reaction', messageId, emoji, retracted: !on })
    },
    edit: async (messageId: MessageId, text: string): Promise<SendResult> => {
      const { chat, outgoing } = await targetOf(messageId)
      if (!outgoing) throw callerError('not-yours', 'only the author of a message can edit it')
      return send(chat, { kind: 'edit', messageId, text })
    },
    remove: async (messageId: MessageId): Promise<SendResult> => {
      const { chat, outgoing } = await targetOf(messageId)
      if (!outgoing) throw callerError('not-yours', 'only the author of a message can delete it for everybody')
      return send(chat, { kind: 'delete', messageId })
    },
    pin: async (messageId: MessageId, on = true): Promise<SendResult> => {
      const { chat } = await targetOf(messageId)
      if (chat.kind === 'public') throw callerError('invalid-argument', 'nothing can be pinned in a public chat')
      return send(chat, { kind: 'pin', messageId, pinned: on })
    }
  }
}
