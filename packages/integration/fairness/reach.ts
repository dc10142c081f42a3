import type { PeerLink } from '@status-stack/interface'
import { createLinkPair } from '@status-stack/interface/testing'

/** A link to a node, from outside. */
export interface Connection {
  readonly link: PeerLink
  /** Settles when the node ended the link: `undefined` for a goodbye, an error's code otherwise. */
  readonly ended: Promise<string | undefined>
  /** Ends it without a goodbye. */
  readonly cut: () => void
}

/** Who connects. */
export interface Caller {
  readonly id: string
  readonly address: string
  /** Packets on the way before `send` waits: what a socket's buffers hold. */
  readonly capacity: number
}

/** What takes links, in this process or in another. */
export interface Reachable {
  readonly connect: (caller: Caller) => Promise<Connection>
  /** Resolves when the node has taken this peer in, or has ended its link. */
  readonly ready: (peerId: string) => Promise<void>
  /** The node's user trusts the peer. */
  readonly trust: (peerId: string) => Promise<void>
}

/** A node, or a client around one. */
export interface Attachable {
  readonly attach: (link: PeerLink) => Promise<void>
  readonly peers: () => readonly { readonly peerId: string }[]
  readonly trustPeer?: (peerId: string) => void
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'error'
}

/** Attaches a link and keeps in mind how it ends. */
export const attachTo = (node: Attachable, link: PeerLink): Promise<string | undefined> =>
  node.attach(link).then(
    () => undefined,
    error => codeOf(error)
  )

/** Waits for a peer to be among those of the node, unless its link has ended before. */
export async function takenIn(node: Attachable, peerId: string, ended: Promise<unknown> | undefined): Promise<void> {
  let open = true
  void ended?.then(() => {
    open = false
  })
  while (open && !node.peers().some(peer => peer.peerId === peerId))
    await new Promise(resolve => setTimeout(resolve, 1))
}

/** A node in this process. */
export function reachOf(node: Attachable): Reachable {
  const ends = new Map<string, Promise<unknown>>()
  return {
    connect: async ({ id, address, capacity }) => {
      const { left, right, cut } = createLinkPair({ left: 'f'.repeat(64), right: id, rightAddress: address, capacity })
      const ended = attachTo(node, left)
      ends.set(id, ended)
      void ended.then(cut)
      return { link: right, ended, cut }
    },
    ready: peerId => takenIn(node, peerId, ends.get(peerId)),
    trust: async peerId => node.trustPeer?.(peerId)
  }
}
