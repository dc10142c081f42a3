import { decompressPublicKey, hexToBytes } from '@status-stack/crypto'
import { parsePublicKey } from '@status-stack/status-accounts'
import type { ChatRef } from '@status-stack/status-client'
import { CliError } from './errors.ts'

const channelPattern = /^[a-z0-9-]{1,100}$/

/** What people type for a conversation: `#channel`, a public key in any text form, or a group id. */
export function parseTarget(text: string): ChatRef {
  if (text.startsWith('#')) {
    const name = text.slice(1)
    if (!channelPattern.test(name)) {
      throw new CliError(
        'usage',
        'chat-name',
        `not the name of a public chat: ${text}`,
        'small letters, digits and dashes: #status'
      )
    }
    return { kind: 'public', name }
  }
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}-0x04[0-9a-f]{128}$/.test(text)) return { kind: 'group', id: text }
  return { kind: 'one-to-one', publicKey: parseKey(text) }
}

/** A public key as people pass it on: `zQ3sh…`, `0x04…`, compressed or not. */
export function parseKey(text: string): Uint8Array {
  try {
    return /^(04[0-9a-f]{128}|0[23][0-9a-f]{64})$/i.test(text)
      ? decompressPublicKey(hexToBytes(text))
      : parsePublicKey(text)
  } catch {
    throw new CliError(
      'usage',
      'public-key',
      `not a public key: ${text.slice(0, 24)}${text.length > 24 ? '…' : ''}`,
      'it looks like zQ3sh… or 0x04…; #name is a public chat'
    )
  }
}
