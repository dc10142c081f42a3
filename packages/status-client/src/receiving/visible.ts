import type { Accepted } from '@status-stack/interface'
import type { MessageContent } from '../message-types.ts'
import type { ChatRef, MessageId } from '../types.ts'

/** The data layer's chat reference as ours. */
export function refOf(chat: NonNullable<Accepted['chat']>): ChatRef {
  if (chat.kind === 'one-to-one') return { kind: 'one-to-one', publicKey: chat.publicKey }
  return chat.kind === 'public' ? { kind: 'public', name: chat.id } : { kind: 'group', id: chat.id }
}

/** The part of a message that people see. */
export interface Shape {
  readonly text: string
  readonly content: MessageContent
  readonly replyTo?: MessageId
  readonly replaces?: MessageId
}

/** What people see of content that needs nothing stored, or `undefined` when there is nothing to see. */
export function visible(content: Accepted['content']): Shape | undefined {
  const answered = 'replyTo' in content ? (content.replyTo ?? '') : ''
  const replyTo = answered === '' ? {} : { replyTo: answered }
  switch (content.kind) {
    case 'text':
      return { text: content.text, content: { kind: 'text', style: 'plain' }, ...replyTo }
    case 'status':
    case 'emoji':
      return { text: content.text, content: { kind: 'text', style: content.kind }, ...replyTo }
    case 'sticker':
      return {
        text: content.text ?? '',
        content: { kind: 'sticker', hash: content.hash, pack: content.pack },
        ...replyTo
      }
    case 'image':
      return {
        text: content.text ?? '',
        content: { kind: 'image', type: content.format ?? 'png', bytes: content.image },
        ...replyTo
      }
    case 'audio':
      return {
        text: content.text ?? '',
        content: {
          kind: 'audio',
          type: content.format ?? 'aac',
          bytes: content.audio,
          durationMs: content.durationMs ?? 0
        },
        ...replyTo
      }
    case 'unsupported':
      return { text: content.text, content: { kind: 'unsupported', contentType: content.contentType }, ...replyTo }
    default:
      return undefined
  }
}
