import { bytesToHex, hexToBytes, isPublicKey, keccak256 } from '@status-stack/crypto'
import { callerError, check } from './errors.ts'
import { addressBytes } from './peers/address.ts'

/** A node as an enode URL names it. */
export interface Enode {
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  /** IP address without brackets, or a DNS name; absent in an incomplete enode. */
  readonly host?: string
  /** 0 to 65 535; absent in an incomplete enode. */
  readonly tcpPort?: number
  /** Where discovery listens, 0 to 65 535; absent in an incomplete enode. */
  readonly udpPort?: number
}

/** An enode that can be dialed. */
export type CompleteEnode = Enode & { readonly host: string; readonly tcpPort: number; readonly udpPort: number }

/**
 * Node id of a 65-byte public key: Keccak-256 of X‖Y, 32 bytes.
 *
 * @example
 * ```ts
 * bytesToHex(nodeIdOf(publicKey)) === peerIdOf(publicKey)
 * ```
 */
export function nodeIdOf(publicKey: Uint8Array): Uint8Array {
  check.bytes('publicKey', publicKey, 65)
  return keccak256(publicKey.slice(1))
}

/**
 * Node id as 64 hex digits.
 *
 * @example
 * ```ts
 * peerIdOf(publicKey) // 64 hex digits
 * ```
 */
export function peerIdOf(publicKey: Uint8Array): string {
  // Joined, not added up: a flat string takes a tenth of the memory, and each peer holds one.
  return Array.from(nodeIdOf(publicKey), byte => byte.toString(16).padStart(2, '0')).join('')
}

function parseKey(hex: string): Uint8Array {
  if (!/^[0-9a-fA-F]{128}$/.test(hex)) {
    throw callerError('invalid-text', `enode: expected 128 hex digits, got ${hex.length} characters`)
  }
  const publicKey = new Uint8Array(65)
  publicKey[0] = 4
  publicKey.set(hexToBytes(hex), 1)
  if (!isPublicKey(publicKey)) throw callerError('invalid-text', 'enode: the key is not a point on the curve')
  return publicKey
}

function parsePort(name: string, text: string): number {
  const port = Number(text)
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) {
    throw callerError('invalid-text', `enode: invalid ${name}`)
  }
  return port
}

/** A DNS name; `_` is in names of hosts that Docker and SRV records make, though RFC 1123 does not name it. */
const domainName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i

/** Digits and dots alone are an IPv4 address or nothing. */
function isHost(host: string, bracketed: boolean): boolean {
  if (bracketed) return host.includes(':') && addressBytes(host) !== undefined
  return /^[0-9.]+$/.test(host) ? addressBytes(host) !== undefined : domainName.test(host)
}

const complete =
  /^(?<key>[^@/?#]*)@(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:@/?#[\]]+)):(?<port>[^?/#]*)(?:\?(?<query>[^#]*))?$/

/**
 * Reads `enode://<128 hex>@<host>:<port>[?discport=<port>]`, the incomplete `enode://<128 hex>` and a bare 128 hex digits.
 * @throws TransportError `invalid-text`
 *
 * @example
 * ```ts
 * const { publicKey, host, tcpPort } = parseEnode(`enode://${bytesToHex(nodeId)}@192.0.2.7:30303`)
 * ```
 */
export function parseEnode(text: string): Enode {
  check.text('enode', text)
  if (!text.startsWith('enode://')) {
    if (/^[0-9a-fA-F]{128}$/.test(text)) return { publicKey: parseKey(text) }
    throw callerError('invalid-text', 'enode: expected a URL that begins with enode://')
  }
  const rest = text.slice('enode://'.length)
  if (!rest.includes('@')) return { publicKey: parseKey(rest) }
  const groups = complete.exec(rest)?.groups
  if (groups === undefined) throw callerError('invalid-text', 'enode: expected <key>@<host>:<port>')
  const publicKey = parseKey(groups['key'] ?? '')
  const host = groups['v6'] ?? groups['host'] ?? ''
  if (!isHost(host, groups['v6'] !== undefined)) throw callerError('invalid-text', 'enode: invalid host')
  const tcpPort = parsePort('port', groups['port'] ?? '')
  const discport = new URLSearchParams(groups['query'] ?? '').get('discport')
  return { publicKey, host, tcpPort, udpPort: discport === null ? tcpPort : parsePort('discport in query', discport) }
}

/**
 * Reads an enode that can be dialed. @throws TransportError `invalid-text` also for an incomplete one
 *
 * @example
 * ```ts
 * const { host, tcpPort, udpPort } = parseCompleteEnode(text)
 * ```
 */
export function parseCompleteEnode(text: string): CompleteEnode {
  const { publicKey, host, tcpPort, udpPort } = parseEnode(text)
  if (host === undefined || tcpPort === undefined || udpPort === undefined) {
    throw callerError('invalid-text', 'enode: incomplete, expected host and port')
  }
  return { publicKey, host, tcpPort, udpPort }
}

/**
 * Writes an enode URL; `?discport=` only where UDP and TCP differ.
 *
 * @example
 * ```ts
 * formatEnode({ publicKey, host: '192.0.2.7', tcpPort: 30303, udpPort: 30301 })
 * ```
 */
export function formatEnode(node: Enode): string {
  check.object('node', node)
  check.bytes('publicKey', node.publicKey, 65)
  const url = `enode://${bytesToHex(node.publicKey.subarray(1))}`
  if (node.host === undefined || node.tcpPort === undefined) return url
  const host = node.host.includes(':') ? `[${node.host}]` : node.host
  const discport = node.udpPort === undefined || node.udpPort === node.tcpPort ? '' : `?discport=${node.udpPort}`
  return `${url}@${host}:${node.tcpPort}${discport}`
}
