import type { PeerLink } from '../ports.ts'

/**
 * What a test does to packets on their way. Answers whether the packet goes through now; `forward` sends a dropped one later, once
 * or more often.
 */
export type PacketFilter = (
  packet: { readonly code: number; readonly payload: Uint8Array },
  forward: () => void
) => boolean

export interface LinkPair {
  readonly a: PeerLink
  readonly b: PeerLink
  /** Ends both directions, as a cut cable does. */
  readonly cut: () => void
}

interface Pipe {
  readonly push: (packet: { readonly code: number; readonly payload: Uint8Array }) => void
  readonly end: () => void
  readonly read: () => AsyncIterable<{ readonly code: number; readonly payload: Uint8Array }>
}

function createPipe(): Pipe {
  // BOUNDED: in-memory test link, emptied by its one reader
  const waiting: { readonly code: number; readonly payload: Uint8Array }[] = []
  let ended = false
  let wake: () => void = () => {}
  return {
    push: packet => {
      if (ended) return
      waiting.push(packet)
      wake()
    },
    end: () => {
      ended = true
      wake()
    },
    read: async function* () {
      for (;;) {
        const packet = waiting.shift()
        if (packet !== undefined) yield packet
        else if (ended) return
        else {
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
      }
    }
  }
}

/** Two ends of one in-memory link. `idA` is the peer id (64 hex digits) of who holds end `a`. */
export function linkPair(
  idA: string,
  idB: string,
  filters: { readonly toA?: PacketFilter | undefined; readonly toB?: PacketFilter | undefined } = {}
): LinkPair {
  const toA = createPipe()
  const toB = createPipe()
  const cut = (): void => {
    toA.end()
    toB.end()
  }
  const end = (peerId: string, inbound: Pipe, outbound: Pipe, filter: PacketFilter | undefined): PeerLink => ({
    peerId,
    flags: { static: true, trusted: true },
    packets: inbound.read,
    send: async (code, payload) => {
      const packet = { code, payload: Uint8Array.from(payload) }
      if (filter === undefined || filter(packet, () => outbound.push(packet))) outbound.push(packet)
    },
    close: async () => cut()
  })
  return { a: end(idB, toA, toB, filters.toB), b: end(idA, toB, toA, filters.toA), cut }
}
