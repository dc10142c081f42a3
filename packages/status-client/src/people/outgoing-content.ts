import type { Content, DataLayer } from '@status-stack/interface'
import { type Core, isSelf } from '../composition/core.ts'
import type { ComposeDeps } from '../composition/deps.ts'
import type { Composition } from '../composition/join-layers.ts'
import { callerError } from '../errors.ts'
import { sendSlack } from '../media.ts'
import type { OutgoingContent } from '../message-types.ts'
import type { ChatRef } from '../types.ts'

/** What the application sends, in the words of the data layer. @throws ClientError `invalid-argument`, `too-large` */
export function toContent(data: Pick<DataLayer, 'sniffImage' | 'sniffAudio'>, content: OutgoingContent): Content {
  const reply = 'replyTo' in content && content.replyTo !== undefined ? { replyTo: content.replyTo } : {}
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

/** How large an attachment may be, and what is done with one that is larger. */
export function createAttachments(
  core: Core,
  layers: Pick<Composition, 'groups' | 'poster'>,
  scaleImage: ComposeDeps['scaleImage']
) {
  /** Bytes of an attachment that fit into one envelope to each recipient of a chat. */
  const limitOf = async (chat: ChatRef): Promise<number> => {
    const audiences =
      chat.kind === 'public'
        ? [{ kind: 'public', name: chat.name } as const]
        : chat.kind === 'one-to-one'
          ? [{ kind: 'identity', publicKey: chat.publicKey, reach: 'known-devices' } as const]
          : (layers.groups.info(chat.id)?.members ?? [])
              .filter(member => !isSelf(core, member.publicKey))
              .map(({ publicKey }) => ({ kind: 'identity', publicKey, reach: 'known-devices' }) as const)
    const history =
      chat.kind === 'group'
        ? (core.chatCache.chat(chat)?.events ?? []).reduce((sum, bytes) => sum + bytes.length + 8, 0)
        : 0
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
    const limit = await limitOf(chat)
    if (attachment.length <= limit) return content
    const scaled = 'image' in content ? await scaleImage?.(content.image, limit) : undefined
    if (scaled !== undefined && scaled.length <= limit) return { ...content, image: scaled }
    const got = attachment.length
    throw callerError('too-large', `an attachment of ${got} bytes is too large: ${limit} fit into a message now`, {
      limit,
      got
    })
  }

  return { limitOf, fit }
}
