import { hexToBytes, isPublicKey } from '@status-stack/crypto'
import { check } from './checks.ts'
import { AccountsError } from './errors.ts'
import { encodeKeyText, parsePublicKey } from './key-text.ts'
import { limits } from './limits.ts'
import { personInLink, refuseEnsName } from './status-link.ts'

/** What one person gives another so that they can talk: a key, and perhaps how to reach a network where it is heard. */
export interface ContactLink {
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** Peers to connect to, as enode URLs. */
  readonly enodes?: readonly string[] | undefined
  /** A mailserver that has this person's history, as an enode URL; its password may stand after the node id. */
  readonly mailserver?: string | undefined
}

const webPrefix = 'https://join.status.im/u/'
const appPrefix = 'status-im://u/'

/** `caller` where the link is being made, `peer` where it is being read. */
type Author = 'caller' | 'peer'

function invalid(what: string, origin: Author = 'peer'): AccountsError {
  return new AccountsError('invalid-link', `contact link: ${what}`, { origin })
}

const enodePattern =
  /^enode:\/\/([0-9a-f]{128})(?::[\w.~!$&'()*+,;=-]{1,64})?@([a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\]):(\d{1,5})(?:\?discport=(\d{1,5}))?$/i

const isPort = (text: string): boolean => Number(text) >= 1 && Number(text) <= 65535

/**
 * Whether a text is an enode URL: a node id on the curve, a host and ports. It says nothing about who answers there. Host names
 * may have underscores, as those of containers do.
 *
 * @example
 * ```ts
 * if (isEnodeUrl(text)) peers.push(text)
 * ```
 */
export function isEnodeUrl(text: string): boolean {
  if (typeof text !== 'string') return false
  const [, id, host, port, discoveryPort] = enodePattern.exec(text) ?? []
  if (id === undefined || host === undefined || port === undefined) return false
  const portsFit = isPort(port) && (discoveryPort === undefined || Number(discoveryPort) <= 65535)
  return portsFit && isPublicKey(hexToBytes(`04${id}`))
}

function assertLink({ enodes = [], mailserver }: Omit<ContactLink, 'publicKey'>, origin: Author): void {
  // BOUNDED: limits.linkEnodes
  if (enodes.length > limits.linkEnodes) throw invalid(`expected at most ${limits.linkEnodes} enodes`, origin)
  const urls = mailserver === undefined ? enodes : [...enodes, mailserver]
  if (!urls.every(isEnodeUrl)) throw invalid('expected enode URLs', origin)
}

function format(prefix: string, { publicKey, ...rest }: ContactLink): string {
  if (rest.enodes !== undefined) check.array('enodes', rest.enodes)
  assertLink(rest, 'caller')
  const parameters = (rest.enodes ?? []).map(enode => `enode=${encodeURIComponent(enode)}`)
  if (rest.mailserver !== undefined) parameters.push(`mailserver=${encodeURIComponent(rest.mailserver)}`)
  const link = prefix + encodeKeyText(publicKey) + (parameters.length === 0 ? '' : `?${parameters.join('&')}`)
  if (link.length > limits.linkCharacters) {
    throw invalid(`expected at most ${limits.linkCharacters} characters`, 'caller')
  }
  return link
}

/**
 * A link to send or print: `https://join.status.im/u/zQ3sh…`.
 * @throws AccountsError `invalid-link`, `invalid-argument`; CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * formatContactLink({ publicKey: identity.publicKey })
 * ```
 */
export function formatContactLink(link: ContactLink): string {
  check.object('link', link)
  return format(webPrefix, link)
}

/**
 * The text of a QR code: the bare key text when there is nothing else to say, which every Status client reads,
 * otherwise `status-im://u/…`.
 * @throws AccountsError `invalid-link`
 *
 * @example
 * ```ts
 * drawQrCode(formatQrPayload({ publicKey: identity.publicKey }))
 * ```
 */
export function formatQrPayload(link: ContactLink): string {
  check.object('link', link)
  const bare = link.enodes === undefined && link.mailserver === undefined
  return bare ? encodeKeyText(link.publicKey) : format(appPrefix, link)
}

/**
 * Reads a link, a QR payload, or a bare key in any text form. Links of the Status apps of 2019 and 2020 to a person's key are
 * understood: `u/…` and `user/…` below `https://join.status.im`, `https://get.status.im` and `status-im:`. Strict: what is not
 * understood is refused, so nothing in the text is silently left out of what the user agrees to.
 *
 * @example
 * ```ts
 * const { publicKey, enodes = [] } = parseContactLink('https://join.status.im/u/zQ3shgVXZLaMzm5S5x7XzGUG6YFHFLtoEMiv9ao2Bqa7hGyg2')
 * ```
 * @throws AccountsError `invalid-link`, `invalid-argument`; `unsupported-link` for a Status link that leads to a chat, a group, a
 * web page, a payment or an ENS name (`details.kind`)
 */
export function parseContactLink(text: string): ContactLink {
  check.text('link', text)
  if (text.length > limits.linkCharacters) throw invalid(`expected at most ${limits.linkCharacters} characters`)
  const trimmed = text.trim()
  const person = personInLink(trimmed)
  const [path = '', query, ...more] = (person ?? trimmed).split('?')
  if (more.length > 0 || (person === undefined && query !== undefined)) throw invalid('expected one query')
  const publicKey = keyIn(person === undefined ? path : personKey(path))
  const enodes: string[] = []
  let mailserver: string | undefined
  for (const parameter of query === undefined ? [] : query.split('&')) {
    const [name, value, ...rest] = parameter.split('=')
    if (value === undefined || rest.length > 0) throw invalid('expected name=value')
    if (name === 'enode') enodes.push(unescapeValue(value))
    else if (name === 'mailserver' && mailserver === undefined) mailserver = unescapeValue(value)
    else throw invalid('expected enodes and at most one mailserver')
  }
  const link = {
    ...(enodes.length === 0 ? {} : { enodes }),
    ...(mailserver === undefined ? {} : { mailserver })
  }
  assertLink(link, 'peer')
  return { publicKey, ...link }
}

/** Browsers add a slash at the end of a path, and messengers escape what is in it. @throws AccountsError `unsupported-link` */
function personKey(path: string): string {
  const name = unescapeValue(path.replace(/\/$/, ''))
  refuseEnsName(name)
  return name
}

function keyIn(text: string): Uint8Array {
  try {
    return parsePublicKey(text)
  } catch {
    throw invalid('expected a public key')
  }
}

function unescapeValue(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw invalid('expected percent-encoded text')
  }
}
