import { bytesToHex, decompressPublicKey, hexToBytes } from '@status-stack/crypto'
import {
  AccountsError,
  type ContactLink,
  encodeKeyText,
  isEnodeUrl,
  parseContactLink,
  parsePublicKey
} from '@status-stack/status-accounts'
import type { ChatRef, PublicKey } from '@status-stack/status-client'
import { AccountError } from './errors.ts'
import type { ChatJson, KeyHex } from './facts.ts'

export type { ChatJson, KeyHex } from './facts.ts'

const channelPattern = /^[a-z0-9-]{1,100}$/

/**
 * What people type for a conversation: `#channel`, a public key in any text form, or a group id.
 *
 * @example
 * ```ts
 * await client.send(parseTarget('#status'), { text: 'hello' })
 * ```
 */
export function parseTarget(text: string): ChatRef {
  if (isLink(text)) return { kind: 'one-to-one', publicKey: readLink(text).publicKey }
  if (text.startsWith('#')) {
    const name = text.slice(1)
    if (!channelPattern.test(name)) {
      throw new AccountError(
        'chat-name',
        `not a valid public chat name: ${text}`,
        'use lower-case letters, digits and dashes, as in #status'
      )
    }
    return { kind: 'public', name }
  }
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}-0x04[0-9a-f]{128}$/.test(text)) return { kind: 'group', id: text }
  return { kind: 'one-to-one', publicKey: parseKey(text) }
}

/**
 * A conversation as people write it, or as events name it. @throws AccountError `public-key`, `chat-name`, `link`, `unsupported-link`
 *
 * @example
 * ```ts
 * await client.send(chatOf(fact.chat), { text: 'hello' })
 * ```
 */
export function chatOf(target: string | ChatJson): ChatRef {
  if (typeof target === 'string') return parseTarget(target)
  return target.kind === 'one-to-one' ? { kind: target.kind, publicKey: parseKey(target.publicKey) } : target
}

/**
 * A public key as people pass it on: `zQ3sh…`, `0x04…`, compressed or not.
 *
 * @example
 * ```ts
 * parseKey('zQ3shgVXZLaMzm5S5x7XzGUG6YFHFLtoEMiv9ao2Bqa7hGyg2') // 65 bytes
 * ```
 */
export function parseKey(text: string): Uint8Array {
  try {
    return /^(04[0-9a-f]{128}|0[23][0-9a-f]{64})$/i.test(text)
      ? decompressPublicKey(hexToBytes(text))
      : parsePublicKey(text)
  } catch {
    throw new AccountError(
      'public-key',
      `not a public key: ${text.slice(0, 24)}${text.length > 24 ? '…' : ''}`,
      'a key looks like zQ3sh… or 0x04…; #name is a public chat'
    )
  }
}

/**
 * The person a public key or a contact link names.
 *
 * @example
 * ```ts
 * await client.addContact(parsePerson(text))
 * ```
 */
export function parsePerson(text: string): Uint8Array {
  return isLink(text) ? readLink(text).publicKey : parseKey(text)
}

/**
 * Whether a text is a link rather than a key or a name.
 *
 * @example
 * ```ts
 * isLink('https://join.status.im/u/zQ3sh…') // true
 * ```
 */
export const isLink = (text: string): boolean => /^(?:https?|status-im):\/\//i.test(text)

/** Begins like a key or has the length of one, so that a slip in it is not taken for a name. */
const keyLike = /^(?:zQ3sh|0x)|^[0-9a-f]{40,}$/i
const groupId = /^[0-9a-f]{8}-[0-9a-f-]{27}-0x/i

/**
 * Whether a text can only be a name: it is neither meant as a key, nor a link, a public chat or the id of a group.
 *
 * @example
 * ```ts
 * isName('Bob') // true
 * isName('#status') // false, and so are zQ3sh…, 0x04… and links, also with a slip in them
 * ```
 */
export const isName = (text: string): boolean =>
  text.trim() !== '' && !text.startsWith('#') && !isLink(text) && !keyLike.test(text) && !groupId.test(text)

/** Links of the Status apps that lead to something else than a person: what it is, and what to do instead. */
const otherLinks: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  public: ['a public chat', 'name it as #name'],
  group: ['a group chat', 'a member who is an admin can invite you'],
  browser: ['a web page', 'open it in a browser'],
  payment: ['a payment', 'this program makes none'],
  'ens-name': ['an ENS name', 'ask for the key itself: zQ3sh…']
}

/**
 * A contact link taken apart. @throws AccountError `link`; `unsupported-link` naming what a link of a Status app leads to
 *
 * @example
 * ```ts
 * const { publicKey } = readLink(text)
 * ```
 */
export function readLink(text: string): ContactLink {
  try {
    return parseContactLink(text)
  } catch (error) {
    const kind = AccountsError.is(error) ? error.details['kind'] : undefined
    if (kind === undefined)
      throw new AccountError('link', 'this is not a contact link', 'it looks like https://…/u/zQ3sh…')
    const [what, hint] = otherLinks[String(kind)] ?? [
      'something that is not known here',
      'it looks like https://…/u/zQ3sh…'
    ]
    throw new AccountError('unsupported-link', `this link leads to ${what}, not to a person`, hint)
  }
}

/**
 * A public key as `0x04…`.
 *
 * @example
 * ```ts
 * keyHex(client.publicKey) // '0x04…'
 * ```
 */
export const keyHex = (publicKey: PublicKey): KeyHex => `0x${bytesToHex(publicKey)}`

/**
 * A conversation as JSON.
 *
 * @example
 * ```ts
 * chatJson({ kind: 'public', name: 'status' })
 * ```
 */
export function chatJson(chat: ChatRef): ChatJson {
  return chat.kind === 'one-to-one' ? { kind: chat.kind, publicKey: keyHex(chat.publicKey) } : chat
}

/**
 * `zQ3sh…` cut to what tells people apart in a conversation.
 *
 * @example
 * ```ts
 * shortKey(client.publicKey) // 'zQ3sh…'
 * ```
 */
export function shortKey(publicKey: PublicKey | KeyHex): string {
  const text = encodeKeyText(typeof publicKey === 'string' ? hexToBytes(publicKey) : publicKey)
  return `${text.slice(0, 8)}…${text.slice(-6)}`
}

/**
 * A conversation in a few words: `#status`, the short key of a person, the beginning of a group's id.
 *
 * @example
 * ```ts
 * chatName({ kind: 'public', name: 'status' }) // '#status'
 * ```
 */
export function chatName(chat: ChatRef | ChatJson): string {
  if (chat.kind === 'public') return `#${chat.name}`
  return chat.kind === 'one-to-one' ? shortKey(chat.publicKey) : `group ${chat.id.slice(0, 8)}`
}

/**
 * What fits into a contact link: it names nodes by enode URLs alone, those behind a WebSocket are left out.
 *
 * @example
 * ```ts
 * formatContactLink(linkOf(client.publicKey, peers, undefined))
 * ```
 */
export function linkOf(publicKey: Uint8Array, peers: readonly string[], mailserver: string | undefined): ContactLink {
  const enodes = peers.filter(isEnodeUrl)
  return {
    publicKey,
    ...(enodes.length === 0 ? {} : { enodes }),
    ...(mailserver === undefined || !isEnodeUrl(mailserver) ? {} : { mailserver })
  }
}

/**
 * The id that the client gives the chat.
 *
 * @example
 * ```ts
 * chatId({ kind: 'public', name: 'status' }) // 'status'
 * ```
 */
export function chatId(chat: ChatJson): string {
  if (chat.kind === 'public') return chat.name
  return chat.kind === 'group' ? chat.id : chat.publicKey
}
