import type { Emoji } from '@status-stack/status-client'
import { AccountError } from './errors.ts'

/** The picture of each reaction. */
export const emojiPictures: Readonly<Record<Emoji, string>> = Object.freeze({
  love: '❤️',
  'thumbs-up': '👍',
  'thumbs-down': '👎',
  laugh: '😂',
  sad: '😢',
  angry: '😡'
})

/** Other pictures that people type for the same: without the sign for colour, or a neighbour of it on their keyboard. */
const alsoMeant: Readonly<Record<string, Emoji>> = { '❤': 'love', '😆': 'laugh', '😭': 'sad', '😠': 'angry' }

/** The reactions of the protocol: there are no others. */
export const emojis = Object.keys(emojiPictures) as readonly Emoji[]

/**
 * A reaction by its name or its picture, in any colour of skin. @throws AccountError `emoji` naming those there are
 *
 * @example
 * ```ts
 * await client.react(messageId, parseEmoji('thumbs-up'))
 * ```
 */
export function parseEmoji(text: string): Emoji {
  const plain = text.trim().replace(/\p{Emoji_Modifier}/gu, '')
  const emoji = emojis.find(name => name === plain || emojiPictures[name] === plain) ?? own(alsoMeant, plain)
  if (emoji !== undefined) return emoji
  const known = emojis.map(name => `${name} ${emojiPictures[name]}`).join(', ')
  throw new AccountError('emoji', `not a reaction: ${text.slice(0, 24)}`, `one of ${known}`)
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined
