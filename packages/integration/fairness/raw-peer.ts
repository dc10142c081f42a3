import type { PeerLink } from '@status-stack/interface'
import { createLinkPair } from '@status-stack/interface/testing'
import { encodeStatus, packetCodes } from '@status-stack/whisper/wire'

/** A peer without a node behind it: packets are made by hand, and nothing it does costs CPU beyond the copy on its link. */
export interface RawPeer {
  readonly id: string
  readonly send: (code: number, payload: Uint8Array) => Promise<void>
  /** Called with each packet from the node. */
  readonly onPacket: (listener: (code: number, payload: Uint8Array) => void) => void
  /** Settles when the node ended the link: `undefined` for a goodbye, an error's code otherwise. */
  readonly ended: Promise<string | undefined>
  readonly isOpen: () => boolean
  readonly close: () => Promise<void>
}

/** Which peer, and how it behaves. */
export interface RawPeerOptions {
  /** Different numbers have different ids and addresses. */
  readonly number: number
  /** Reads nothing from the node. @default false */
  readonly deaf?: boolean
  /** The node's user trusts it, as one trusts a mailserver: its packets 124, 125 and 127 count. @default false */
  readonly trusted?: boolean
  /** 64 bytes: what it wants to hear. @default nothing, so that a handshake does not send it the whole pool */
  readonly bloom?: Uint8Array
  /** Packets on the way before `send` waits: what a socket's buffers hold. @default 8 */
  readonly capacity?: number
}

/** What takes links: a node, or a client around one. */
export interface Attachable {
  readonly attach: (link: PeerLink) => Promise<void>
  readonly peers: () => readonly { readonly peerId: string }[]
  readonly trustPeer?: (peerId: string) => void
}

/** Addresses of documentation networks: rate limits take them for strangers, unlike loopback. */
const addressOf = (number: number): string => `198.51.${100 + (number >> 8)}.${number & 0xff}`

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'error'
}

/** Attaches a hand-made peer to a node and shakes hands. */
export async function attachRawPeer(node: Attachable, options: RawPeerOptions): Promise<RawPeer> {
  const id = options.number.toString(16).padStart(64, '0')
  const pair = createLinkPair({
    left: 'f'.repeat(64),
    right: id,
    rightAddress: addressOf(options.number),
    capacity: options.capacity ?? 8
  })
  let open = true
  const ended = node.attach(pair.left).then(
    () => undefined,
    error => codeOf(error)
  )
  void ended.then(() => {
    open = false
    pair.cut()
  })
  const listeners: ((code: number, payload: Uint8Array) => void)[] = []
  const greeted = new Promise<void>(resolve =>
    listeners.push(code => (code === packetCodes.status ? resolve() : undefined))
  )
  void (async () => {
    for await (const { code, payload } of pair.right.packets()) {
      for (const listener of listeners) listener(code, payload)
      if (options.deaf === true) return
    }
  })()
  await pair.right.send(
    packetCodes.status,
    encodeStatus({ minPow: 0, bloom: options.bloom ?? new Uint8Array(64), light: false, confirmations: true })
  )
  await greeted
  // It may have greeted us and not yet have read our Status.
  while (open && !node.peers().some(({ peerId }) => peerId === id)) await new Promise(resolve => setImmediate(resolve))
  if (options.trusted === true) node.trustPeer?.(id)
  return {
    id,
    send: (code, payload) => pair.right.send(code, payload),
    onPacket: listener => void listeners.push(listener),
    ended,
    isOpen: () => open,
    close: () => pair.right.close('done')
  }
}
