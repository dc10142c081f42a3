import { decompressPublicKey, equalBytes, keccak256, recoverPublicKey, utf8Bytes } from '@status-stack/crypto'
import { callerError, check, peerError } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import { type NodeRecord, parseRecord } from './enr.ts'
import { base32Bytes, base64UrlBytes } from './text.ts'

/** Where a node list is and whose it is. */
export interface TreeLocation {
  readonly domain: string
  /** 65 bytes. */
  readonly publicKey: Uint8Array
}

/** The verified root of a list. SPEC: EIP-1459. */
export interface TreeRoot {
  /** Name of the entry where the records begin. */
  readonly recordsHash: string
  /** Name of the entry where the links begin. */
  readonly linksHash: string
  readonly seq: number
}

/** One verified entry. */
export type TreeEntry =
  | { readonly kind: 'branch'; readonly children: readonly string[] }
  | { readonly kind: 'record'; readonly record: NodeRecord }
  | { readonly kind: 'link'; readonly location: TreeLocation }

const domainName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i

/** Reads `enrtree://<base32 of a 33-byte key>@<domain>`. @throws TransportError `invalid-text` */
export function parseTreeUrl(url: string): TreeLocation {
  check.text('url', url)
  const match = /^enrtree:\/\/([A-Z2-7]+)@(.+)$/.exec(url)
  const domain = match?.[2] ?? ''
  const key = base32Bytes(match?.[1] ?? '')
  if (key?.length !== 33 || !domainName.test(domain)) {
    throw callerError('invalid-text', 'node list: expected enrtree://<key>@<domain>')
  }
  try {
    return { domain: domain.toLowerCase(), publicKey: decompressPublicKey(key) }
  } catch {
    throw callerError('invalid-text', 'node list: the key is not a point on the curve')
  }
}

function hashName(text: string): string | undefined {
  const bytes = base32Bytes(text)
  return bytes !== undefined && bytes.length >= 12 && bytes.length <= 32 ? text : undefined
}

/** Reads and verifies the text at the domain itself. @throws TransportError `malformed` */
export function parseTreeRoot(text: string, publicKey: Uint8Array): TreeRoot {
  const match = /^(enrtree-root:v1 e=([A-Z2-7]+) l=([A-Z2-7]+) seq=([0-9]{1,15})) sig=([A-Za-z0-9_-]+)$/.exec(text)
  const recordsHash = hashName(match?.[2] ?? '')
  const linksHash = hashName(match?.[3] ?? '')
  const signature = base64UrlBytes(match?.[5] ?? '')
  if (match === null || recordsHash === undefined || linksHash === undefined || signature?.length !== 65) {
    throw peerError('malformed', 'node list: unreadable root')
  }
  let signer: Uint8Array
  try {
    signer = recoverPublicKey(keccak256(utf8Bytes(match[1] ?? '')), signature)
  } catch {
    throw peerError('malformed', 'node list: bad root signature')
  }
  if (!equalBytes(signer, publicKey)) throw peerError('malformed', 'node list: bad root signature')
  return { recordsHash, linksHash, seq: Number(match[4]) }
}

/**
 * Reads the text at `<name>.<domain>` after checking that the name is its hash.
 * @param subtree records stand only under `e`, links only under `l`
 * @throws TransportError `malformed`, `too-large`
 */
export function parseTreeEntry(name: string, text: string, subtree: 'records' | 'links'): TreeEntry {
  if (text.length > limits.treeEntryCharacters) {
    throw peerError('too-large', `node list: at most ${limits.treeEntryCharacters} characters`)
  }
  const hash = base32Bytes(name)
  if (hash === undefined || !equalBytes(keccak256(utf8Bytes(text)).subarray(0, hash.length), hash)) {
    throw peerError('malformed', 'node list: the entry does not match its name')
  }
  if (text.startsWith('enrtree-branch:')) {
    const names = text.slice('enrtree-branch:'.length)
    const children = names === '' ? [] : names.split(',')
    if (children.some(child => hashName(child) === undefined)) throw peerError('malformed', 'node list: bad branch')
    return { kind: 'branch', children }
  }
  if (subtree === 'records' && text.startsWith('enr:')) return { kind: 'record', record: parseRecord(text) }
  if (subtree === 'links' && text.startsWith('enrtree://')) return { kind: 'link', location: parseTreeUrl(text) }
  throw peerError('malformed', `node list: unknown entry under ${subtree}`)
}
