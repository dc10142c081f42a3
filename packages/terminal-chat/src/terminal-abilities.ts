import type { Environment } from './environment.ts'
import { ChatError } from './errors.ts'
import { type PictureKind, pictureKind } from './pictures.ts'
import type { ChatSettings } from './surroundings.ts'
import { copySequence, noticeKind, noticeSequence } from './terminal-notices.ts'

/** Between two rings, milliseconds: many messages at once ring once. */
const quietMs = 2000

/** Rings, and asks for a notice on the desktop, as the settings and the terminal have it. */
export function bellOf(
  { bell, notify }: Pick<ChatSettings, 'bell' | 'notify'>,
  environment: Environment
): (title: string, text: string) => void {
  const kind = notify === 'auto' ? noticeKind(environment) : notify === 'off' ? undefined : notify
  let last = Number.NEGATIVE_INFINITY
  return (title, text) => {
    const now = performance.now()
    if (bell === 'off' || now - last < quietMs) return
    last = now
    process.stdout.write(`\u0007${kind === undefined ? '' : noticeSequence(kind, title, text)}`)
  }
}

/** Copies into the clipboard of the terminal; answers whether the text is short enough. */
export function writeCopy(text: string): boolean {
  const sequence = copySequence(text)
  if (sequence !== undefined) process.stdout.write(sequence)
  return sequence !== undefined
}

/** How this terminal is given pictures, as the settings and the terminal have it. */
export function picturesOf(
  { pictures }: Pick<ChatSettings, 'pictures'>,
  environment: Environment
): PictureKind | undefined {
  return pictures === 'auto' ? pictureKind(environment) : pictures === 'off' ? undefined : pictures
}

export const noPictures = (): ChatError =>
  new ChatError(
    'environment',
    'picture',
    'this terminal is not known to show pictures',
    'use /open or /save, or the setting pictures if it can'
  )
