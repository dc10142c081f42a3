import type { Emoji } from '@status-stack/status-client'
import { CliError } from './errors.ts'

const names: Readonly<Record<Emoji, true>> = {
  love: true,
  'thumbs-up': true,
  'thumbs-down': true,
  laugh: true,
  sad: true,
  angry: true
}

/** The reactions of the protocol: there are no others. */
export const emojis = Object.keys(names) as readonly Emoji[]

/** @throws CliError `emoji` naming those there are */
export function parseEmoji(text: string): Emoji {
  const emoji = emojis.find(name => name === text)
  if (emoji === undefined)
    throw new CliError('usage', 'emoji', `not a reaction: ${text.slice(0, 24)}`, `one of ${emojis.join(', ')}`)
  return emoji
}
