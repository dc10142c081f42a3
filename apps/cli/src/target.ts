import { decompressPublicKey, hexToBytes } from '@status-stack/crypto'
import { AccountsError, type ContactLink, parseContactLink, parsePublicKey } from '@status-stack/status-accounts'
import type { ChatRef } from '@status-stack/status-client'
import { CliError } from './errors.ts'
import type { ExitName } from './exit-codes.ts'
import type { Globals } from './globals.ts'

const channelPattern = /^[a-z0-9-]{1,100}$/

/** What people type for a conversation: `#channel`, a public key in any text form, or a group id. */
export function parseTarget(text: string): ChatRef {
  if (isLink(text)) return { kind: 'one-to-one', publicKey: readLink(text).publicKey }
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

/** The person a public key or a contact link names. */
export function parsePerson(text: string): Uint8Array {
  return isLink(text) ? readLink(text).publicKey : parseKey(text)
}

const isLink = (text: string): boolean => /^(?:https?|status-im):\/\//i.test(text)

/** Links of the Status apps that lead to something else than a person: what it is, and what to do instead. */
const otherLinks: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  'public-chat': ['a public chat', 'name it as #name'],
  'group-chat': ['a group chat', 'a member who is an admin can invite you'],
  browser: ['a web page', 'open it in a browser'],
  payment: ['a payment', 'this program makes none'],
  'ens-name': ['an ENS name', 'ask for the key itself: zQ3sh…']
}

/** @throws CliError `link`; `unsupported-link` naming what a link of a Status app leads to */
export function readLink(text: string, exit: ExitName = 'usage'): ContactLink {
  try {
    return parseContactLink(text)
  } catch (error) {
    const kind = AccountsError.is(error) ? error.details['kind'] : undefined
    if (kind === undefined)
      throw new CliError(exit, 'link', 'this is not a contact link', 'it looks like https://…/u/zQ3sh…')
    const [what, hint] = otherLinks[String(kind)] ?? [
      'something that is not known here',
      'it looks like https://…/u/zQ3sh…'
    ]
    throw new CliError(exit, 'unsupported-link', `this link leads to ${what}, not to a person`, hint)
  }
}

/** The settings with what a contact link adds to them: the peers and the mailserver where its owner is found. */
export function withLink<T extends Pick<Globals, 'peers' | 'mailservers'>>(text: string, globals: T): T {
  if (!isLink(text)) return globals
  const { enodes = [], mailserver } = readLink(text)
  return {
    ...globals,
    peers: [...new Set([...globals.peers, ...enodes])],
    mailservers: [...new Set([...globals.mailservers, ...(mailserver === undefined ? [] : [mailserver])])]
  }
}
