import { type Account, assertAudio, assertImage, parseMessageId, parseSticker } from '@status-stack/account-rpc'
import { limits as clientLimits } from '@status-stack/status-client'
import { limits } from '@status-stack/status-data'
import { CliError } from '../errors.ts'
import { readBytes, readText } from './input.ts'

/** What a message may hold, as flags of `send` and fields of the daemon's `send` say it. */
export interface ContentOptions {
  /** A file, or `-` for stdin. */
  readonly image?: string
  readonly audio?: string
  /** Seconds of the sound. */
  readonly duration?: number
  /** `PACK/HASH`. */
  readonly sticker?: string
  /** The text is emoji, to be shown large. */
  readonly emoji?: boolean
  readonly replyTo?: string
}

/** What a message is to hold, as the account's `send` takes it. */
export type Content = Omit<Parameters<Account['send']>[0], 'chat' | 'clientTag'>

const usage = (code: string, message: string, hint?: string): CliError => new CliError('usage', code, message, hint)

/** Reads what the flags name. Text comes from stdin when nothing else is sent. @throws CliError, exit code 2 */
export async function contentOf(options: ContentOptions, text: string | undefined): Promise<Content> {
  const { image, audio, sticker, emoji, duration } = options
  const named = Object.entries({ image, audio, sticker, emoji }).filter(([, value]) => value !== undefined)
  if (named.length > 1)
    throw usage('content', `one message holds one of ${named.map(([name]) => `--${name}`).join(', ')}`)
  if ((audio === undefined) !== (duration === undefined))
    throw usage('duration', audio === undefined ? '--duration is for --audio' : '--audio needs --duration SECONDS')
  if ((image === '-' || audio === '-') && text === '-')
    throw usage('stdin', 'stdin can be the file or the text, not both')
  const replyTo = options.replyTo === undefined ? undefined : parseMessageId(options.replyTo)
  const caption = text === undefined ? undefined : await readText(text)
  if (image !== undefined)
    return { image: base64(assertImage(await readBytes(image, limits.imageBytes))), text: caption, replyTo }
  if (audio !== undefined) {
    const bytes = assertAudio(await readBytes(audio, limits.audioBytes))
    return { audio: base64(bytes), durationMs: Math.round((duration ?? 0) * 1000), text: caption, replyTo }
  }
  if (sticker !== undefined) {
    if (replyTo !== undefined) throw usage('content', 'a sticker cannot be a reply')
    parseSticker(sticker)
    return { sticker, text: caption }
  }
  const body = caption ?? (await readText(undefined))
  return { text: body, replyTo, ...(emoji === true ? { emoji } : {}) }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** @throws CliError `client-tag` */
export function assertClientTag(tag: string | undefined): void {
  const { clientTagCharacters } = clientLimits
  if (tag === undefined || (tag.length > 0 && tag.length <= clientTagCharacters)) return
  throw usage('client-tag', `a client tag has 1 to ${clientTagCharacters} characters`)
}
