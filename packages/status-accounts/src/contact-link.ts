import { hexToBytes, isPublicKey } from '@status-stack/crypto'
import { AccountsError } from './errors.ts'
import { encodeKeyText, parsePublicKey } from './key-text.ts'
import { limits } from './limits.ts'

/** What one person gives another so that they can talk: a key, and perhaps how to reach a network where it is heard. */
export interface ContactLink {
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** Peers to connect to, as enode URLs. */
  readonly enodes?: readonly string[]
  /** A mailserver that has this person's history, as an enode URL; its password may stand after the node id. */
  readonly mailserver?: string
}

const webPrefix = 'https://join.status.im/u/'
const appPrefix = 'status-im://u/'

function invalid(what: string): AccountsError {
  return new AccountsError('invalid-link', `contact link: ${what}`, { origin: 'peer' })
}

const enodePattern =
  /^enode:\/\/([0-9a-f]{128})(?::[\w.~!$&'()*+,;=-]{1,64})?@([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\]):(\d{1,5})(?:\?discport=(\d{1,5}))?$/i

const isPort = (text: string): boolean => Number(text) >= 1 && Number(text) <= 65535

/** Whether a text is an enode URL: a node id on the curve, a host and ports. It says nothing about who answers there. */
export function isEnodeUrl(text: string): boolean {
  const [, id, host, port, discoveryPort] = enodePattern.exec(text) ?? []
  if (id === undefined || host === undefined || port === undefined) return false
  const portsFit = isPort(port) && (discoveryPort === undefined || Number(discoveryPort) <= 65535)
  return portsFit && isPublicKey(hexToBytes(`04${id}`))
}

function assertLink({ enodes = [], mailserver }: Omit<ContactLink, 'publicKey'>): void {
  // BOUNDED: limits.linkEnodes
  if (enodes.length > limits.linkEnodes) throw invalid(`expected at most ${limits.linkEnodes} enodes`)
  const urls = mailserver === undefined ? enodes : [...enodes, mailserver]
  if (!urls.every(isEnodeUrl)) throw invalid('expected enode URLs')
}

function format(prefix: string, { publicKey, ...rest }: ContactLink): string {
  assertLink(rest)
  const parameters = (rest.enodes ?? []).map(enode => `enode=${encodeURIComponent(enode)}`)
  if (rest.mailserver !== undefined) parameters.push(`mailserver=${encodeURIComponent(rest.mailserver)}`)
  const link = prefix + encodeKeyText(publicKey) + (parameters.length === 0 ? '' : `?${parameters.join('&')}`)
  if (link.length > limits.linkCharacters) throw invalid(`expected at most ${limits.linkCharacters} characters`)
  return link
}

/** A link to send or print: `https://join.status.im/u/zQ3sh…`. @throws AccountsError `invalid-link` */
export function formatContactLink(link: ContactLink): string {
  return format(webPrefix, link)
}

/**
 * The text of a QR code: the bare key text when there is nothing else to say, which every Status client reads,
 * otherwise `status-im://u/…`.
 * @throws AccountsError `invalid-link`
 */
export function formatQrPayload(link: ContactLink): string {
  const bare = link.enodes === undefined && link.mailserver === undefined
  return bare ? encodeKeyText(link.publicKey) : format(appPrefix, link)
}

/**
 * Reads a link, a QR payload, or a bare key in any text form. Strict: what is not understood is refused, so nothing
 * in the text is silently left out of what the user agrees to.
 * @throws AccountsError `invalid-link`
 */
export function parseContactLink(text: string): ContactLink {
  if (text.length > limits.linkCharacters) throw invalid(`expected at most ${limits.linkCharacters} characters`)
  const trimmed = text.trim()
  const prefix = [webPrefix, appPrefix].find(start => trimmed.toLowerCase().startsWith(start))
  const [keyText = '', query, ...more] = trimmed.slice(prefix?.length ?? 0).split('?')
  if (more.length > 0 || (prefix === undefined && query !== undefined)) throw invalid('expected one query')
  const publicKey = keyIn(keyText)
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
  assertLink(link)
  return { publicKey, ...link }
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
