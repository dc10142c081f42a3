import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { assertAudio, assertImage } from '@status-stack/account-rpc'
import { type AttachmentFact, attachmentName, bytesOf } from '@status-stack/account-rpc/methods'
import { limits } from '@status-stack/status-data'
import { audioDurationMs } from './audio-duration.ts'
import type { CommandContext, Handler } from './command-context.ts'
import { type CommandName, commandTable } from './command-table.ts'
import { here, messageAt, usageError, withMentions } from './references.ts'

type Name = Extract<CommandName, 'image' | 'audio' | 'save' | 'open' | 'view'>

/** The first word, or what stands in quotes, as a path; and what stands behind it. */
function pathAndRest(text: string, name: Name): { readonly path: string; readonly rest: string } {
  const [, quoted, word = '', rest = ''] = /^(?:"([^"]+)"|(\S+))\s*([\s\S]*)$/.exec(text) ?? []
  const path = quoted ?? word
  // The program's own input is the line.
  if (path === '' || path === '-') throw usageError(`usage: ${commandTable[name].usage}`)
  return { path: path.replace(/^~(?=\/|$)/, homedir()), rest: rest.trim() }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const caption = (context: CommandContext, rest: string): string | undefined =>
  rest === '' ? undefined : withMentions(context.state(), rest)

/** The file of the message that is named, else of the newest with one; and what stands behind it. */
async function fileOf(
  context: CommandContext,
  text: string
): Promise<{ readonly attachment: AttachmentFact; readonly rest: string }> {
  const { message, rest } = messageAt(context.state(), text, false, ({ attachment }) => attachment !== undefined)
  const { messageId } = message
  return { attachment: await context.account.attachment({ messageId }, { signal: context.signal }), rest }
}

export const mediaCommands: Readonly<Record<Name, Handler>> = {
  image: async (context, text) => {
    const chat = here(context.state())
    const { path, rest } = pathAndRest(text, 'image')
    const image = base64(assertImage(await context.files.read(path, limits.imageBytes)))
    await context.account.send({ chat, image, text: caption(context, rest) }, { signal: context.signal })
  },
  audio: async (context, text) => {
    const chat = here(context.state())
    const { path, rest } = pathAndRest(text, 'audio')
    const bytes = assertAudio(await context.files.read(path, limits.audioBytes))
    const durationMs = audioDurationMs(bytes)
    if (durationMs === undefined) throw usageError(`${path} does not say how long it is: it has no whole frame`)
    const audio = base64(bytes)
    await context.account.send({ chat, audio, durationMs, text: caption(context, rest) }, { signal: context.signal })
  },
  save: async (context, text) => {
    const { attachment, rest } = await fileOf(context, text)
    const { messageId, kind, type, bytes } = attachment
    const file = resolve(await context.files.save(attachment, rest === '' ? '.' : pathAndRest(rest, 'save').path))
    context.say({ event: { event: 'saved', messageId, file, kind, type, bytes }, text: `saved ${file}` })
  },
  open: async (context, text) => {
    const { attachment } = await fileOf(context, text)
    await context.openFile(attachmentName(attachment), bytesOf(attachment))
  },
  view: async (context, text) => {
    const { attachment } = await fileOf(context, text)
    if (attachment.kind !== 'image') throw usageError('only pictures can be viewed here: /open plays a sound')
    await context.showPicture(bytesOf(attachment), attachment.type, join('.', attachmentName(attachment)))
  }
}
