import { encodeStatus, packetCodes } from '@status-stack/whisper/wire'
import type { Caller, Reachable } from './reach.ts'

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

/** How a peer behaves. */
export interface RawPeerOptions {
  /** Reads nothing from the node. @default false */
  readonly deaf?: boolean
  /** The node's user trusts it, as one trusts a mailserver: its packets 124, 125 and 127 count. @default false */
  readonly trusted?: boolean
  /** 64 bytes: what it wants to hear. @default nothing, so that a handshake does not send it the whole pool */
  readonly bloom?: Uint8Array
  /** Packets on the way before `send` waits: what a socket's buffers hold. @default 8 */
  readonly capacity?: number
}

let callers = 0

/** Somebody new. Addresses are of documentation networks: rate limits take them for strangers, unlike loopback. */
export function newCaller(capacity = 8): Caller {
  callers += 1
  const id = `${process.pid.toString(16)}${callers.toString(16).padStart(8, '0')}`.padStart(64, '0')
  return { id, address: `198.51.${100 + ((callers >> 8) & 0x7f)}.${callers & 0xff}`, capacity }
}

/** Attaches a hand-made peer to a node and shakes hands. */
export async function attachRawPeer(node: Reachable, options: RawPeerOptions = {}): Promise<RawPeer> {
  const caller = newCaller(options.capacity)
  const { link, ended, cut } = await node.connect(caller)
  let open = true
  void ended.then(() => {
    open = false
    cut()
  })
  const listeners: ((code: number, payload: Uint8Array) => void)[] = []
  const greeted = new Promise<void>(resolve =>
    listeners.push(code => (code === packetCodes.status ? resolve() : undefined))
  )
  void (async () => {
    for await (const { code, payload } of link.packets()) {
      for (const listener of listeners) listener(code, payload)
      if (options.deaf === true) return
    }
  })()
  await link.send(
    packetCodes.status,
    encodeStatus({ minPow: 0, bloom: options.bloom ?? new Uint8Array(64), light: false, confirmations: true })
  )
  await greeted
  // It may have greeted us and not yet have read our Status.
  await node.ready(caller.id)
  if (options.trusted === true) await node.trust(caller.id)
  return {
    id: caller.id,
    send: (code, payload) => link.send(code, payload),
    onPacket: listener => void listeners.push(listener),
    ended,
    isOpen: () => open,
    close: () => link.close('done')
  }
}
