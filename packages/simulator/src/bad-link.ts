/**
 * A real link made worse, in real time: for demonstrations of a client on a bad network, and its tests.
 *
 * @packageDocumentation
 */
import type { PeerLink } from '@status-stack/interface'

/** How a link behaves, the same both ways. */
export interface BadNetwork {
  /** Share of packets that are lost, 0…1. */
  readonly loss: number
  /** Longest delay of a packet, milliseconds; each gets a random part of it, so packets overtake each other. */
  readonly delayMs: number
  /** Share of packets that arrive twice, 0…1. */
  readonly dup: number
}

const statusCode = 0
/** BOUNDED: packets under way at once; further ones are lost, as by a full buffer. */
const maxDelayed = 1000

/**
 * The link as a bad network would carry it. The Status handshake passes unharmed: without it there is no link at all.
 *
 * @param random numbers in [0, 1)
 * @example
 * ```ts
 * const worse = badLink(link, { loss: 0.2, delayMs: 300, dup: 0.1 })
 * ```
 */
export function badLink(link: PeerLink, network: BadNetwork, random: () => number = Math.random): PeerLink {
  let underWay = 0
  /** Calls `deliver` as often as the packet arrives, each time when it does. */
  const carry = (deliver: () => void): void => {
    const copies = random() < network.loss ? 0 : random() < network.dup ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      if (network.delayMs === 0) deliver()
      else if (underWay < maxDelayed) {
        underWay++
        setTimeout(() => {
          underWay--
          deliver()
        }, random() * network.delayMs).unref()
      }
    }
  }
  return {
    peerId: link.peerId,
    ...(link.remoteAddress === undefined ? {} : { remoteAddress: link.remoteAddress }),
    flags: link.flags,
    close: link.close,
    send: async (code, payload, options) => {
      if (code === statusCode) return link.send(code, payload, options)
      // A packet that is late finds the link as it is then; if it has ended, it is lost like any other.
      carry(() => void link.send(code, payload).catch(() => {}))
    },
    packets: () => ({
      [Symbol.asyncIterator]: () => inbound(link, carry)
    })
  }
}

type Packet = { readonly code: number; readonly payload: Uint8Array }

async function* inbound(link: PeerLink, carry: (deliver: () => void) => void): AsyncGenerator<Packet> {
  const arrived: Packet[] = []
  let wake = (): void => {}
  let ended = false
  let failure: unknown
  const reading = (async () => {
    for await (const packet of link.packets()) {
      const deliver = (): void => {
        arrived.push(packet)
        wake()
      }
      if (packet.code === statusCode) deliver()
      else carry(deliver)
    }
  })()
    .catch(error => {
      failure = error
    })
    .finally(() => {
      ended = true
      wake()
    })
  for (;;) {
    for (let packet = arrived.shift(); packet !== undefined; packet = arrived.shift()) yield packet
    if (ended) break
    await new Promise<void>(resolve => {
      wake = resolve
      if (ended || arrived.length > 0) resolve()
    })
  }
  await reading
  if (failure !== undefined) throw failure
}
