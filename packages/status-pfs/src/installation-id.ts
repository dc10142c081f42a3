import { utf8Bytes } from '@status-stack/crypto'
import { limits } from './limits.ts'

/** The form that status-go gives its installation ids; always 36 bytes. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const controls = /[\u0000-\u001f\u007f]/
const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/**
 * Whether a text may name an installation: 1 to 128 bytes of UTF-8, no control characters, and not `none`, which names the
 * entry for every device. SPEC: 5/SECURE-TRANSPORT.
 *
 * Control characters are refused because a bundle's signature covers its fields without separators: a prekey begins with
 * byte 2 or 3, so an id that holds neither cannot be taken for a part of it (decision 0164).
 *
 * @example
 * ```ts
 * isInstallationId('phone') // true
 * ```
 */
export function isInstallationId(id: string): boolean {
  if (typeof id !== 'string' || controls.test(id) || loneSurrogates.test(id)) return false
  const length = utf8Bytes(id).length
  return length > 0 && length <= limits.maxInstallationIdBytes && id !== 'none'
}

export function isUuid(id: string): boolean {
  return uuid.test(id)
}
