import type { PublicKey } from '@status-stack/interface'
import { check } from './arguments.ts'
import { keyOfId } from './ids.ts'
import { limits } from './limits.ts'

/** A mention in a text: `@` and a public key. */
export interface Mention {
  /** Index of the `@`, in UTF-16 units. */
  readonly start: number
  /** Index after the last digit. */
  readonly end: number
  /** `0x` + 130 hex digits. */
  readonly id: string
}

/** What can be said about a text without showing it. */
export interface TextShape {
  /** Lines of the text, empty ones included. */
  readonly lineCount: number
  /** Begins with Hebrew, Arabic or a right-to-left mark. */
  readonly rightToLeft: boolean
  /** Nothing but emoji: shown large. */
  readonly emojiOnly: boolean
  /** People named as `@0x04…`, in order. */
  readonly mentions: readonly Mention[]
  /** Public chats named as `#status-tag`. */
  readonly tags: readonly string[]
}

const mentionPattern = /@(0x04[0-9a-f]{128})(?![0-9a-f])/g
const tagPattern = /(?<![\w#])#([a-z0-9][a-z0-9-]{0,62})(?![\w-])/g
const rightToLeftPattern = /^[\u0590-\u06ff\u0750-\u077f\u08a0-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff]/
// Each character can be read in one way only, so that no text makes the match slow.
const emojiPattern =
  /^(?:\s|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic})*)+$/u

/**
 * The people named in a text, in order. A key that is not a point on the curve is no mention. BOUNDED: limits.mentions.
 *
 * @example
 * ```ts
 * for (const { start, end, id } of mentionsIn(text)) link(start, end, id)
 * ```
 */
export function mentionsIn(text: string): readonly Mention[] {
  check.text('text', text)
  const mentions: Mention[] = []
  for (const match of text.matchAll(mentionPattern)) {
    const id = match[1] ?? ''
    if (keyOfId(id) === undefined) continue
    mentions.push({ start: match.index, end: match.index + match[0].length, id })
    if (mentions.length === limits.mentions) break
  }
  return mentions
}

/**
 * The keys of the people named in a text, each once, in order: 65 bytes each. BOUNDED: limits.mentions.
 *
 * @example
 * ```ts
 * mentionedKeys(`@${keyId(publicKey)} hello`) // [publicKey]
 * ```
 */
export function mentionedKeys(text: string): readonly PublicKey[] {
  const ids = new Set(mentionsIn(text).map(({ id }) => id))
  return [...ids].flatMap(id => keyOfId(id) ?? [])
}

/**
 * What a client needs to lay a text out; it is parsed here and never run.
 *
 * @example
 * ```ts
 * const { rightToLeft, emojiOnly, mentions } = describeText(message.text)
 * ```
 */
export function describeText(text: string): TextShape {
  check.text('text', text)
  return {
    lineCount: text.split('\n').length,
    rightToLeft: rightToLeftPattern.test(text),
    emojiOnly: text.trim() !== '' && text.length <= limits.textBytes && emojiPattern.test(text),
    mentions: mentionsIn(text),
    tags: [...text.slice(0, limits.textBytes).matchAll(tagPattern)].map(match => match[1] ?? '')
  }
}
