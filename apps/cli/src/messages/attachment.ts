import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Message, MessageContent } from '@status-stack/status-client'
import { CliError } from '../errors.ts'
import { writeNewFile } from '../private-files.ts'

type Attachment = Extract<MessageContent, { readonly bytes: Uint8Array }>

/** The file inside a message. @throws CliError `no-attachment` */
export function attachmentOf({ content, messageId }: Message): Attachment {
  if (content.kind !== 'image' && content.kind !== 'audio')
    throw new CliError('failed', 'no-attachment', `message ${messageId.slice(0, 10)}… holds no image and no sound`)
  return content
}

/** Its name says the id and the format alone: nothing that another person chose. */
export function attachmentName(message: Message): string {
  return `${message.messageId.slice(2, 18)}.${attachmentOf(message).type}`
}

/**
 * Writes the file of a message, readable by its owner only, and never over another; into a folder under a name made of
 * the message's id. @throws CliError `not-written`, `disk-full`
 */
export async function saveAttachment(message: Message, out: string): Promise<string> {
  const { bytes } = attachmentOf(message)
  const isFolder = await stat(out).then(
    found => found.isDirectory(),
    () => false
  )
  const path = isFolder ? join(out, attachmentName(message)) : out
  await writeNewFile(path, bytes)
  return path
}
