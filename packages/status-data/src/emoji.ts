import type { Emoji } from '@status-stack/interface'

/** The reactions in the protocol's order. */
export const emojis: readonly Emoji[] = ['love', 'thumbs-up', 'thumbs-down', 'laugh', 'sad', 'angry']

/** The reaction of a type number on the wire, 1 … 6. */
export const emojiOf = (type: number): Emoji | undefined => emojis[type - 1]
/** The type number of a reaction. */
export const emojiTypeOf = (emoji: Emoji): number => emojis.indexOf(emoji) + 1
