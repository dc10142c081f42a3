import { parseWebSocketUrl } from '@status-stack/websocket-transport'
import { limits } from '../limits.ts'

/** What the server of the page says about its own node. */
export interface OwnNode {
  /** `ws://<key>@host:port/path`. */
  readonly url: string
  /** Whether it keeps messages for those who are away. */
  readonly mailserver: boolean
}

/** Reads the text of `node.json`; undefined when it is none. */
export function readNodeFile(text: string): OwnNode | undefined {
  if (text.length > limits.nodeFileCharacters) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('url' in value) || typeof value.url !== 'string')
      return undefined
    parseWebSocketUrl(value.url)
    return { url: value.url, mailserver: 'mailserver' in value && value.mailserver === true }
  } catch {
    return undefined
  }
}

/**
 * Asks the page's own origin which node belongs to it. A page that is only files has none, and an account opens without an answer too: what it
 * keeps can be read, and written, where no network is.
 */
export async function fetchOwnNode(
  fetchFile: typeof fetch = fetch,
  waitMs: number = limits.nodeFileMs
): Promise<OwnNode | undefined> {
  try {
    const signal = AbortSignal.timeout(waitMs)
    const response = await fetchFile('node.json', { cache: 'no-store', redirect: 'error', signal })
    if (!response.ok) return undefined
    return readNodeFile(await response.text())
  } catch {
    return undefined
  }
}
