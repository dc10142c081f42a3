import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttachmentFact } from '@status-stack/account-rpc/methods'
import { attachmentName, bytesOf } from '@status-stack/account-rpc/methods'
import { writeNewFile } from '@status-stack/profiles/files'

/**
 * Writes the file of a message, readable by its owner only, and never over another; into a folder under a name made of
 * the message's id. @throws ProfileError `not-written`, `disk-full`
 */
export async function saveAttachment(attachment: AttachmentFact, out: string): Promise<string> {
  const isFolder = await stat(out).then(
    found => found.isDirectory(),
    () => false
  )
  const path = isFolder ? join(out, attachmentName(attachment)) : out
  await writeNewFile(path, bytesOf(attachment))
  return path
}
