import {
  aesGcmOpenWithNonce,
  aesGcmSealWithNonce,
  bytesToHex,
  hexToBytes,
  hkdfSha256,
  randomBytes,
  utf8Bytes
} from '@status-stack/crypto'
import { parseWebSocketUrl } from '@status-stack/websocket-transport'
import { PageError } from '../errors.ts'
import { limits } from '../limits.ts'

/** Where an account connects to. */
export interface Settings {
  /** Nodes, as WebSocket URLs with their keys. */
  readonly nodes: readonly string[]
  /** Nodes that keep messages, best first; they are connected to as well. */
  readonly mailservers: readonly string[]
  /** Whether the node of the page's own server is joined, where there is one. */
  readonly own: boolean
}

export const firstSettings: Settings = Object.freeze({ nodes: [], mailservers: [], own: true })

const nonceBytes = 12

const settingsKey = (storageKey: Uint8Array): Uint8Array =>
  hkdfSha256(storageKey, new Uint8Array(32), utf8Bytes('status-stack/web-settings/1'), 32)

/** Checks one address as a person types it. @throws PageError `address` */
export function checkAddress(text: string): string {
  const address = text.trim()
  try {
    if (address.length > limits.addressCharacters) throw new Error('too long')
    parseWebSocketUrl(address)
    return address
  } catch {
    throw new PageError('address', 'this is not the address of a node: it looks like wss://<128 hex digits>@host/path')
  }
}

/** Checks all addresses. @throws PageError `address`, `too-many` */
export function checkSettings({ nodes, mailservers, own }: Settings): Settings {
  for (const list of [nodes, mailservers]) {
    if (list.length > limits.nodes) throw new PageError('too-many', `at most ${limits.nodes} addresses`)
  }
  const once = (list: readonly string[]): readonly string[] => [...new Set(list.map(checkAddress))]
  return { nodes: once(nodes), mailservers: once(mailservers), own }
}

/** Settings as hex, encrypted under a key that follows from the storage key: whom an account connects to is its own affair. */
export function sealSettings(settings: Settings, storageKey: Uint8Array): string {
  const text = JSON.stringify(checkSettings(settings))
  return bytesToHex(aesGcmSealWithNonce(settingsKey(storageKey), randomBytes(nonceBytes), utf8Bytes(text)))
}

/** What `sealSettings` made. @throws PageError `settings-damaged` */
export function openSettings(sealed: string, storageKey: Uint8Array): Settings {
  try {
    const opened = aesGcmOpenWithNonce(settingsKey(storageKey), hexToBytes(sealed))
    const { nodes, mailservers, own } = JSON.parse(new TextDecoder().decode(opened)) as Settings
    return checkSettings({ nodes, mailservers, own: own !== false })
  } catch {
    throw new PageError('settings-damaged', 'the addresses of the nodes cannot be read: enter them again')
  }
}
