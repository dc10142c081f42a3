import { bytesToHex } from '@status-stack/crypto'
import { type AddressFormat, type NodeAddress, parseEnode } from '@status-stack/rlpx'
import { callerError, check } from '@status-stack/rlpx/carrier'
import { limits } from './limits.ts'

const defaultPorts: Readonly<Record<string, number>> = Object.freeze({ 'ws:': 80, 'wss:': 443 })

function urlOf(text: string): URL {
  check.text('node URL', text)
  if (text.length > limits.urlCharacters) {
    throw callerError('invalid-text', `node URL: at most ${limits.urlCharacters} characters`)
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || defaultPorts[url.protocol] === undefined) {
    throw callerError('invalid-text', 'node URL: expected ws://<key>@<host> or wss://<key>@<host>')
  }
  return url
}

/**
 * Reads where a node is reached over WebSocket: `wss://<128 hex digits of its public key>@<host>[:port][/path]`, or `ws://…`.
 *
 * @throws TransportError `invalid-text`
 * @example
 * ```ts
 * parseWebSocketUrl(`wss://${key}@node.example.org/rlpx`).host // 'node.example.org'
 * ```
 */
export function parseWebSocketUrl(text: string): NodeAddress {
  const url = urlOf(text)
  if (!/^[0-9a-fA-F]{128}$/.test(url.username) || url.password !== '' || url.hash !== '') {
    throw callerError('invalid-text', 'node URL: expected 128 hex digits of a public key before the host')
  }
  const { publicKey } = parseEnode(url.username)
  const port = url.port === '' ? (defaultPorts[url.protocol] ?? 0) : Number(url.port)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  url.username = ''
  return { publicKey, host, port, url: url.href }
}

/**
 * Writes the URL at which others dial a node.
 *
 * @param at the WebSocket's own URL, without a key
 * @throws TransportError `invalid-text` unless that is a ws or wss URL
 *
 * @example
 * ```ts
 * formatWebSocketUrl(publicKey, 'wss://node.example.org/rlpx') // 'wss://…@node.example.org/rlpx'
 * ```
 */
export function formatWebSocketUrl(publicKey: Uint8Array, at: string): string {
  check.bytes('publicKey', publicKey, 65)
  const url = urlOf(at)
  url.username = bytesToHex(publicKey.subarray(1))
  return url.href
}

/** @param publicUrl what others dial where that is not the address we listen at: behind a proxy */
export function webSocketAddresses(publicUrl: string | undefined, path: string): AddressFormat {
  return {
    parse: parseWebSocketUrl,
    format: ({ publicKey, host, port }) =>
      formatWebSocketUrl(publicKey, publicUrl ?? `ws://${host.includes(':') ? `[${host}]` : host}:${port}${path}`)
  }
}
