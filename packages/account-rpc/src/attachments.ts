import { base64ToBytes } from './base64.ts'
import type { AttachmentFact } from './message-facts.ts'

/**
 * A name for the file of a message: its id and the format alone, nothing that another person chose.
 *
 * @example
 * ```ts
 * await writeFile(attachmentName(attachment), bytesOf(attachment))
 * ```
 */
export function attachmentName({ messageId, type }: Pick<AttachmentFact, 'messageId' | 'type'>): string {
  return `${messageId.slice(2, 18)}.${type}`
}

/**
 * The bytes of the file of a message; none where an account of another version answers with something else than base64.
 *
 * @example
 * ```ts
 * const bytes = bytesOf(await account.attachment({ messageId }))
 * ```
 */
export const bytesOf = ({ base64 }: Pick<AttachmentFact, 'base64'>): Uint8Array =>
  base64ToBytes(base64) ?? new Uint8Array(0)
