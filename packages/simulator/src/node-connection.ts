import { bytesToHex, keccak256, utf8Bytes } from '@status-stack/crypto'
import type { PeerLink } from '@status-stack/interface'
import { type Channel, linkOf } from './connection.ts'

/** What a network links: a relay, a client, or anything else that takes links. */
export interface SimulatedNode {
  /** Gets its end of each link, and settles when the link has ended. */
  readonly attach: (link: PeerLink) => Promise<void>
}

/** Two nodes that know each other: the link between them can break and come back. */
export interface Connection {
  /** Name of the node that dialed. */
  readonly from: string
  /** Name of the other node. */
  readonly to: string
  /** Whether packets pass now. */
  readonly isUp: () => boolean
  /** Breaks it without a goodbye; what is under way is gone. */
  readonly cut: () => void
  /** Links the nodes again, as a new dial does. Does nothing while it is up or the nodes are apart. */
  readonly restore: () => void
}

/**
 * The peer id of a node of this name, 64 hex digits.
 *
 * @example
 * ```ts
 * whisper.trustPeer(peerIdOf('relay'))
 * ```
 */
export const peerIdOf = (name: string): string => bytesToHex(keccak256(utf8Bytes(`simulated node ${name}`)))

/** A code of an error, or its class: what stays the same from run to run. */
const reasonOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'failed'

/** What a connection needs of its network. */
export interface ConnectionParts {
  readonly from: string
  readonly to: string
  readonly isTrusted: boolean
  /** Makes both directions anew, `from` → `to` first. */
  readonly channels: () => readonly [Channel, Channel]
  /** Whether the two may be linked now. */
  readonly mayLink: () => boolean
  /** The nodes as they are now: a process may have come back under its name. */
  readonly nodes: readonly [from: () => SimulatedNode, to: () => SimulatedNode]
  readonly note: (kind: 'up' | 'down', reason?: string) => void
}

/** Two nodes that know each other, down at first. */
export function createConnection({ from, to, isTrusted, channels, mayLink, nodes, note }: ConnectionParts): Connection {
  let running: readonly Channel[] = []
  const end = (reason: string): void => {
    if (running.length === 0) return
    const ended = running
    running = []
    for (const channel of ended) channel.end()
    note('down', reason)
  }
  const attach = (node: SimulatedNode, link: PeerLink, close: (reason: string) => void): void => {
    node.attach(link).then(
      () => close('done'),
      error => close(reasonOf(error))
    )
  }
  return {
    from,
    to,
    isUp: () => running.length > 0,
    cut: () => end('cut'),
    restore: () => {
      if (running.length > 0 || !mayLink()) return
      const both = channels()
      const [there, back] = both
      running = both
      note('up')
      const close = (reason: string): void => {
        if (running === both) end(reason)
      }
      attach(nodes[0](), linkOf(peerIdOf(to), isTrusted, there, back, close), close)
      attach(nodes[1](), linkOf(peerIdOf(from), isTrusted, back, there, close), close)
    }
  }
}
